/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * A walk over the whole map that checks the invariants of internal.h, for tests.
 *
 * It holds all stripes of the snapshot, then of the tables behind it: nothing can move out of a
 * table whose stripes are held, so what it sees is one state. Writers and movers wait meanwhile.
 */
#include "section.h"
#include "table.h"

/* I2, I4, I5: one entry in its place. */
static bool entry_in_place(const struct table *t, size_t index, struct entry *e, struct place at)
{
	const struct rcumap *map = t->map;
	uint64_t hash = hash_key(map, t->seed, entry_key(map, e), entry_len(map, e));
	uintptr_t header = load_relaxed(&at.bucket->header);

	return load_relaxed(&e->value) != DELETED && e->hash == hash &&
	       table_index(t, hash) == index && (header >> (8 * at.slot) & 0xff) == hash_tag(hash);
}

/* I2: no other entry of the chain has the same key. */
static bool entry_is_single(const struct table *t, struct bucket *b, const struct entry *e)
{
	const struct rcumap *map = t->map;
	struct place at = {b, 0};
	struct entry *other;
	unsigned int found = 0;

	while ((other = bucket_next(&at)))
		found += entry_has_key(map, other, entry_key(map, e), entry_len(map, e));
	return found == 1;
}

/* I4: an empty slot has no tag, a link has none either. */
static bool empties_untagged(struct bucket *b)
{
	for (;;) {
		uintptr_t header = load_relaxed(&b->header);
		uintptr_t last = load_relaxed(&b->slot[LAST_SLOT]);

		for (unsigned int i = 0; i < BUCKET_SLOTS; i++) {
			uintptr_t word = load_relaxed(&b->slot[i]);
			bool filled = word && !slot_is_link(word);

			if (filled != !!(header >> (8 * i) & 0xff))
				return false;
		}
		if (!(header & BUCKET_CHAINED) != !slot_is_link(last))
			return false;
		if (!slot_is_link(last))
			return true;
		b = slot_overflow(last);
	}
}

/* Checks the live bucket @index of @t; counts its entries. 0, or minus an invariant. */
static int bucket_check(const struct table *t, size_t index, size_t *entries)
{
	struct bucket *b = &t->buckets[index];
	struct place at = {b, 0};
	struct entry *e;

	if (!empties_untagged(b))
		return -4;
	while ((e = bucket_next(&at))) {
		struct place was = {at.bucket, at.slot - 1};

		if (!entry_in_place(t, index, e, was))
			return -4;
		if (!entry_is_single(t, b, e))
			return -2;
		++*entries;
	}
	return 0;
}

static int table_check(const struct table *t, size_t *entries)
{
	size_t unmoved = 0;
	int err = 0;

	for (size_t i = 0; !err && i < table_buckets(t); i++) {
		if (bucket_moved(&t->buckets[i]))
			continue;
		unmoved++;
		err = bucket_check(t, i, entries);
	}
	if (!err && unmoved > load_relaxed(&t->unmoved))
		return -6;
	return err;
}

static void lock_stripes(struct table *t)
{
	for (size_t i = 0; i < table_stripes(t); i++)
		pthread_mutex_lock(&t->stripes[i].lock);
}

static void unlock_stripes(struct table *t)
{
	for (size_t i = 0; i < table_stripes(t); i++)
		pthread_mutex_unlock(&t->stripes[i].lock);
}

/* Checks @t and the tables behind it, with all their stripes held. Adds up entries and deltas. */
static int tables_check_locked(struct table *t, size_t *entries, long *keys)
{
	struct table *d;
	int err = table_check(t, entries);

	*keys += rcumap__table_delta(t);
	d = table_dirty_rcu(t);
	if (err || !d)
		return err;
	lock_stripes(d);
	err = tables_check_locked(d, entries, keys);
	unlock_stripes(d);
	return err;
}

int rcumap__check(struct rcumap *map)
{
	bool offline = section_enter(map->flavor);
	struct table *t = map_snapshot_rcu(map);
	size_t entries = 0;
	long keys = t->base;
	int err;

	lock_stripes(t);
	err = tables_check_locked(t, &entries, &keys);
	unlock_stripes(t);
	section_leave(map->flavor, offline);
	return err || (long)entries == keys ? err : -2;
}
