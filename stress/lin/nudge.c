/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * See nudge.h. To yield lets other threads of the team run on this processor, and is what makes
 * histories overlap on a machine with few; to spin lets those run that have one of their own.
 */
#include "nudge.h"

#include <sched.h>
#include <stddef.h>

enum { SPIN = 256 };

static _Thread_local struct nudge *mine;

void nudge_spin(struct rng *rng, unsigned int turns)
{
	for (unsigned int n = rng_below(rng, turns); n; n--)
		__asm__ __volatile__("" ::: "memory");
}

static void at_seam(enum rcumap_seam at)
{
	struct nudge *nudge = mine;

	if (!nudge)
		return;
	nudge->passed[at]++;
	if (!rng_one_in(&nudge->rng, nudge->one_in))
		return;
	if (rng_one_in(&nudge->rng, 2))
		sched_yield();
	else
		nudge_spin(&nudge->rng, SPIN);
}

void nudge_begin(void)
{
	rcumap__seam_hook = at_seam;
}

void nudge_me(struct nudge *nudge)
{
	mine = nudge;
}
