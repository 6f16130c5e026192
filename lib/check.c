/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A walk over a map at rest that checks the invariants of internal.h. For tests and debuggers.
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
	if (!err && unmoved != load_relaxed(&t->unmoved))
		return -6;
	return err;
}

int rcumap__check(struct rcumap *map)
{
	bool offline = section_enter(map->flavor);
	struct table *t = map_snapshot_rcu(map);
	size_t entries = 0;
	int err = t ? 0 : -1;

	for (; !err && t; t = table_dirty_rcu(t)) {
		err = table_check(t, &entries);
		if (!err && table_dirty_rcu(t) && !load_relaxed(&t->unmoved))
			err = -6; /* all moved, and nobody promoted */
	}
	section_leave(map->flavor, offline);
	if (!err && entries != rcumap_count(map))
		err = -2;
	return err;
}
