/* SPDX-License-Identifier: MIT
 *
 * The same bytes as HTML and as XML, by XPaths.
 */
#include "bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct recipe *html, *xml;
	static struct extractor *by_html, *by_xml;
	if (html == NULL) {
		html = fuzz_recipe("tests/fuzz/recipes/html.conf");
		xml = fuzz_recipe("tests/fuzz/recipes/xml.conf");
		by_html = extract_new(html);
		by_xml = extract_new(xml);
	}
	fuzz_page(by_html, html, fuzz_str(data, n));
	fuzz_page(by_xml, xml, fuzz_str(data, n));
	return 0;
}
