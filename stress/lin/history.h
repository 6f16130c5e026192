/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Histories: what a few threads did to one map at about the same time, in a form that can be
 * judged. Whoever makes one (threads, the scheduler, a test by hand) fills in struct operation;
 * lin.h judges.
 *
 * Keys are small numbers, and values too: 0 means absent, whatever pointer the map held is named by
 * a number of its own. Times are ticks of any clock that is shared by the threads: what returned at
 * 5 came before what was invoked at 6; equal times overlap.
 */
#ifndef RCUMAP_STRESS_HISTORY_H
#define RCUMAP_STRESS_HISTORY_H

#include <stdint.h>

enum { HISTORY_KEYS = 4, HISTORY_OPERATIONS = 64 };

enum operation_kind {
	OP_LOAD,
	OP_STORE,
	OP_SWAP,
	OP_LOAD_OR_STORE,
	OP_LOAD_AND_DELETE,
	OP_DELETE,
	OP_COMPARE_AND_SWAP,
	OP_COMPARE_AND_DELETE,
	OP_CLEAR,
	OP_RANGE,
	OP_COUNT,
	OP_KINDS
};

struct operation {
	enum operation_kind kind;
	unsigned int thread;
	unsigned int key; /* not of clear, range and count */
	uint64_t invoked, returned;
	uint32_t value;	   /* argument: stored, or to be swapped in */
	uint32_t expected; /* argument of compare-and-... */
	int answer;	   /* what the function returned; 1 or 0 for load: whether it hit */
	uint32_t result;   /* loaded; *old; *actual */
	uint32_t counted;  /* count */
	uint32_t visited[HISTORY_KEYS]; /* range: the value with which each key was visited, or 0 */
	unsigned char visits[HISTORY_KEYS]; /* range: how often */
};

struct history {
	unsigned int keys;		/* 1 to HISTORY_KEYS */
	uint32_t initial[HISTORY_KEYS]; /* the value of each key at the beginning; 0: absent */
	uint32_t others;		/* further keys, present throughout, which a count counts */
	unsigned int operations;
	struct operation operation[HISTORY_OPERATIONS];
};

#endif
