/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * A table: its memory, its references, its overflow buckets, its count.
 *
 * Lifetime (I7): a table is pinned by its own reference, dropped a grace period after it stopped
 * being of use, and by each of its retire queues that is armed. It pins its map.
 */
#include "table.h"

#include <errno.h>
#include <unistd.h>

#include "alloc.h"

#define STRIPES_PER_CPU 4
#define STRIPES_MAX_LOG2 8

/* 4 x CPUs, rounded up to a power of two, at most 256: enough that writers seldom meet. */
static unsigned int stripes_wanted_log2(void)
{
	static _Atomic(unsigned int) cached; /* relaxed: whoever computes it computes the same */
	unsigned int log2 = load_relaxed(&cached);
	long cpus;

	if (log2)
		return log2;
	cpus = sysconf(_SC_NPROCESSORS_ONLN);
	for (log2 = 1; log2 < STRIPES_MAX_LOG2 && 1L << log2 < STRIPES_PER_CPU * cpus;)
		log2++;
	store_relaxed(&cached, log2);
	return log2;
}

/* A stripe has at least 8 buckets, so that a small table is small. */
static unsigned int stripes_log2(unsigned int log2)
{
	unsigned int wanted = stripes_wanted_log2();

	if (log2 < 3)
		return 0;
	return log2 - 3 < wanted ? log2 - 3 : wanted;
}

static size_t table_size(const struct table *t)
{
	return sizeof(*t) + table_stripes(t) * sizeof(struct stripe) +
	       table_buckets(t) * sizeof(struct bucket);
}

unsigned int rcumap__table_log2_for(const struct rcumap *map, size_t keys)
{
	unsigned int log2 = map->min_log2;

	while (log2 < TABLE_MAX_LOG2 && ((size_t)1 << log2) * BUCKET_SLOTS * 3 / 7 < keys)
		log2++;
	return log2;
}

struct table *rcumap__table_new(struct rcumap *map, unsigned int log2, uint64_t seed)
{
	struct table shape = {.log2 = log2, .stripes_log2 = stripes_log2(log2)};
	struct table *t = rcumap__alloc_zeroed(&map->allocator, table_size(&shape), CACHE_LINE);

	if (!t)
		return NULL;
	t->map = map;
	t->seed = seed;
	t->log2 = shape.log2;
	t->stripes_log2 = shape.stripes_log2;
	t->stripes = (struct stripe *)(t + 1);
	t->buckets = (struct bucket *)(t->stripes + table_stripes(t));
	atomic_init(&t->unmoved, table_buckets(t));
	atomic_init(&t->refs, 1);
	for (size_t i = 0; i < table_stripes(t); i++) {
		pthread_mutex_init(&t->stripes[i].lock, NULL);
		t->stripes[i].table = t;
	}
	add_relaxed(&map->refs, 1); /* relaxed: the caller's own hold on the map is older */
	return t;
}

static void table_free(struct table *t)
{
	const struct allocator *a = &t->map->allocator;

	for (size_t i = 0; i < table_stripes(t); i++) {
		struct stripe *s = &t->stripes[i];

		while (s->chunks) {
			struct chunk *c = s->chunks;

			s->chunks = c->next;
			rcumap__free(a, c, sizeof(*c));
		}
		pthread_mutex_destroy(&s->lock);
	}
	rcumap__free(a, t, table_size(t));
}

void rcumap__table_put(struct table *t)
{
	struct rcumap *map = t->map;

	/* P10 (acq_rel): whoever frees it has seen what all others did. Pairs with itself. */
	if (sub_acq_rel(&t->refs, 1) != 1)
		return;
	table_free(t);
	rcumap__map_put(map);
}

static void table_retire_cb(struct rcu_head *rcu)
{
	rcumap__table_put(container_of(rcu, struct table, rcu));
}

void rcumap__table_retire(struct table *t)
{
	t->map->flavor->update_call_rcu(&t->rcu, table_retire_cb);
}

void rcumap__map_put(struct rcumap *map)
{
	struct allocator a;
	_Atomic(bool) *gone;

	/* P10 (acq_rel): as for tables. Pairs with itself. */
	if (sub_acq_rel(&map->refs, 1) != 1)
		return;
	a = map->allocator;
	gone = map->gone;
	pthread_mutex_destroy(&map->sweep_lock);
	rcumap__free(&a, map, sizeof(*map));
	if (gone)
		/* P13 (release): everything is freed. Pairs with P13 in rcumap_destroy_wait(). */
		store_release(gone, true);
}

/* An overflow bucket, empty and unknown to readers, or NULL. */
static struct bucket *stripe_overflow_locked(struct stripe *s)
{
	struct table *t = s->table;
	struct chunk *c;

	if (!s->chunks || s->chunk_used == CHUNK_BUCKETS) {
		c = rcumap__alloc_zeroed(&t->map->allocator, sizeof(*c), CACHE_LINE);
		if (!c)
			return NULL;
		c->next = s->chunks;
		s->chunks = c;
		s->chunk_used = 0;
		store_relaxed(&t->overflowed,
			      true); /* relaxed: read by a later delete's callback */
		seam(SEAM_CHUNK);
	}
	return &s->chunks->buckets[s->chunk_used++];
}

int rcumap__table_room_locked(struct stripe *s, struct bucket *b, struct place *at)
{
	struct bucket *overflow;

	if (likely(bucket_room_locked(b, at)))
		return 0;
	overflow = stripe_overflow_locked(s);
	if (!overflow)
		return -ENOMEM;
	bucket_extend_locked(at, overflow);
	return 0;
}

long rcumap__table_delta(const struct table *t)
{
	long delta = 0;

	for (size_t i = 0; i < table_stripes(t); i++)
		delta += load_relaxed(&t->stripes[i].delta); /* relaxed: exact at rest only */
	return delta;
}
