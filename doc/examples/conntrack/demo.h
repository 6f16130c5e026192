/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The demonstration: plans, runs and what was measured. A run is one load against one tracker:
 *
 *     churn    the load opens all its connections and closes all but the last few
 *              -> churned: what is dead now
 *     leave    the rest closes
 *              -> left: what is dead now, and what the empty map takes
 *     back     a few connections come back and stay; then the server is stopped. It ranges over what
 *              is still open, which must be just these, and closes them
 *              -> ranged: what is dead now
 *
 * At each arrow a probe gives the call_rcu worker time, and nobody calls the map meanwhile.
 */
#ifndef CONNTRACK_DEMO_H
#define CONNTRACK_DEMO_H

#include <stdbool.h>
#include <stddef.h>

#include "alloc.h"
#include "probe.h"
#include "sample.h"
#include "server.h"
#include "tracker.h"

/* Connections that come back. */
#define BACK ((size_t)3)

/* What the library promises: see "Promises" in doc/design.md; its tests allow the same. */
#define DEAD_ROUNDS_MAX 4u
#define MAP_ROUNDS_MAX 8u /* for each 32-fold that the map has to shrink */
#define MAP_SHRINK ((size_t)32)
#define MAP_EMPTY_MAX 1.1 /* times the size of a new map */

struct plan {
	const char *name;
	const char *what;
	size_t count; /* connections in all */
	size_t live;  /* that many open: the oldest closes */
};

struct run {
	const struct plan *plan;
	const struct tracker_ops *ops;
	struct ledger ledger;
	struct sampler sampler;
	size_t map_new; /* bytes of the map when it was new */
	struct probe_result churned;
	struct probe_result left;
	struct probe_result ranged;
	struct tracker_stats stats; /* when all had left */
	size_t map_peak;
	size_t listed;
	size_t leaked; /* bytes that were out when everything was destroyed */
	struct server_counts counts;
	double left_at; /* seconds on the sampler's clock */
	double seconds;
	char error[160]; /* why it could not be finished; empty if it was */
};

/* The same load against both. */
struct duel {
	struct run go;
	struct run rcumap;
};

#define DUELS 3

/* Connections that are still live when the load has churned. */
static inline size_t plan_rest(const struct plan *plan)
{
	return plan->live > plan->count ? plan->count : plan->live - 1;
}

/* Rounds within which the empty map has to be small again. */
unsigned int run_map_rounds_max(const struct run *run);

/* Runs one load against one tracker; errors are in run->error. */
void run_load(struct run *run, const struct plan *plan, const struct tracker_ops *ops);

#endif
