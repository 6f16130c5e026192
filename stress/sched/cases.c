/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cases.c - the list of cases; see cases.h.
 */
#include "cases.h"

#include <stdio.h>
#include <string.h>

#include "actions.h"

/*
 * Pairs: all operations on key K, with themselves and with all others.
 */

static const unsigned char kinds[] = {
	OP_LOAD,
	OP_STORE,
	OP_SWAP,
	OP_LOAD_OR_STORE,
	OP_LOAD_AND_DELETE,
	OP_DELETE,
	OP_RANGE,
	OP_COMPARE_AND_SWAP,
	OP_COMPARE_AND_DELETE,
	OP_CLEAR,
	OP_COUNT,
	DO_DRAIN,
};

enum { KINDS = sizeof(kinds), PAIRS = KINDS * (KINDS + 1) / 2 };

static struct scenario pair_at(unsigned int pair, const struct state *state)
{
	struct scenario s = {.state = state, .workers = 1};
	unsigned int a = 0, b;

	for (; pair >= KINDS - a; a++)
		pair -= KINDS - a;
	b = a + pair;
	s.program[0] = (struct program){1, {{kinds[a], KEY_K}}};
	s.program[1] = (struct program){1, {{kinds[b], KEY_K}}};
	snprintf(s.name, sizeof(s.name), "%s+%s@%s", action_name(kinds[a]), action_name(kinds[b]),
		 state->name);
	return s;
}

/*
 * Programs: where one operation for each thread shows too little.
 */

struct listed {
	const char *name, *state;
	struct program program[2];
	unsigned int workers;
};

#define K(kind) \
	{ \
		kind, KEY_K \
	}
#define M(kind) \
	{ \
		kind, KEY_M \
	}
#define Q(kind) \
	{ \
		kind, KEY_Q \
	}

static const struct listed listed[] = {
	{"hit-then-miss",
	 "present",
	 {{2, {K(OP_DELETE), K(OP_STORE)}}, {2, {K(OP_LOAD), K(OP_LOAD)}}},
	 1},
	{"hit-then-miss",
	 "chained",
	 {{2, {K(OP_DELETE), K(OP_STORE)}}, {2, {K(OP_LOAD), K(OP_LOAD)}}},
	 1},
	{"hit-then-miss",
	 "moved",
	 {{2, {K(OP_DELETE), K(OP_STORE)}}, {2, {K(OP_LOAD), K(OP_LOAD)}}},
	 1},
	{"hit-then-miss",
	 "amended",
	 {{2, {K(OP_DELETE), K(OP_STORE)}}, {2, {K(OP_LOAD), K(OP_LOAD)}}},
	 1},
	{"reuse",
	 "present",
	 {{3, {K(OP_DELETE), K(OP_STORE), K(OP_DELETE)}}, {1, {K(OP_STORE)}}},
	 1},
	{"reuse",
	 "present",
	 {{3, {K(OP_DELETE), K(OP_STORE), K(OP_DELETE)}}, {1, {K(OP_SWAP)}}},
	 1},
	{"other-key",
	 "present",
	 {{2, {K(OP_DELETE), Q(OP_STORE)}}, {2, {K(OP_LOAD), Q(OP_LOAD)}}},
	 1},
	{"two-readers",
	 "absent",
	 {{2, {K(OP_STORE), K(OP_DELETE)}}, {2, {K(OP_LOAD), K(OP_LOAD)}}},
	 1},
	{"clear-promote", "promoting", {{1, {K(OP_CLEAR)}}, {1, {K(OP_CLEAR)}}}, 1},
	{"clear-promote", "promoting", {{2, {K(OP_CLEAR), K(OP_STORE)}}, {1, {K(OP_LOAD)}}}, 1},
	{"clear-store", "amended", {{2, {K(OP_CLEAR), K(OP_STORE)}}, {1, {Q(OP_STORE)}}}, 1},
	{"clear-twice", "present", {{2, {K(OP_CLEAR), K(OP_CLEAR)}}, {1, {K(OP_STORE)}}}, 1},
	{"clear-drain", "present", {{2, {K(OP_CLEAR), K(DO_DRAIN)}}, {1, {K(OP_STORE)}}}, 1},
	{"clear-drain", "moved", {{2, {K(OP_CLEAR), K(DO_DRAIN)}}, {1, {K(OP_LOAD)}}}, 1},
	{"pushes", "retiring", {{2, {K(OP_STORE), K(OP_STORE)}}, {1, {K(OP_STORE)}}}, 1},
	{"pushes", "armed", {{2, {K(OP_STORE), K(OP_STORE)}}, {1, {K(OP_LOAD)}}}, 1},
	{"pushes", "retiring", {{2, {K(OP_STORE), K(OP_STORE)}}, {1, {M(OP_STORE)}}}, 2},
	{"push-load", "retiring", {{2, {K(OP_STORE), K(OP_STORE)}}, {1, {K(OP_LOAD)}}}, 1},
	{"drain", "retiring", {{2, {K(OP_STORE), K(DO_DRAIN)}}, {1, {K(OP_STORE)}}}, 1},
	{"drain", "armed", {{2, {K(OP_DELETE), K(DO_DRAIN)}}, {1, {K(OP_LOAD)}}}, 1},
	{"idle-kick", "amended", {{1, {K(OP_DELETE)}}, {1, {M(OP_DELETE)}}}, 2},
	{"idle-kick", "shrinking", {{1, {K(OP_DELETE)}}, {1, {M(OP_DELETE)}}}, 2},
	{"idle-clear", "amended", {{1, {K(OP_DELETE)}}, {1, {K(OP_CLEAR)}}}, 2},
	{"idle-range", "amended", {{2, {K(OP_DELETE), K(OP_STORE)}}, {1, {K(OP_RANGE)}}}, 1},
	{"range", "amended", {{2, {M(OP_DELETE), K(OP_DELETE)}}, {1, {K(OP_RANGE)}}}, 1},
	{"range", "moved", {{2, {M(OP_DELETE), Q(OP_STORE)}}, {1, {K(OP_RANGE)}}}, 1},
	{"range", "present", {{2, {K(OP_DELETE), K(OP_STORE)}}, {1, {K(OP_RANGE)}}}, 1},
	{"range-clear", "growing", {{2, {K(OP_CLEAR), K(OP_STORE)}}, {1, {K(OP_RANGE)}}}, 1},
	{"count",
	 "amended",
	 {{2, {K(OP_DELETE), Q(OP_STORE)}}, {2, {K(OP_COUNT), K(OP_COUNT)}}},
	 1},
	{"dirty-full",
	 "dirty-full-fails",
	 {{2, {K(OP_DELETE), K(OP_STORE)}}, {1, {K(OP_LOAD)}}},
	 1},
	{"dirty-full", "dirty-full-fails", {{1, {K(OP_DELETE)}}, {1, {M(OP_DELETE)}}}, 1},
	{"dirty-full", "dirty-full-fails", {{1, {Q(OP_STORE)}}, {2, {K(OP_LOAD), Q(OP_LOAD)}}}, 1},
	{"destroy", "present", {{1, {K(OP_LOAD)}}, {1, {K(DO_DESTROY)}}}, 1},
	{"destroy", "present", {{1, {K(OP_DELETE)}}, {1, {K(DO_DESTROY)}}}, 1},
	{"destroy", "amended", {{1, {K(OP_DELETE)}}, {1, {K(DO_DESTROY)}}}, 2},
	{"destroy", "retiring", {{1, {K(OP_CLEAR)}}, {1, {K(DO_DESTROY)}}}, 1},
	{"destroy", "moved", {{1, {K(OP_RANGE)}}, {1, {K(DO_DESTROY)}}}, 1},
	{"destroy-wait",
	 "retiring",
	 {{1, {K(OP_CLEAR)}}, {2, {K(OP_DELETE), K(DO_DESTROY_WAIT)}}},
	 1},
	{"destroy-wait", "amended", {{1, {K(OP_STORE)}}, {1, {K(DO_DESTROY_WAIT)}}}, 1},
};

