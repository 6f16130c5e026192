/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Connections in the sync.Map of Go 1.15, as the servers had them: the connection is the key,
 *
 *     conns.Store(c, struct{}{})    at accept
 *     conns.Delete(c)               at close
 *     conns.Range(...)              at shutdown
 *
 * so it lives as long as any table of the map holds the key.
 */
#include <errno.h>
#include <stdlib.h>

#include "alloc.h"
#include "conn.h"
#include "gomap.h"
#include "tracker.h"

struct tracker {
	struct gomap *map;
};

/* The value of every key; only that it is not NULL matters. */
static char present;

static void key_get(void *key)
{
	conn_get(key);
}

static void key_put(void *key)
{
	conn_put(key);
}

static int create(struct tracker **out, struct ledger *ledger)
{
	const struct gomap_attr attr = {
		.key_get = key_get,
		.key_put = key_put,
		.alloc = ledger_map_alloc,
		.free = ledger_map_free,
		.alloc_ctx = ledger,
	};
	struct tracker *tracker = malloc(sizeof(*tracker));
	int ret;

	if (!tracker)
		return -ENOMEM;
	ret = gomap_create(&tracker->map, &attr);
	if (ret) {
		free(tracker);
		return ret;
	}
	*out = tracker;
	return 0;
}

static int add(struct tracker *tracker, struct conn *conn)
{
	return gomap_store(tracker->map, conn, &present);
}

static int remove_conn(struct tracker *tracker, struct conn *conn)
{
	return gomap_load_and_delete(tracker->map, conn) ? 1 : 0;
}

struct walk {
	void (*visit)(struct conn *conn, void *ctx);
	void *ctx;
};

static bool walk_visit(void *key, void *value, void *ctx)
{
	struct walk *walk = ctx;

	(void)value;
	walk->visit(key, walk->ctx);
	return true;
}

static int range(struct tracker *tracker, void (*visit)(struct conn *conn, void *ctx), void *ctx)
{
	struct walk walk = {visit, ctx};

	gomap_range(tracker->map, walk_visit, &walk);
	return 0;
}

static void stats(struct tracker *tracker, struct tracker_stats *out)
{
	struct gomap_stats s;

	gomap_stats(tracker->map, &s);
	out->keys = s.dirty_keys > s.read_keys ? s.dirty_keys : s.read_keys;
	out->misses = s.misses;
	out->promotions = s.promotions;
}

static int destroy(struct tracker *tracker)
{
	gomap_destroy(tracker->map);
	free(tracker);
	return 0;
}

const struct tracker_ops tracker_go = {
	.name = "Go 1.15 sync.Map",
	.create = create,
	.add = add,
	.remove = remove_conn,
	.range = range,
	.stats = stats,
	.destroy = destroy,
};
