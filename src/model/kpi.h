/* SPDX-License-Identifier: MIT
 *
 * The figures that a cluster reports (design.md section 9) and how they are
 * defined; filled by store/, printed by report/.
 */
#ifndef FW_MODEL_KPI_H
#define FW_MODEL_KPI_H

#include "model/model.h"

struct org_count {
	int64_t total;
	int64_t by_kind[ORG_COUNT];
};

struct kpi {
	int64_t identified;  /* opportunities first seen in the period */
	int64_t forwarded;   /* distinct opportunities with at least one forward in the period */
	struct org_count reached, engaged;
};

#endif
