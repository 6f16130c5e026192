/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * cases.c - the list of cases; see cases.h.
 */
#include "cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions.h"

/* Pairs: of these, each with itself and with each other, on key K. */
static const unsigned char kinds[] = {
	OP_LOAD,
	OP_STORE,
	OP_SWAP,
	OP_LOAD_OR_STORE,
	OP_DELETE,
	OP_LOAD_AND_DELETE,
	OP_COMPARE_AND_SWAP,
	OP_COMPARE_AND_DELETE,
	OP_RANGE,
	OP_CLEAR,
	OP_COUNT,
	DO_DRAIN,
};

enum { KINDS = sizeof(kinds), PAIRS = KINDS * (KINDS + 1) / 2 };

/* Programs: where one operation for each of two threads shows too little. */
static const char *const programs[] = {
	/* A slot that is used again at once: a hit, then a miss, with no delete in between. */
	"delete,store+load,load@present",
	"delete,store+load,load@chained",
	"delete,store+load,load@moved",
	"delete,store+load,load@amended",
	"delete,store,delete+store@present",
	"delete,store,delete+swap@present",
	"delete,store-Q+load,load-Q@present",
	"store,delete+load,load@absent",
	"store-Q+load,load@bucket-full",
	"store-Q+load-Q,load@bucket-full",
	"store-Q,delete+store@bucket-full",
	"store-Q+range@bucket-full",
	/* Three at once: what one of them does between two steps of another. */
	"store+swap+delete@present",
	"store+load,load+delete@present",
	"store+store+delete@present",
	"store+load_or_store+delete@present",
	"store+compare_and_delete+load@present",
	"compare_and_swap+store+delete@present",
	"store+store+load,load@absent",
	"load_or_store+load_or_store+delete@absent",
	"store-Q+delete+load,load@chained",
	/* Clear, against promotions, amended tables, and a drain. */
	"clear+clear@promoting",
	"clear,store+load@promoting",
	"clear,store+store-Q@amended",
	"clear,clear+store@present",
	"store+clear,store-Q@full",
	"store+store-Q@full",
	"clear,drain+store@present",
	"clear,drain+load@moved",
	"clear+store+load,load@present",
	"clear+delete+count,count@present",
	/* The retire queue: pushes against the callback that takes them, or goes idle. */
	"store,store+store@retiring",
	"store,store+load@armed",
	"store,store+store-M@retiring/2",
	"store,store+load@retiring",
	"store,drain+store@retiring",
	"delete,drain+load@armed",
	"drain,drain+store,store@armed",
	/* The idle hand: kicks against its rest, its work against everything else. */
	"delete+delete-M@amended/2",
	"delete+delete-M@shrinking/2",
	"delete+clear@amended/2",
	"delete,store+range@amended",
	"store,delete+load,load@amended-absent",
	/* Range. */
	"delete-M,delete+range@amended",
	"delete-M,store-Q+range@moved",
	"delete,store+range@present",
	"delete,store+range@chained",
	"delete,store-Q,store+range@present",
	"clear,store+range@growing",
	"delete,store-Q+count,count@amended",
	/* No memory to move a bucket. */
	"delete,store+load@dirty-full-fails",
	"delete+delete-M@dirty-full-fails",
	"store-Q+load,load-Q@dirty-full-fails",
	"store,range+delete@dirty-full-fails",
	/* Destroy: operations that have begun go on; after sweeps, with callbacks that wait. */
	"load+destroy@present",
	"delete+destroy@present",
	"store-Q+destroy@deleted",
	"delete+destroy@amended/2",
	"clear+destroy@retiring",
	"range+destroy@moved",
	"clear+delete,destroy_wait@retiring",
	"store+destroy_wait@amended",
};

enum { PROGRAMS = sizeof(programs) / sizeof(programs[0]) };

/* Parses one action, as "store-M", of @length characters. */
static bool parse_action(const char *text, size_t length, struct action *action)
{
	static const char suffixes[][3] = {[KEY_K] = "", [KEY_M] = "-M", [KEY_Q] = "-Q"};
	char name[32];

	for (action->kind = 0; action->kind < DO_KINDS; action->kind++) {
		for (action->key = KEY_K; action->key <= KEY_Q; action->key++) {
			snprintf(name, sizeof(name), "%s%s", action_name(action->kind),
				 suffixes[action->key]);
			if (strlen(name) == length && !strncmp(name, text, length))
				return true;
		}
	}
	return false;
}

static bool parse_actions(const char *text, struct scenario *s)
{
	unsigned int thread = 0;
	struct program *p;
	size_t length;

	for (;; text += length + 1) {
		p = &s->program[thread];
		length = strcspn(text, ",+@");
		if (p->n == ACTIONS || !parse_action(text, length, &p->action[p->n++]))
			return false;
		if (text[length] == '@')
			return thread > 0;
		if (text[length] == '+' && ++thread == 3)
			return false;
		if (!text[length])
			return false;
	}
}

static bool parse_state(const char *text, struct scenario *s)
{
	char name[SCENARIO_NAME];
	char *slash;

	snprintf(name, sizeof(name), "%s", text);
	slash = strchr(name, '/');
	s->workers = slash && !strcmp(slash, "/2") ? 2 : 1;
	if (slash)
		*slash = '\0';
	s->state = state_named(name);
	return s->state && !(s->state->third && s->program[2].n);
}

bool case_named(const char *name, struct scenario *s)
{
	*s = (struct scenario){.workers = 1};
	snprintf(s->name, sizeof(s->name), "%s", name);
	return parse_actions(name, s) && parse_state(strchr(name, '@') + 1, s);
}

static void name_pair(unsigned int i, char *to, size_t size)
{
	unsigned int a = 0, pair = i / n_states;

	for (; pair >= KINDS - a; a++)
		pair -= KINDS - a;
	snprintf(to, size, "%s+%s@%s", action_name(kinds[a]), action_name(kinds[a + pair]),
		 states[i % n_states].name);
}

unsigned int cases_number(void)
{
	return PAIRS * n_states + PROGRAMS;
}

struct scenario case_at(unsigned int i)
{
	char name[SCENARIO_NAME];
	struct scenario s;

	if (i < PAIRS * n_states)
		name_pair(i, name, sizeof(name));
	else
		snprintf(name, sizeof(name), "%s", programs[i - PAIRS * n_states]);
	if (!case_named(name, &s)) {
		fprintf(stderr, "not a case: %s\n", name);
		exit(2);
	}
	return s;
}

unsigned int case_actions_length(const char *name)
{
	return (unsigned int)strcspn(name, "@");
}
