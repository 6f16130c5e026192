/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Nudges: now and then a thread that passes a seam of the map is delayed, so that others come in
 * between. And what passed where is counted.
 */
#ifndef RCUMAP_STRESS_NUDGE_H
#define RCUMAP_STRESS_NUDGE_H

#include "../../lib/seam.h"
#include "../rng.h"

struct nudge {
	struct rng rng;
	unsigned int one_in; /* seams at which the thread gives up its processor; 0: none */
	uint64_t passed[SEAMS];
};

/* Sets the hook. Before there are threads. */
void nudge_begin(void);

/* From now on the calling thread is nudged as @nudge says; NULL: not any more. */
void nudge_me(struct nudge *nudge);

/* Waits for up to @turns turns of a loop. */
void nudge_spin(struct rng *rng, unsigned int turns);

#endif
