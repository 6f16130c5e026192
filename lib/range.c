/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Looking at the whole map: range and count.
 *
 * Range walks one table to its end, whatever becomes of it meanwhile. If the snapshot is amended
 * when range begins, it first moves what is left, and walks the dirty table. So every move out of
 * the table that it walks begins after its section did: a table is linked behind another only while
 * that is the snapshot (I1), and the dirty table was not yet. Hence nothing that range finds in a
 * slot, moved bucket or not, can be freed before its section ends, and it may ignore `moved`:
 * growth, shrinking, rekeying, clearing and nested ranges do not touch the argument.
 *
 * At most once: a key has one bucket in the table. Its slots are copied before the first visit; if
 * two entries of one key are among the copies, the later one was inserted after the earlier was
 * DELETED, which whoever read its slot sees. Exactly once: a key present throughout keeps its
 * entry, and its entry its bucket.
 */
#include <errno.h>
#include <string.h>

#include "alloc.h"
#include "migrate.h"
#include "section.h"
#include "table.h"

#define STACK_ENTRIES 64

/* The entries of one chain. */
struct copy {
	struct entry **entries; /* stack, or a block of the map's allocator */
	size_t count, room;
	struct entry *stack[STACK_ENTRIES];
};

static void copy_free(const struct rcumap *map, struct copy *copy)
{
	if (copy->entries != copy->stack)
		rcumap__free(&map->allocator, copy->entries, copy->room * sizeof(*copy->entries));
}

static int copy_double(const struct rcumap *map, struct copy *copy)
{
	size_t size = copy->room * sizeof(*copy->entries);
	struct entry **more = rcumap__alloc_small(&map->allocator, 2 * size);

	if (!more)
		return -ENOMEM;
	memcpy(more, copy->entries, size);
	copy_free(map, copy);
	copy->entries = more;
	copy->room *= 2;
	return 0;
}

/* Copies the chain of @b. 0 or -ENOMEM; to be freed either way. */
static int copy_chain_rcu(const struct rcumap *map, struct bucket *b, struct copy *copy)
{
	struct place at = {b, 0};
	struct entry *e;

	copy->entries = copy->stack;
	copy->room = STACK_ENTRIES;
	copy->count = 0;
	while ((e = bucket_next(&at))) {
		if (copy->count == copy->room && copy_double(map, copy))
			return -ENOMEM;
		copy->entries[copy->count++] = e;
	}
	return 0;
}

static int visit_entry_rcu(const struct rcumap *map, struct entry *e,
			   int (*visit)(const void *key, size_t len, void *value, void *ctx),
			   void *ctx)
{
	/* P4 observe (acquire): the value's contents. Pairs with P4 in map.c. */
	void *value = load_acquire(&e->value);
	int answer;

	if (value == DELETED)
		return 0;
	rcumap__nowait_enter();
	answer = visit(entry_key(map, e), entry_len(map, e), value, ctx);
	rcumap__nowait_leave();
	return answer;
}

static int visit_bucket_rcu(const struct rcumap *map, struct bucket *b,
			    int (*visit)(const void *key, size_t len, void *value, void *ctx),
			    void *ctx)
{
	struct copy copy;
	int answer = copy_chain_rcu(map, b, &copy);

	seam(SEAM_RANGE_COPIED);
	for (size_t i = 0; !answer && i < copy.count; i++)
		answer = visit_entry_rcu(map, copy.entries[i], visit, ctx);
	copy_free(map, &copy);
	return answer;
}

static int range_rcu(struct rcumap *map,
		     int (*visit)(const void *key, size_t len, void *value, void *ctx), void *ctx)
{
	struct table *t = map_snapshot_rcu(map);
	struct table *d = table_dirty_rcu(t);
	int answer = 0;

	if (d) {
		seam(SEAM_RANGE_FINISH);
		answer = rcumap__migrate_finish_rcu(t);
		t = d;
	}
	for (size_t i = 0; !answer && i < table_buckets(t); i++)
		answer = visit_bucket_rcu(map, &t->buckets[i], visit, ctx);
	return answer;
}

int rcumap_range(struct rcumap *map,
		 int (*visit)(const void *key, size_t len, void *value, void *ctx), void *ctx)
{
	bool offline;
	int answer;

	if (!map || !visit)
		return -EINVAL;
	offline = section_enter(map->flavor);
	answer = range_rcu(map, visit, ctx);
	section_leave(map->flavor, offline);
	return answer;
}

size_t rcumap_count(const struct rcumap *map)
{
	const struct table *t, *d;
	bool offline;
	long keys;

	if (!map)
		return 0;
	offline = section_enter(map->flavor);
	t = map_snapshot_rcu(map);
	keys = t->base + rcumap__table_delta(t);
	d = table_dirty_rcu(t);
	if (d)
		keys += rcumap__table_delta(d);
	section_leave(map->flavor, offline);
	return keys > 0 ? (size_t)keys : 0;
}
