/* SPDX-License-Identifier: MIT
 *
 * Contrast as WCAG 2 defines it, and shades of a colour that reach it. In: the
 * colour of the settings; out: what links and buttons are drawn in.
 */
#include "render/brand.h"

#include <math.h>

#define OWN_BLUE "#0b57a4"
#define CONTRAST 4.5 /* of text, WCAG 2 level AA */
#define STEPS	 40  /* shades tried between the colour and black or white */

struct rgb {
	double c[3]; /* 0..255 */
};

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 32);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_colour(struct str s, struct rgb *out)
{
	if (s.n != 7 || s.p[0] != '#')
		return false;
	for (size_t i = 0; i < 3; i++) {
		int high = hex(s.p[1 + 2 * i]), low = hex(s.p[2 + 2 * i]);
		if (high < 0 || low < 0)
			return false;
		out->c[i] = high * 16 + low;
	}
	return true;
}

static double luminance(const struct rgb *x)
{
	static const double weights[] = {0.2126, 0.7152, 0.0722};
	double sum = 0;
	for (size_t i = 0; i < 3; i++) {
		double v = x->c[i] / 255;
		sum += weights[i] * (v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double contrast(const struct rgb *x, const struct rgb *y)
{
	double a = luminance(x), b = luminance(y);
	return a > b ? (a + 0.05) / (b + 0.05) : (b + 0.05) / (a + 0.05);
}

struct str brand_colour(struct arena *a, struct str colour, struct str background)
{
	struct rgb own, behind;
	if (!read_colour(background, &behind) ||
		(!read_colour(colour, &own) && !read_colour(STR(OWN_BLUE), &own)))
		return STR(OWN_BLUE);
	double end = luminance(&behind) > 0.18 ? 0 : 255;
	struct rgb shade = own;
	for (int step = 1; step <= STEPS && contrast(&shade, &behind) < CONTRAST; step++)
		for (size_t i = 0; i < 3; i++)
			shade.c[i] = round(own.c[i] + (end - own.c[i]) * step / STEPS);
	return str_of(arena_printf(
		a, "#%02x%02x%02x", (unsigned)shade.c[0], (unsigned)shade.c[1], (unsigned)shade.c[2]));
}
