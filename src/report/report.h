/* SPDX-License-Identifier: MIT
 *
 * Figures -> text and JSON. The definitions are printed with every report, so that
 * nobody has to ask what was counted.
 */
#ifndef FW_REPORT_REPORT_H
#define FW_REPORT_REPORT_H

#include "base/json.h"
#include "model/kpi.h"

struct report {
	struct str name;        /* of the cluster */
	struct date from, to;   /* both inclusive */
	struct str zone;        /* in which days are counted */
	struct kpi kpi;
};

/* The three sentences, word for word as they are reported, then the definitions. */
void report_text(struct buf *out, const struct report *r);
/* One object with the figures and the definitions. */
void report_json(struct buf *out, const struct report *r);

#endif
