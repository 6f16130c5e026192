/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Sweeping: freeing all that a table holds, after a clear or a destroy has taken it from the map.
 *
 * A grace period after the exchange no operation is inside the table, nor inside its dirty table.
 * What they hold is what their unmoved buckets hold (I2, I3). It is freed a portion a round, so
 * that other users of the call_rcu worker need not wait for a big one. Sweeps carry tickets, since
 * several may be under way, and a drain waits for those that began before it, not for all that may
 * follow.
 */
#include "sweep.h"

#include "entry.h"
#include "section.h"
#include "table.h"

#ifndef SWEEP_PORTION
#define SWEEP_PORTION ((size_t)64 << 10) /* steps that one callback makes */
#endif

/* Goes on to the next bucket of @root, or of the tables behind it. Returns whether there was one. */
static bool sweep_next_bucket(struct table *root)
{
	struct bucket *b;

	if (root->sweep_bucket == table_buckets(root->sweep_table)) {
		root->sweep_table = load_relaxed(&root->sweep_table->dirty); /* relaxed: as below */
		root->sweep_bucket = 0;
	}
	if (!root->sweep_table)
		return false;
	b = &root->sweep_table->buckets[root->sweep_bucket++];
	if (!bucket_moved(b))
		root->sweep_at = (struct place){b, 0};
	return true;
}

/* Frees the next entry of the chain that is being swept. Returns whether there was one. */
static bool sweep_next_entry(struct table *root)
{
	const struct rcumap *map = root->map;
	struct entry *e = root->sweep_at.bucket ? bucket_next(&root->sweep_at) : NULL;

	if (!e)
		return false;
	/* relaxed: the grace period has ordered us after every operation. */
	if (map->value_free)
		map->value_free(load_relaxed(&e->value), map->value_ctx);
	rcumap__entry_free(map, e);
	return true;
}

/* A step is an entry or a bucket, so that a long chain, too, is freed in portions. */
static bool sweep_portion(struct table *root)
{
	for (size_t left = SWEEP_PORTION; left; left--)
		if (!sweep_next_entry(root) && !sweep_next_bucket(root))
			return true;
	return false;
}

static void sweep_end(struct table *root)
{
	struct rcumap *map = root->map;
	struct table **link, *t, *next;

	pthread_mutex_lock(&map->sweep_lock);
	for (link = &map->sweeps; *link != root; link = &(*link)->sweep_next)
		;
	*link = root->sweep_next;
	pthread_mutex_unlock(&map->sweep_lock);
	seam(SEAM_SWEPT);

	for (t = root; t; t = next) {
		next = load_relaxed(&t->dirty); /* relaxed: as above */
		rcumap__table_put(t);
	}
}

static void sweep_cb(struct rcu_head *rcu)
{
	struct table *root = container_of(rcu, struct table, rcu);
	bool done;

	seam(SEAM_SWEEP);
	rcumap__nowait_enter();
	done = sweep_portion(root);
	rcumap__nowait_leave();
	if (done)
		sweep_end(root);
	else
		root->map->flavor->update_call_rcu(&root->rcu, sweep_cb);
}

void rcumap__sweep_start(struct table *t)
{
	struct rcumap *map = t->map;

	seam(SEAM_SWEEP_START);
	t->sweep_table = t;
	pthread_mutex_lock(&map->sweep_lock);
	t->sweep_ticket = map->sweep_tickets++;
	t->sweep_next = map->sweeps;
	map->sweeps = t;
	pthread_mutex_unlock(&map->sweep_lock);
	map->flavor->update_call_rcu(&t->rcu, sweep_cb);
}

size_t rcumap__sweep_tickets(struct rcumap *map)
{
	size_t tickets;

	pthread_mutex_lock(&map->sweep_lock);
	tickets = map->sweep_tickets;
	pthread_mutex_unlock(&map->sweep_lock);
	return tickets;
}

bool rcumap__sweep_under_way(struct rcumap *map, size_t tickets)
{
	bool under_way = false;

	pthread_mutex_lock(&map->sweep_lock);
	for (struct table *t = map->sweeps; t && !under_way; t = t->sweep_next)
		under_way = t->sweep_ticket < tickets;
	pthread_mutex_unlock(&map->sweep_lock);
	return under_way;
}
