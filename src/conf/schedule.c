/* SPDX-License-Identifier: MIT
 *
 * When a digest is due. In: a schedule and an instant; out: the slot at or before
 * it, the slot after it. Slots are days of the schedule's zone at its local time,
 * so that they stay at 08:00 when the clocks change.
 */
#include "conf/conf.h"

#define SEARCH_DAYS                                                                                          \
	33 /* a slot is always found within so many days: the longest month, and the zone's edges */

static bool slot_day(const struct schedule *s, struct date d)
{
	switch (s->every) {
	case EVERY_NEVER:
		return false;
	case EVERY_DAY:
		return true;
	case EVERY_WEEK:
		return date_weekday(d) == s->day;
	case EVERY_MONTH:
		return d.day == s->day;
	}
	return false;
}

static int64_t slot_at(const struct schedule *s, struct date d)
{
	struct civil c = {.date = d, .hour = (int8_t)(s->minute / 60), .minute = (int8_t)(s->minute % 60)};
	return zone_instant(s->zone, c);
}

int64_t schedule_slot(const struct schedule *s, int64_t now)
{
	if (s->every == EVERY_NEVER)
		return INT64_MIN;
	int64_t today = date_days(zone_civil(s->zone, now).date);
	for (int64_t day = today + 1; day >= today - SEARCH_DAYS; day--) {
		struct date d = date_from_days(day);
		if (slot_day(s, d) && slot_at(s, d) <= now)
			return slot_at(s, d);
	}
	return INT64_MIN;
}

int64_t schedule_next(const struct schedule *s, int64_t now)
{
	if (s->every == EVERY_NEVER)
		return INT64_MAX;
	int64_t today = date_days(zone_civil(s->zone, now).date);
	for (int64_t day = today - 1; day <= today + SEARCH_DAYS; day++) {
		struct date d = date_from_days(day);
		if (slot_day(s, d) && slot_at(s, d) > now)
			return slot_at(s, d);
	}
	return INT64_MAX;
}
