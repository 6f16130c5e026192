/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * What a run has been through: counters, the names under which they are printed, and which of them
 * must have moved.
 */
#ifndef RCUMAP_STRESS_REPORT_H
#define RCUMAP_STRESS_REPORT_H

#include "player.h"

struct report {
	uint64_t histories, overlapped; /* two operations on one key at a time */
	struct player total;		/* the sum of all players' counters */
};

/* Whether two operations on one key (or one of all keys) overlap. */
bool history_overlaps(const struct history *history);

/* Adds a player's counters up, and resets them. */
void report_add(struct report *report, struct player *player);

/* Prints all. If @all_profiles have run, says whether each counter has moved that should. */
bool report_print(const struct report *report, bool all_profiles);

#endif
