/* SPDX-License-Identifier: MIT
 *
 * fmt: lays files out in the one way there is.
 */
#include "cli/cli.h"

/* Says what is wrong with a file, or brings it into form; with `check`, only says
 * that it is not. True when all is well. */
static bool format_file(struct cli *c, const char *path, bool check)
{
	struct error e;
	struct str bytes, formed;
	struct diags d = {.a = c->a};
	enum err rc = file_read(c->a, path, CONF_FILE_MAX, &bytes, &e);
	if (rc != ERR_OK)
		return cli_end(rc, &e) == EXIT_OK;
	if (!conf_format(c->a, str_of(path), bytes, &d, &formed)) {
		diags_print(&d, stderr);
		return false;
	}
	if (strcmp(path, "-") == 0) {
		(void)fwrite(formed.p, 1, formed.n, stdout);
		return true;
	}
	if (str_eq(bytes, formed))
		return true;
	printf("%s%s\n", path, check ? " is not laid out; 'fundwatch fmt' does it" : " laid out");
	return check ? false : cli_end(file_write(path, formed, &e), &e) == EXIT_OK;
}

int cmd_fmt(struct cli *c)
{
	bool check = false, ok = true;
	const struct option_spec specs[] = {{"check", NULL, &check}};
	if (!cli_options(c, specs, COUNT(specs), 1, 100000))
		return EXIT_USAGE;
	for (int i = 0; i < c->argc; i++)
		ok = format_file(c, c->argv[i], check) && ok;
	return ok ? EXIT_OK : EXIT_FAILED;
}
