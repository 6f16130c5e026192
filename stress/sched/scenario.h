/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * scenario.h - a case: a state in which the map begins, and what the threads A and B do to it, and
 * sometimes a third one, P; and how it is judged.
 *
 * When they have ended, thread F looks at what is there:
 * every key, range, count, rcumap__check(). Then the map is destroyed, all callbacks run, and all
 * memory and every value must have come back. The history is judged by stress/lin.
 */
#ifndef RCUMAP_STRESS_SCENARIO_H
#define RCUMAP_STRESS_SCENARIO_H

#include "explore.h"
#include "set.h"
#include "states.h"

enum { ACTIONS = 4, SCENARIO_NAME = 96 };

struct action {
	unsigned char kind, key;
};

struct program {
	unsigned int n;
	struct action action[ACTIONS];
};

struct scenario {
	char name[SCENARIO_NAME];
	const struct state *state;
	struct program program[3]; /* of A, B, and of P unless the state has a third thread */
	unsigned int workers;
};

struct subject scenario_subject(const struct scenario *scenario);

/* The histories that were judged in the latest search. */
const struct set *scenario_histories(void);

/* The same, which are the caller's from now on. */
struct set scenario_take_histories(void);

/* The history of the execution that has ended. */
void scenario_print_history(void);

#endif
