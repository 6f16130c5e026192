/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Connections in an rcumap: this file is all that a program needs in order to use the library. The
 * key is the address pair, which the map copies; the value is the connection, and value_free gives
 * the map's reference back when no reader can have it any more.
 */
#include <errno.h>
#include <stdlib.h>

#include "rcu.h"
#include <rcumap.h>

#include "alloc.h"
#include "conn.h"
#include "tracker.h"

struct tracker {
	struct rcumap *map;
};

/* Runs on the call_rcu worker, a grace period after the delete. */
static void value_free(void *value, void *ctx)
{
	(void)ctx;
	conn_put(value);
}

static int create(struct tracker **out, struct ledger *ledger)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct tracker *tracker = malloc(sizeof(*tracker));
	int ret;

	if (!tracker)
		return -ENOMEM;
	attr.key_len = sizeof(struct conn_key);
	attr.value_free = value_free;
	attr.alloc = ledger_map_alloc;
	attr.free = ledger_map_free;
	attr.alloc_ctx = ledger;
	ret = rcumap_create(&tracker->map, &attr);
	if (ret) {
		free(tracker);
		return ret;
	}
	*out = tracker;
	return 0;
}

static int add(struct tracker *tracker, struct conn *conn)
{
	int ret;

	/* The map's reference. On an error the value has stayed ours. */
	conn_get(conn);
	ret = rcumap_store(tracker->map, &conn->key, sizeof(conn->key), conn);
	if (ret)
		conn_put(conn);
	return ret;
}

static int remove_conn(struct tracker *tracker, struct conn *conn)
{
	return rcumap_delete(tracker->map, &conn->key, sizeof(conn->key));
}

struct walk {
	void (*visit)(struct conn *conn, void *ctx);
	void *ctx;
};

static int walk_visit(const void *key, size_t len, void *value, void *ctx)
{
	struct walk *walk = ctx;

	(void)key;
	(void)len;
	walk->visit(value, walk->ctx);
	return 0;
}

static int range(struct tracker *tracker, void (*visit)(struct conn *conn, void *ctx), void *ctx)
{
	struct walk walk = {visit, ctx};

	return rcumap_range(tracker->map, walk_visit, &walk);
}

static void stats(struct tracker *tracker, struct tracker_stats *out)
{
	*out = (struct tracker_stats){.keys = rcumap_count(tracker->map)};
}

static int destroy(struct tracker *tracker)
{
	int ret = rcumap_destroy_wait(tracker->map);

	free(tracker);
	return ret;
}

const struct tracker_ops tracker_rcumap = {
	.name = "rcumap",
	.create = create,
	.add = add,
	.remove = remove_conn,
	.range = range,
	.stats = stats,
	.destroy = destroy,
};
