/* SPDX-License-Identifier: MIT
 *
 * What the files that fill a mail's value tree share.
 */
#ifndef FW_RENDER_SCENE_H
#define FW_RENDER_SCENE_H

#include "render/show.h"
#include "render/words.h"

#define NAME_CHARS  80	 /* of a profile, programme, funder or stage */
#define TITLE_CHARS 250	 /* of a call's title */
#define SHORT_CHARS 90	 /* of a title in the list, of the preheader */
#define WHO_CHARS   160	 /* of the eligibility text */
#define NOTE_CHARS  1000 /* of staff's note */

struct scene {
	struct arena *a;
	const struct digest *d;
	const struct render_frame *f;
	const struct language *l;
	struct date today;		  /* at the cluster */
	struct strv names;		  /* of the profiles in this mail, each once */
	size_t calls, changes, reminders; /* shown of each list, from its start */
	struct error *e;
};

/* ERR_LIMIT when the arena has no room for one more call. */
enum err scene_room(const struct scene *s) NODISCARD;
/* "A, B and 3 more"; `shown` alone when there are none. */
struct str scene_more(const struct scene *s, struct str shown, size_t more);
/* The first `max` of the list with `sep` between, "and 3 more" behind. */
struct str scene_join(const struct scene *s, const struct strv *list, size_t max, const char *sep);
/* The call's title, else its call id, else words that say that there is none. */
struct str scene_title(const struct scene *s, const struct opportunity *o, size_t max);
/* Title, link and the language they are in, for a heading. */
void scene_heading(const struct scene *s, struct view *v, const struct opportunity *o);
/* "15 December 2026, 17:00 Brussels, in 24 days (stage 1)" */
struct str scene_deadline(const struct scene *s, const struct deadline *d);

/* call.c: the answers that the reader can give for this profile. */
void scene_answers(const struct scene *s, struct view *v, const struct opportunity *o, struct str profile);

/* call.c, changed.c: one block of the mail each. */
enum err scene_call(const struct scene *s, struct view *v, const struct digest_call *call) NODISCARD;
enum err scene_change(const struct scene *s, struct view *v, const struct digest_change *c) NODISCARD;
enum err scene_reminder(const struct scene *s, struct view *v, const struct digest_reminder *r) NODISCARD;

/* subject.c */
struct str scene_subject(const struct scene *s);
/* The mail's first heading, what stands below it, and what a list of mails shows behind
 * the subject. */
struct str scene_headline(const struct scene *s);
struct str scene_also(const struct scene *s);
struct str scene_preheader(const struct scene *s);
/* The deadline of the new calls that passes first, or NULL. */
const struct deadline *scene_first_deadline(const struct scene *s);

/* calendar.c: ICS; empty without deadlines. */
enum err scene_calendar(const struct scene *s, struct str *out) NODISCARD;

#endif
