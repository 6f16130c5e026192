/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_undo.c - a bucket of which only a part could be copied: the copies are taken out again, also
 * one that lies ahead of the copy that was made before it, because others were there in between.
 *
 * The keys are chosen by their buckets, in a map of 16 buckets and two stripes:
 *
 *	snapshot			dirty table
 *	HOME	first ... fourth	NEAR	all full but for one slot, by the keys of OTHER
 *	OTHER	moved before		FAR	likewise
 *
 * The first copy fills NEAR, the second FAR. While the third one's hash is computed, which is a
 * hook of ours, another thread inserts into NEAR, whose last entry, the first copy, moves on to an
 * overflow bucket; and deletes the first key there. The third copy goes to that slot, so it lies
 * ahead of the first. The fourth finds no memory.
 */
#include "subject.h"

#include <errno.h>

#include "../lib/migrate.h"
#include "../lib/table.h"

enum { LOG2 = 4, HOME = 2, OTHER = 12, NEAR = 4, FAR = 11, SEED = 99, COPIES = 4 };

struct undo {
	struct rcumap *map;
	struct test_alloc alloc;
	uint64_t home[COPIES];		 /* NEAR, FAR, NEAR, FAR */
	uint64_t near[BUCKET_SLOTS - 1]; /* the first is deleted */
	uint64_t far[BUCKET_SLOTS - 1];
	uint64_t late; /* inserted by the other thread, into NEAR */
	_Atomic bool armed, done;
};

static size_t bucket_of(const struct undo *u, uint64_t seed, uint64_t n)
{
	return hash_key(u->map, seed, &n, sizeof(n)) >> (64 - LOG2);
}

/* The next number from *@n on that lives in bucket @from of the snapshot, and @to of the other. */
static uint64_t next_key(const struct undo *u, uint64_t *n, size_t from, size_t to)
{
	uint64_t seed = atomic_load(&u->map->snapshot)->seed;

	do
		++*n;
	while (bucket_of(u, seed, *n) != from || bucket_of(u, SEED, *n) != to);
	return *n;
}

static void store(struct undo *u, uint64_t n)
{
	test_note_key(&n, sizeof(n));
	check_int(rcumap_store(u->map, &n, sizeof(n), u), 0);
}

static void choose_keys(struct undo *u)
{
	uint64_t n = 0;

	for (size_t i = 0; i < COPIES; i++)
		u->home[i] = next_key(u, &n, HOME, i % 2 ? FAR : NEAR);
	for (size_t i = 0; i < BUCKET_SLOTS - 1; i++) {
		u->near[i] = next_key(u, &n, OTHER, NEAR);
		u->far[i] = next_key(u, &n, OTHER, FAR);
	}
	u->late = next_key(u, &n, OTHER, NEAR);
}

static void interfere(unsigned int index, void *arg)
{
	struct undo *u = arg;

	(void)index;
	store(u, u->late);
	check_int(rcumap_delete(u->map, &u->near[0], sizeof(u->near[0])), 1);
}

/* Comes when the mover has made two copies and is about to make the third. */
static uint64_t hash_and_interfere(const void *key, size_t len, uint64_t seed, void *ctx)
{
	struct undo *u = ctx;
	uint64_t n;

	memcpy(&n, key, sizeof(n));
	if (seed == SEED && n == u->home[2] && atomic_exchange(&u->armed, false)) {
		test_threads_join(test_threads_start(1, interfere, u));
		atomic_store(&u->done, true);
		atomic_store(&u->alloc.fail_nth, 1);
	}
	return hash_good(key, len, seed, NULL);
}

/* As a writer does that passes. */
static int move_bucket_rcu(struct undo *u, size_t index)
{
	struct table *t = atomic_load(&u->map->snapshot);
	struct stripe *s = table_stripe(t, index);
	size_t moved = 0;
	int err;

	pthread_mutex_lock(&s->lock);
	err = rcumap__migrate_bucket_locked(t, index, &moved);
	pthread_mutex_unlock(&s->lock);
	rcumap__migrate_settle_rcu(t, moved);
	return err;
}

static void make(struct undo *u)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;

	memset(u, 0, sizeof(*u));
	attr.key_len = sizeof(uint64_t);
	attr.expected = table_limit(LOG2);
	attr.hash = hash_and_interfere;
	attr.hash_ctx = u;
	test_alloc_attr(&attr, &u->alloc);
	check_int(rcumap_create(&u->map, &attr), 0);
	check_size(atomic_load(&u->map->snapshot)->log2, LOG2);
	choose_keys(u);
	for (size_t i = 0; i < COPIES; i++)
		store(u, u->home[i]);
	for (size_t i = 0; i < BUCKET_SLOTS - 1; i++) {
		store(u, u->near[i]);
		store(u, u->far[i]);
	}
}

static void check_present(struct undo *u, uint64_t n, bool present)
{
	test_note_key(&n, sizeof(n));
	rcu_read_lock();
	check_ptr(rcumap_load(u->map, &n, sizeof(n)), present ? u : NULL);
	rcu_read_unlock();
}

static void check_all(struct undo *u)
{
	check_int(rcumap__check(u->map), 0);
	check_size(rcumap_count(u->map), COPIES + 2 * (BUCKET_SLOTS - 1));
	for (size_t i = 0; i < COPIES; i++)
		check_present(u, u->home[i], true);
	for (size_t i = 0; i < BUCKET_SLOTS - 1; i++) {
		check_present(u, u->near[i], i);
		check_present(u, u->far[i], true);
	}
	check_present(u, u->late, true);
}

static void a_copy_ahead_of_the_one_before_it_is_taken_out_again(void **state)
{
	struct undo u;

	(void)state;
	make(&u);
	rcu_read_lock(); /* so that no callback runs and moves buckets, too */
	check_int(rcumap__migrate_rekey_rcu(u.map, SEED), 0);
	check_int(move_bucket_rcu(&u, OTHER), 0);
	atomic_store(&u.armed, true);
	check_int(move_bucket_rcu(&u, HOME), -ENOMEM);
	check_that(atomic_load(&u.done), "no other thread interfered");
	check_size(atomic_load(&u.alloc.failed), 1);
	check_all(&u);
	check_int(move_bucket_rcu(&u, HOME), 0);
	check_all(&u);
	rcu_read_unlock();
	check_int(rcumap_destroy_wait(u.map), 0);
	check_size(test_alloc_held(&u.alloc).blocks, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_copy_ahead_of_the_one_before_it_is_taken_out_again),
	};

	test_begin();
	return test_end(cmocka_run_group_tests_name("undo", tests, NULL, NULL));
}
