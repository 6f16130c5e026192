/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * toy.h - a flavor of RCU for one thread, whose callbacks run when they are told to.
 *
 * The worker is the same thread in another role. A callback may run when the application is outside
 * sections, or when its section began after the callback was queued: that is all that a grace
 * period promises. Callbacks may run in any order, as they do with a worker for each CPU. So what a
 * program does with this flavor depends on nothing but its input, and whoever uses memory after its
 * grace period can be caught each time.
 *
 * It has two faces: sections that nest, as with memb; or online and offline, as with qsbr.
 */
#ifndef RCUMAP_FUZZ_TOY_H
#define RCUMAP_FUZZ_TOY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <urcu/call-rcu.h>
#include <urcu/flavor.h>

enum toy_face { TOY_MEMB, TOY_QSBR };

struct toy_style {
	enum toy_face face;
	bool newest_first;  /* in which order a barrier runs callbacks */
	unsigned int eager; /* so many that were queued meanwhile, too */
};

extern const struct rcu_flavor_struct toy_flavor;
struct call_rcu_data *toy_worker(void);

/* Begins anew: nothing is queued, nobody is in a section. */
void toy_begin(struct toy_style style);

/* Sections of the application. With the face of qsbr: online and offline, which do not nest. */
void toy_open(void);
void toy_close(void);
bool toy_in_section(void);

/* Whether this is the worker, inside a callback. */
bool toy_in_callback(void);

/* How many callbacks are queued. */
size_t toy_queued(void);

/* Runs one of those that may run, number @which modulo their number. False: there was none. */
bool toy_run(size_t which);

/* A clock that goes on with every section and every callback; and when the running one was queued. */
uint64_t toy_now(void);
uint64_t toy_callback_queued_at(void);

#endif
