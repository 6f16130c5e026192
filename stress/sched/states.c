/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * states.c - the states of an entry and its bucket in which a case begins: key K is absent, present,
 * being deleted, being inserted, in an overflow bucket; its bucket has moved, is being moved, is to be
 * moved, can't be moved for want of memory; the table grows, shrinks, gets another seed.
 *
 * The tables have 4 buckets, which is the least, and one stripe. Key M is present, in another bucket
 * of the first table, unless all keys share one; key Q is absent, in the bucket of K.
 */
#include "states.h"

#include <string.h>

#include "../../lib/hash.h"
#include "../../lib/migrate.h"
#include "../../lib/table.h"
#include "flavor.h"
#include "machine.h"
#include "values.h"

enum { VALUE_K = 1, VALUE_M, VALUE_OLD = VALUE_OTHERS, SEED = 77 };

static struct table *snapshot(void)
{
	return atomic_load(&rig_map->snapshot);
}

static size_t index_of(const struct table *t, unsigned int key)
{
	return table_index(t, hash_key(rig_map, t->seed, rig_key(key), sizeof(uint64_t)));
}

static void build_absent(void)
{
	size_t k = index_of(snapshot(), KEY_K);

	rig_choose_key(KEY_M, snapshot(), k ^ 1);
	rig_choose_key(KEY_Q, snapshot(), k);
	rig_store(KEY_M, VALUE_M);
	flavor_settle();
}

static void build_present(void)
{
	build_absent();
	rig_store(KEY_K, VALUE_K);
}

/* A replaced value waits in the queue, and its callback at the worker. */
static void build_retiring(void)
{
	build_absent();
	rig_store(KEY_K, VALUE_OLD);
	rig_store(KEY_K, VALUE_K);
}

static void add_fillers(unsigned int first, unsigned int end)
{
	for (unsigned int i = first; i < end; i++)
		rig_add_filler(i);
}

static void remove_fillers(unsigned int first, unsigned int end)
{
	for (unsigned int i = first; i < end; i++)
		rig_remove_filler(i);
	flavor_settle();
}

/* K is alone in the overflow bucket; M is in the bucket before it. */
static void build_chained(void)
{
	add_fillers(KEY_FILLER, KEY_FILLER + BUCKET_SLOTS);
	rig_store(KEY_K, VALUE_K);
	remove_fillers(KEY_FILLER, KEY_FILLER + BUCKET_SLOTS);
	rig_store(KEY_M, VALUE_M);
}

/* K is in the last slot of a bucket without an empty one: the next insert moves it. */
static void build_bucket_full(void)
{
	rig_store(KEY_M, VALUE_M);
	add_fillers(KEY_FILLER, KEY_FILLER + BUCKET_SLOTS - 2);
	rig_store(KEY_K, VALUE_K);
}

static void rekey(void)
{
	flavor_lock();
	if (rcumap__migrate_rekey_rcu(rig_map, SEED))
		machine_fail("a rekey in the set-up");
	flavor_unlock();
}

/* Amended, nothing moved. */
static void build_amended(void)
{
	build_present();
	rekey();
}

static void build_amended_absent(void)
{
	build_absent();
	rekey();
}

static void move_bucket(size_t index)
{
	struct table *t = snapshot();
	struct stripe *s = table_stripe(t, index);
	size_t moved = 0;

	flavor_lock();
	machine_mutex_lock(&s->lock, "stripe", __func__);
	if (rcumap__migrate_bucket_locked(t, index, &moved) || !moved)
		machine_fail("a bucket does not move in the set-up");
	machine_mutex_unlock(&s->lock, "stripe", __func__);
	rcumap__migrate_settle_rcu(t, moved);
	flavor_unlock();
}

/* K lives in the dirty table, M does not. */
static void build_moved(void)
{
	build_amended();
	move_bucket(index_of(snapshot(), KEY_K));
}

static void build_moved_absent(void)
{
	build_amended_absent();
	move_bucket(index_of(snapshot(), KEY_K));
}

