/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Threads that do the steps of their role over and over.
 */
#ifndef RCUMAP_TORTURE_THREADS_H
#define RCUMAP_TORTURE_THREADS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "../rng.h"
#include "world.h"

struct thread;

struct role {
	const char *name;
	void (*step)(struct thread *t);
	bool owns; /* writes owned and pinned keys */
};

struct thread {
	const struct role *role;
	struct rng rng;
	unsigned int number;	    /* of all threads of the run */
	unsigned int owner, owners; /* key k is ours if k modulo owners is owner */
	struct world *world;	    /* of this step */
	unsigned int *climbed;	    /* the newest generation of each key that we saw; climb.c */
	unsigned int depth;	    /* of ranges */
	pthread_t id;
	_Atomic(bool) finished;
};

/* Starts the threads of the run's scenario in these worlds. */
void threads_start(struct world **worlds, unsigned int n);

/* Replaces those that have finished, if the scenario's do. */
void threads_renew(void);

/* Has them stop, and waits for them. */
void threads_join(void);

/* Whether those that fill are to (or else to delete), where a scenario has such phases. */
bool threads_fill(void);
void threads_set_fill(bool fill);

/* Whether the time is up; for steps that take long. */
bool threads_stopping(void);

/* Another thread of the run may wait for it: sleeps, offline if need be. Outside sections. */
void thread_rest(unsigned int us);

/* The roles. */
extern const struct role role_owner, role_reader, role_contender, role_climber, role_watcher;
extern const struct role role_walker, role_clearer, role_rekeyer, role_drainer, role_sleeper,
	role_stalled, role_founder, role_trickler;

/* One of the thread's own among the @n keys from @first on. */
unsigned int thread_own_key(struct thread *t, unsigned int first, unsigned int n);

/* Does something to a key that everybody writes. */
void contend(struct thread *t);

/* Looks a key up that somebody owns. */
void owned_read(struct world *w, unsigned int number);

/* The owner of a key, at rest: makes it present, absent, or looks. */
void owned_put(struct world *w, unsigned int number);
void owned_remove(struct world *w, unsigned int number);
void owned_look(struct world *w, unsigned int number);

#endif
