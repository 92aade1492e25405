/* SPDX-License-Identifier: MIT
 *
 * Time. Instants are seconds since 1970-01-01T00:00:00Z (int64_t); calendar
 * dates are `struct date`, proleptic Gregorian, without a zone. What is due is
 * judged by clock_now(), which --now and tests set; intervals and time-outs use
 * clock_mono_ms(). Zones are IANA names, rules from the system's tz database
 * (Debian package tzdata) through the C library.
 */
#ifndef FW_BASE_CLOCK_H
#define FW_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/str.h"

#define DAY_SECONDS 86400

struct date {
	int16_t year; /* 1..9999; 0 = no date */
	int8_t month, day;
};

/* Wall-clock time in some zone; second may not be a leap second. */
struct civil {
	struct date date;
	int8_t hour, minute, second;
};

/* Now: the real clock, or what clock_set() pinned. */
int64_t clock_now(void);
/* Pins the wall clock; it then stands still. */
void clock_set(int64_t now);
/* Milliseconds of a clock that never jumps; never pinned. */
int64_t clock_mono_ms(void);

static inline bool date_known(struct date d) { return d.year != 0; }
/* Year 1..9999 and a day that this month has. */
bool date_valid(int64_t year, int64_t month, int64_t day);
/* Days since 1970-01-01, and back. */
int64_t date_days(struct date d);
struct date date_from_days(int64_t days);
/* As memcmp; an unknown date sorts behind all others. */
int date_cmp(struct date a, struct date b);
/* 0 = Monday ... 6 = Sunday. */
int date_weekday(struct date d);

/* Whether the tz database has this name ("Europe/Tallinn", "UTC"). */
bool zone_valid(struct str zone);
/* Wall-clock time of an instant in a zone (an unknown zone is read as UTC). */
struct civil zone_civil(struct str zone, int64_t at);
/* The instant of a wall-clock time. In the hour that does not exist when clocks
 * go forward: the instant it would be with the offset from before; in the hour
 * that occurs twice: the first. */
int64_t zone_instant(struct str zone, struct civil c);

/* "2026-12-15" and "2026-12-15T16:00:00Z" in the arena. */
struct str date_iso(struct arena *a, struct date d);
struct str instant_iso(struct arena *a, int64_t at);
/* Strict inverses; also "2026-12-15T18:00:00+02:00" and "2026-12-15" (as its
 * first second in UTC) for instants. */
bool date_from_iso(struct str s, struct date *out) NODISCARD;
bool instant_from_iso(struct str s, int64_t *out) NODISCARD;

#endif
