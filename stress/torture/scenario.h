/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Scenarios: who does what to which maps, and where that must lead.
 */
#ifndef RCUMAP_TORTURE_SCENARIO_H
#define RCUMAP_TORTURE_SCENARIO_H

#include <stdbool.h>

#include "counters.h"
#include "threads.h"

enum { ROLES_MAX = 4, FOCUS_MAX = 4, MOVES_MAX = 20 };

struct scenario {
	const char *name, *about;
	struct population population;
	unsigned int worlds;		       /* 0 is 1 */
	const struct role *roles[ROLES_MAX];   /* the threads take turns at these; NULL ends */
	const struct role *singles[ROLES_MAX]; /* and one more thread does each of these */
	bool fills;			       /* phases of filling and deleting */
	bool clears;
	bool forgets;			   /* maps are destroyed with values in them */
	bool collides;			   /* one world's keys at least must collide */
	unsigned int refuse;		   /* of 1,000 allocations */
	unsigned int delay;		   /* at least, so that threads meet; delay.h */
	enum rcumap_seam focus[FOCUS_MAX]; /* one of these; 0 first: one of all */
	unsigned int life;		   /* steps after which a thread is replaced; 0: lives on */
	bool inside;			   /* needs the instrumented library */
	void (*drive)(void);		   /* NULL: the roles for the time of the run */
	unsigned int moves[MOVES_MAX];	   /* at zero, each of these fails the run; 0 ends */
};

/* All of them, in the order in which they run. */
extern const struct scenario scenarios[];
extern const unsigned int scenarios_count;

/* The scenario of that name, or NULL. */
const struct scenario *scenario_find(const char *name);

/* Seconds since the run began. */
double run_clock(void);

/* Whether the run may end: its time is up, and what must move has moved, or will not any more. */
bool run_is_over(void);

void drive_roles(void);
void drive_idle_shrink(void);
void drive_destroy(void);

#endif
