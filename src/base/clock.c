/* SPDX-License-Identifier: MIT
 *
 * Clock, calendar arithmetic and IANA zones.
 *
 * Zones go through the C library: TZ is set, tzset() reads the file, and the
 * last zone stays loaded, so that runs of one zone cost nothing. This is safe
 * because every process here has one thread.
 */
#include "base/clock.h"

#include <unistd.h>

#include "base/err.h"

#define ZONE_NAME_MAX 64 /* bytes; the longest real one has 32 */
#define INSTANTS_KEPT 128
#define ZONE_DIR      "/usr/share/zoneinfo/"

static bool pinned;
static int64_t pinned_now;
static char loaded_zone[ZONE_NAME_MAX + 1]; /* what TZ is set to; empty at start */

int64_t clock_now(void)
{
	return pinned ? pinned_now : (int64_t)time(NULL);
}

void clock_set(int64_t now)
{
	pinned = true;
	pinned_now = now;
}

int64_t clock_mono_ms(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool leap(int64_t y)
{
	return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

bool date_valid(int64_t year, int64_t month, int64_t day)
{
	static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= days[month - 1] + (month == 2 && leap(year) ? 1 : 0);
}

/* Days and civil dates: Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms" (eras of 400 years that begin on 1 March). */
int64_t date_days(struct date d)
{
	int64_t y = d.year - (d.month <= 2 ? 1 : 0);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct date date_from_days(int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int64_t month = mp < 10 ? mp + 3 : mp - 9;
	return (struct date){
		.year = (int16_t)(yoe + era * 400 + (month <= 2 ? 1 : 0)),
		.month = (int8_t)month,
		.day = (int8_t)(doy - (153 * mp + 2) / 5 + 1),
	};
}

int date_cmp(struct date a, struct date b)
{
	if (!date_known(a) || !date_known(b))
		return (int)date_known(b) - (int)date_known(a);
	int64_t x = date_days(a), y = date_days(b);
	return (x > y) - (x < y);
}

int date_weekday(struct date d)
{
	int64_t w = (date_days(d) + 3) % 7; /* 1970-01-01 was a Thursday */
	return (int)(w < 0 ? w + 7 : w);
}

static bool zone_path(struct str zone, char path[static 128])
{
	if (zone.n == 0 || zone.n > ZONE_NAME_MAX || zone.p[0] == '/')
		return false;
	for (size_t i = 0; i < zone.n; i++) {
		char c = zone.p[i];
		bool ok = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			  c == '/' || c == '_' || c == '-' || c == '+';
		if (!ok)
			return false;
	}
	(void)snprintf(path, 128, ZONE_DIR "%.*s", STRF(zone));
	return true;
}

bool zone_valid(struct str zone)
{
	char path[128], magic[4] = {0};
	if (!zone_path(zone, path))
		return false;
	FILE *f = fopen(path, "rb");
	if (f == NULL)
		return false;
	size_t n = fread(magic, 1, sizeof(magic), f);
	(void)fclose(f);
	return n == sizeof(magic) && memcmp(magic, "TZif", 4) == 0;
}

static void load_zone(struct str zone)
{
	if (!str_eq(str_of(loaded_zone), zone)) {
		char path[128];
		if (!zone_path(zone, path) || !zone_valid(zone))
			zone = STR("UTC");
		(void)snprintf(loaded_zone, sizeof(loaded_zone), "%.*s", STRF(zone));
		if (setenv("TZ", loaded_zone, 1) != 0)
			die("out of memory");
		tzset();
	}
}

static bool is_utc(struct str zone)
{
	return str_eq(zone, STR("UTC"));
}

/* UTC needs no rules: whoever goes to and fro between it and a zone loads that once. */
static struct civil utc_civil(int64_t at)
{
	int64_t days = at / DAY_SECONDS - (at % DAY_SECONDS < 0), rest = at - days * DAY_SECONDS;
	return (struct civil){
		.date = date_from_days(days),
		.hour = (int8_t)(rest / 3600),
		.minute = (int8_t)(rest / 60 % 60),
		.second = (int8_t)(rest % 60),
	};
}

struct civil zone_civil(struct str zone, int64_t at)
{
	if (is_utc(zone))
		return utc_civil(at);
	load_zone(zone);
	struct tm tm;
	time_t t = (time_t)at;
	if (localtime_r(&t, &tm) == NULL)
		die("time %lld cannot be shown", (long long)at);
	return (struct civil){
		.date = {(int16_t)(tm.tm_year + 1900), (int8_t)(tm.tm_mon + 1), (int8_t)tm.tm_mday},
		.hour = (int8_t)tm.tm_hour,
		.minute = (int8_t)tm.tm_min,
		.second = (int8_t)(tm.tm_sec > 59 ? 59 : tm.tm_sec),
	};
}

/* Offset of the zone from UTC at an instant, in seconds. */
static int64_t offset_at(struct str zone, int64_t at)
{
	load_zone(zone);
	struct tm tm;
	time_t t = (time_t)at;
	return localtime_r(&t, &tm) == NULL ? 0 : tm.tm_gmtoff;
}

/* `wall` seconds since 1970 on the clocks of the zone -> the instant. */
static int64_t instant_of(struct str zone, int64_t wall)
{
	/* A day on either side no zone has two changes: the offsets before and
	 * after the change that may lie near are the only candidates. */
	int64_t before = offset_at(zone, wall - DAY_SECONDS), after = offset_at(zone, wall + DAY_SECONDS);
	int64_t first = wall - before;
	if (offset_at(zone, first) == before || offset_at(zone, wall - after) != after)
		return first;
	return wall - after;
}

int64_t zone_instant(struct str zone, struct civil c)
{
	/* A mail asks for each of its deadlines a dozen times. */
	static struct {
		char zone[ZONE_NAME_MAX + 1];
		int64_t wall, instant;
	} kept[INSTANTS_KEPT];
	int64_t wall = date_days(c.date) * DAY_SECONDS + c.hour * 3600 + c.minute * 60 + c.second;
	if (is_utc(zone))
		return wall;
	if (zone.n == 0 || zone.n > ZONE_NAME_MAX)
		return instant_of(zone, wall);
	size_t i = (size_t)((uint64_t)(date_days(c.date) + c.minute) % INSTANTS_KEPT);
	if (kept[i].wall != wall || !str_eq(str_of(kept[i].zone), zone)) {
		kept[i].wall = wall;
		kept[i].instant = instant_of(zone, wall);
		(void)snprintf(kept[i].zone, sizeof(kept[i].zone), "%.*s", STRF(zone));
	}
	return kept[i].instant;
}

struct str date_iso(struct arena *a, struct date d)
{
	return str_of(arena_printf(a, "%04d-%02d-%02d", d.year, d.month, d.day));
}

struct str instant_iso(struct arena *a, int64_t at)
{
	struct civil c = zone_civil(STR("UTC"), at);
	return str_of(arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.date.year, c.date.month, c.date.day,
		c.hour, c.minute, c.second));
}

/* Fixed-width digits at `at`. */
static bool digits(struct str s, size_t at, size_t n, int64_t *out)
{
	return at + n <= s.n && s.p[at] != '-' && str_to_i64(str_sub(s, at, at + n), 0, 9999, out);
}

bool date_from_iso(struct str s, struct date *out)
{
	int64_t y, m, d;
	if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' || !digits(s, 0, 4, &y) || !digits(s, 5, 2, &m) ||
		!digits(s, 8, 2, &d) || !date_valid(y, m, d))
		return false;
	*out = (struct date){(int16_t)y, (int8_t)m, (int8_t)d};
	return true;
}

/* "Z" or "+hh:mm" -> seconds east of UTC. */
static bool iso_offset(struct str s, int64_t *out)
{
	int64_t h, m;
	if (str_eq(s, STR("Z"))) {
		*out = 0;
		return true;
	}
	if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-') || s.p[3] != ':' || !digits(s, 1, 2, &h) ||
		!digits(s, 4, 2, &m) || h > 14 || m > 59)
		return false;
	*out = (h * 3600 + m * 60) * (s.p[0] == '-' ? -1 : 1);
	return true;
}

bool instant_from_iso(struct str s, int64_t *out)
{
	struct date d;
	int64_t h = 0, m = 0, sec = 0, offset = 0;
	if (!date_from_iso(str_sub(s, 0, 10), &d))
		return false;
	if (s.n > 10) {
		bool shape = s.n >= 20 && s.p[10] == 'T' && s.p[13] == ':' && s.p[16] == ':';
		if (!shape || !digits(s, 11, 2, &h) || !digits(s, 14, 2, &m) || !digits(s, 17, 2, &sec) ||
			h > 23 || m > 59 || sec > 59 || !iso_offset(str_sub(s, 19, s.n), &offset))
			return false;
	}
	*out = date_days(d) * DAY_SECONDS + h * 3600 + m * 60 + sec - offset;
	return true;
}
