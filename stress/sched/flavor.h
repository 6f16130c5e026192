/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * flavor.h - a flavor of RCU in which grace periods end at every legal moment.
 *
 * A callback may run as soon as every section that was open at its call_rcu has ended: from then on
 * the worker to which it was given is enabled, and the explorer may go on with it at any step of the
 * others, or much later. Callbacks of a worker run in order. The first worker serves all threads; if
 * there are two, the second one serves thread B, and each serves its own callbacks.
 */
#ifndef RCUMAP_STRESS_FLAVOR_H
#define RCUMAP_STRESS_FLAVOR_H

#include <stdbool.h>

#include "memory.h"

struct rcu_flavor_struct;
struct call_rcu_data;

extern const struct rcu_flavor_struct flavor_mock;

struct call_rcu_data *flavor_worker(void);

/* Forgets all; @workers is 1 or 2. */
void flavor_reset(unsigned int workers);

/* What a worker runs. */
void flavor_worker_run(enum thread_id self);

/* A step on a shared word is made: a section that was begun is open from now on. */
void flavor_step(enum thread_id id);

/* All sections that were begun are open from now on. */
void flavor_open_all(void);

/* For the set-up: runs all callbacks, until there are none. */
void flavor_settle(void);

/* The number of callbacks that were not run. */
unsigned int flavor_callbacks(void);

/* How many sections the thread is in. */
unsigned int flavor_sections(enum thread_id id);

void flavor_lock(void);
void flavor_unlock(void);

#endif
