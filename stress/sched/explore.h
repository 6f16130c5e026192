/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * explore.h - trying all schedules of a case, up to a number of preemptions.
 *
 * At each point the explorer chooses who makes the next step. Going on with the thread that made the
 * last one, or with any if that one waits or has ended, costs nothing; leaving one that could go on
 * is a preemption. Only so many are allowed, which is where most mistakes are found and what keeps
 * the number of schedules in hand (an idea of the CHESS model checker). A worker between two callbacks waits for a grace
 * period, so leaving it is free.
 *
 * Two reductions, neither of which loses an outcome within the bound:
 *
 *   Points only where they matter. See machine.h: no point before a step on a word that is not
 *   shared, since it makes no difference whether the thread is preempted there or at its next step
 *   on a shared word (or not at all, if it waits or ends before that one).
 *
 *   States are not explored twice. Before a choice the whole state is hashed (state.h): memory,
 *   stacks, registers, the callbacks that wait, the operations so far with their answers and the
 *   order between them. What can follow depends on nothing but that, the thread that would have to be
 *   preempted, and how many preemptions are left. If all that was met before with as many left or
 *   more, whatever follows was explored; the schedule is pruned. This is sound with a bound on
 *   preemptions, which sleep sets by themselves are not: they count on a schedule of another order,
 *   which may need more preemptions than are allowed. What it counts on is that 64 bits of hash do
 *   not collide.
 *
 * Without a bound, the second reduction is stronger, since neither the number of preemptions nor the
 * thread that would be preempted tells states apart: then all schedules of a case often take less
 * time than those with 3 preemptions.
 *
 * test_schedules.c compares the histories with those of an exploration without either reduction.
 */
#ifndef RCUMAP_STRESS_EXPLORE_H
#define RCUMAP_STRESS_EXPLORE_H

#include <stdbool.h>

#include "schedule.h"

/* More than the greatest bound: as many preemptions as there can be. */
enum { EXPLORE_BOUND_MAX = 7, EXPLORE_UNBOUNDED };

/* What is explored. */
struct subject {
	const void *context;
	/* Brings about the initial state: machine_reset(), machine_start(), ... */
	void (*begin)(const void *context);
	/* A, B and P have ended: looks at the result. Fails by machine_fail(). */
	void (*end)(const void *context);
};

struct explore_options {
	unsigned int preemptions;
	unsigned long limit; /* of executions, after which the case is cut off; 0: none */
	double seconds;	     /* likewise; 0: none */
	bool without_reduction;
};

struct explore_result {
	unsigned long explored; /* executions to the end, each of them judged */
	unsigned long pruned;	/* that came to a state that was met before */
	unsigned long cut_off;	/* that were not begun because of the limit, at least so many */
	bool failed;
	bool misfit; /* a schedule that was replayed asks a thread to go on that can't */
	char message[512];
	char schedule[2048];
};

void explore(const struct subject *subject, const struct explore_options *options,
	     struct explore_result *result);

/* Runs one schedule, and goes on without preemptions where it ends. */
void explore_replay(const struct subject *subject, const struct schedule *schedule,
		    struct explore_result *result);

#endif