/* Only K's bucket is not moved. */
static void build_last(void)
{
	size_t k;

	build_amended();
	k = index_of(snapshot(), KEY_K);
	for (size_t i = 0; i < table_buckets(snapshot()); i++)
		if (i != k)
			move_bucket(i);
}

/* The dirty bucket is about to be full: K's bucket, which has 8 keys, needs an overflow bucket. */
static void build_dirty_full(void)
{
	rig_store(KEY_M, VALUE_M);
	add_fillers(KEY_FILLER, KEY_FILLER + BUCKET_SLOTS - 1);
	rig_store(KEY_K, VALUE_K);
	rekey();
}

static void build_dirty_full_fails(void)
{
	build_dirty_full();
	rig_fail_chunks();
}

/* As many keys as 4 buckets should hold; the next insert looks, and starts to grow. */
static void build_full(void)
{
	build_absent();
	for (unsigned int i = KEY_FILLER; rig_fillers() + 1 < table_limit(TABLE_MIN_LOG2); i++)
		rig_add_filler(i);
	atomic_store(&snapshot()->stripes[0].budget, 0);
}

/* More keys than 4 buckets should hold: growing to 8. Returns the first filler that is not there. */
static unsigned int grow(void)
{
	unsigned int i = KEY_FILLER;

	build_present();
	while (!atomic_load(&snapshot()->dirty))
		rig_add_filler(i++);
	return i;
}

static void build_growing(void)
{
	(void)grow();
}

/* Grown to 8 buckets; then fewer keys than these should hold: shrinking to 4. */
static void build_shrinking(void)
{
	unsigned int i = grow();

	while (atomic_load(&snapshot()->dirty))
		rig_add_filler(i++);
	flavor_settle();
	/* A delete that starts it would end it, too: a writer moves 8 buckets in passing. So none. */
	atomic_store(&snapshot()->stripes[0].budget, RIG_KEYS);
	while (rig_fillers() + 2 >= table_limit(snapshot()->log2) / 4)
		rig_remove_filler(--i);
	flavor_lock();
	rcumap__migrate_balance_rcu(snapshot(), &snapshot()->stripes[0]);
	flavor_unlock();
	if (!atomic_load(&snapshot()->dirty))
		machine_fail("the table does not shrink in the set-up");
}

#define THIRD(what, on, where) .third = true, .kind = what, .key = on, .seam = where

const struct state states[] = {
	{.name = "absent", .build = build_absent},
	{.name = "present", .build = build_present},
	{.name = "notes", .build = build_present, .shape = {.notes = true}},
	{.name = "deleted", .build = build_present, THIRD(OP_DELETE, KEY_K, SEAM_DELETED)},
	{.name = "tagged", .build = build_absent, THIRD(OP_STORE, KEY_K, SEAM_TAGGED)},
	{.name = "armed", .build = build_present, THIRD(OP_STORE, KEY_K, SEAM_ARMED)},
	{.name = "retiring", .build = build_retiring},
	{.name = "chained", .build = build_chained, .shape = {.one_chain = true}},
	{.name = "bucket-full", .build = build_bucket_full, .shape = {.one_chain = true}},
	{.name = "amended", .build = build_amended},
	{.name = "amended-absent", .build = build_amended_absent},
	{.name = "moved", .build = build_moved},
	{.name = "moved-absent", .build = build_moved_absent},
	{.name = "migrating", .build = build_amended, THIRD(OP_STORE, KEY_Q, SEAM_COPIED)},
	{.name = "promoting", .build = build_last, THIRD(OP_STORE, KEY_Q, SEAM_PROMOTE)},
	{.name = "dirty-full", .build = build_dirty_full, .shape = {.one_chain = true}},
	{.name = "dirty-full-fails", .build = build_dirty_full_fails, .shape = {.one_chain = true}},
	{.name = "full", .build = build_full},
	{.name = "growing", .build = build_growing},
	{.name = "shrinking", .build = build_shrinking},
};

const unsigned int n_states = sizeof(states) / sizeof(states[0]);

const struct state *state_named(const char *name)
{
	for (unsigned int i = 0; i < n_states; i++)
		if (!strcmp(states[i].name, name))
			return &states[i];
	return NULL;
}
