/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * A second judge, to judge the judge by: it tries all orders of up to a handful of operations, and
 * runs each on a map that does one thing at a time.
 */
#ifndef RCUMAP_STRESS_BRUTE_H
#define RCUMAP_STRESS_BRUTE_H

#include <stdbool.h>

#include "history.h"

/* A map that does one thing at a time. */
struct naive {
	uint32_t value[HISTORY_KEYS];
};

/* Does what @op's arguments say; fills in its answer and results. A range or count is exact. */
void naive_do(struct naive *map, struct operation *op, unsigned int keys);

/* The number of inserts, deletes and clears in @history that overlap @op. */
unsigned int brute_overlapping(const struct history *history, const struct operation *op);

/* Whether some order of all operations explains all answers. */
bool brute_judge(const struct history *history);

#endif
