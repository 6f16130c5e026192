/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * A table: 2^log2 buckets, and stripes that each own a contiguous range of them. One allocation,
 * all-zero meaning empty, so that nothing is cleared in advance.
 */
#ifndef RCUMAP_TABLE_H
#define RCUMAP_TABLE_H

#include "bucket.h"
#include "hash.h"
#include "internal.h"

#define TABLE_MIN_LOG2 2
#define TABLE_MAX_LOG2 (8 * sizeof(size_t) - 2 * sizeof(size_t)) /* 48, or 24 on 32-bit machines */

static inline size_t table_buckets(const struct table *t)
{
	return (size_t)1 << t->log2;
}

static inline size_t table_stripes(const struct table *t)
{
	return (size_t)1 << t->stripes_log2;
}

static inline size_t table_stripe_buckets(const struct table *t)
{
	return (size_t)1 << (t->log2 - t->stripes_log2);
}

static inline size_t table_index(const struct table *t, uint64_t hash)
{
	return hash >> (64 - t->log2);
}

static inline struct stripe *table_stripe(const struct table *t, size_t index)
{
	return &t->stripes[index >> (t->log2 - t->stripes_log2)];
}

static inline struct table *map_snapshot_rcu(const struct rcumap *map)
{
	/* P1 observe (acquire): the table is filled in, its base too. Pairs with P1 in
	 * promote_rcu(), rcumap_clear() and rcumap_create_flavor(). */
	return load_acquire(&map->snapshot);
}

static inline struct table *table_dirty_rcu(const struct table *t)
{
	/* P6 observe (acquire): the table is filled in. Pairs with P6 in migrate_start_rcu(). */
	return load_acquire(&t->dirty);
}

/* How many keys a table of 2^log2 buckets may hold before it grows: 5 of 7 slots. */
static inline size_t table_limit(unsigned int log2)
{
	return ((size_t)1 << log2) * BUCKET_SLOTS * 5 / 7;
}

/*
 * Finds a key from *@t on, which is left at the table where the key lives now; *@hash belongs to
 * it. Follows moved buckets as often as it meets them. The miss is final: LP at the load of the
 * header, or just after the delete that caused it, if that came later.
 */
static inline struct entry *table_probe_rcu(const struct rcumap *map, struct table **t,
					    uint64_t *hash, const void *key, size_t len,
					    struct place *at)
{
	for (;;) {
		struct bucket *b = &(*t)->buckets[table_index(*t, *hash)];
		/* P3 observe (acquire): the slots that its tags promise are read next. Pairs with
		 * P3 in bucket_publish_locked(), bucket_withdraw_locked() and
		 * bucket_extend_locked().
		 * P5 observe (acquire): so are the copies, if it says moved. Pairs with P5 in
		 * bucket_set_moved_locked(). */
		uintptr_t header = load_acquire(&b->header);
		struct table *d;

		if (likely(!(header & BUCKET_MOVED)))
			return bucket_probe_rcu(map, b, header, hash_tag(*hash), key, len, at);
		seam(SEAM_FOLLOW);
		d = load_relaxed(&(*t)->dirty); /* relaxed: P5 has brought it */
		if (d->seed != (*t)->seed)
			*hash = hash_key(map, d->seed, key, len);
		*t = d;
	}
}

/*
 * The smallest table that holds so many keys with room to grow: 3 of 7 slots. At least
 * map->min_log2.
 */
unsigned int rcumap__table_log2_for(const struct rcumap *map, size_t keys);

/* An empty table that pins @map, or NULL. */
struct table *rcumap__table_new(struct rcumap *map, unsigned int log2, uint64_t seed);

/* Drops a reference; the last frees the table, and drops the table's reference on the map. */
void rcumap__table_put(struct table *t);

/* Drops the table's own reference after a grace period. */
void rcumap__table_retire(struct table *t);

/* Drops a reference on the map; the last frees it. */
void rcumap__map_put(struct rcumap *map);

/*
 * Finds an empty slot in the chain of @b or in what follows it, chaining if need be; @s is its
 * stripe. 0 or -ENOMEM.
 */
int rcumap__table_room_locked(struct stripe *s, struct bucket *b, struct place *at);

/* Keys inserted less keys deleted in this table. Exact at rest. */
long rcumap__table_delta(const struct table *t);

/* The same from the beginning up to this table, which is or was the snapshot; not below 0. */
static inline size_t table_keys(const struct table *t)
{
	long keys = t->base + rcumap__table_delta(t);

	return keys > 0 ? (size_t)keys : 0;
}

#endif