#undef K
#undef M
#undef Q

enum { LISTED = sizeof(listed) / sizeof(listed[0]) };

static void append_program(char *to, size_t size, const struct program *p)
{
	size_t at = strlen(to);

	for (unsigned int i = 0; i < p->n; i++, at = strlen(to))
		snprintf(to + at, size - at, "%s%s%s", i ? "," : "", action_name(p->action[i].kind),
			 p->action[i].key == KEY_M   ? "-M"
			 : p->action[i].key == KEY_Q ? "-Q"
						     : "");
}

static struct scenario program_at(unsigned int i)
{
	const struct listed *l = &listed[i];
	struct scenario s = {.state = state_named(l->state), .workers = l->workers};

	memcpy(s.program, l->program, sizeof(s.program));
	snprintf(s.name, sizeof(s.name), "program/%s:", l->name);
	append_program(s.name, sizeof(s.name), &s.program[0]);
	strncat(s.name, "+", sizeof(s.name) - strlen(s.name) - 1);
	append_program(s.name, sizeof(s.name), &s.program[1]);
	strncat(s.name, "@", sizeof(s.name) - strlen(s.name) - 1);
	strncat(s.name, l->state, sizeof(s.name) - strlen(s.name) - 1);
	if (l->workers == 2)
		strncat(s.name, "/2", sizeof(s.name) - strlen(s.name) - 1);
	return s;
}

unsigned int cases_number(void)
{
	return PAIRS * n_states + LISTED;
}

struct scenario case_at(unsigned int i)
{
	if (i < PAIRS * n_states)
		return pair_at(i / n_states, &states[i % n_states]);
	return program_at(i - PAIRS * n_states);
}

unsigned int case_pair_length(const char *name)
{
	const char *end = strpbrk(name, "@:");

	return (unsigned int)(end ? (size_t)(end - name) : strlen(name));
}
