/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * What the server asks of the map that it keeps its connections in, so that the same server runs on
 * either of two. A tracker takes a reference to what is added and drops it when it has forgotten it:
 * that moment is what the demonstration is about.
 */
#ifndef CONNTRACK_TRACKER_H
#define CONNTRACK_TRACKER_H

#include <stddef.h>

struct conn;
struct ledger;
struct tracker;

struct tracker_stats {
	size_t keys;	   /* that the map refers to, deleted or not */
	size_t misses;	   /* of the read map since the last promotion; sync.Map only */
	size_t promotions; /* sync.Map only */
};

/* Every function but create() needs a thread that is registered with RCU. */
struct tracker_ops {
	const char *name;

	/* 0 or -errno. The map's own memory comes from the ledger as well. */
	int (*create)(struct tracker **tracker, struct ledger *ledger);

	/* 0 or -errno. Any number of threads at once, as for remove and range. */
	int (*add)(struct tracker *tracker, struct conn *conn);

	/* 1: removed; 0: was not there. */
	int (*remove)(struct tracker *tracker, struct conn *conn);

	/* Calls visit for what is in there; visit may remove. 0 or -errno. */
	int (*range)(struct tracker *tracker, void (*visit)(struct conn *conn, void *ctx),
		     void *ctx);

	void (*stats)(struct tracker *tracker, struct tracker_stats *stats);

	/* Returns when everything is freed. No other call may be under way. 0 or -errno. */
	int (*destroy)(struct tracker *tracker);
};

extern const struct tracker_ops tracker_rcumap;
extern const struct tracker_ops tracker_go;

#endif
