/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_migrate.c - growing, shrinking and changing the seed: no key is lost, doubled or changed on
 * the way, whoever else is there; and each operation does a bounded part of the work.
 */
#include "subject.h"

#include <errno.h>
#include <unistd.h>

#include "../lib/migrate.h"

static void check_present(struct subject *s, uint64_t n)
{
	check_that(subject_generation(s, n), "a key is lost");
}

/* Moves a bucket or two at a time, as a writer would; until the dirty table is promoted. */
static void step_through_migration(struct subject *s, uint64_t keys)
{
	struct rng rng = rng_make(keys);
	struct table *t = subject_snapshot(s);

	while (subject_snapshot(s) == t) {
		rcu_read_lock();
		rcumap__migrate_help_rcu(s->map, rng_next(&rng));
		rcu_read_unlock();
		check_int(rcumap__check(s->map), 0);
		check_size(rcumap_count(s->map), keys);
		for (uint64_t i = 0; i < keys; i++)
			check_present(s, i);
	}
}

static void every_step_of_a_migration_keeps_the_invariants(void **state)
{
	uint64_t (*const hashes[])(const void *, size_t, uint64_t,
				   void *) = {NULL, hash_good, hash_two_bits, hash_constant};

	(void)state;
	for (size_t h = 0; h < sizeof(hashes) / sizeof(*hashes); h++) {
		for (uint64_t keys = 0; keys < 100; keys = 2 * keys + 1) {
			struct subject s;

			subject_make(&s, hashes[h], true, keys);
			check_int(subject_rekey(&s), 0);
			check_int(subject_rekey(&s), -EBUSY);
			step_through_migration(&s, keys);
			check_size(subject_snapshot(&s)->seed, 1);
			subject_unmake(&s);
		}
	}
}

static void invariants_hold_after_each_insert_and_delete(void **state)
{
	uint64_t keys = test_scale(2000, 500);
	struct subject s;

	(void)state;
	subject_make(&s, NULL, true, 0);
	for (uint64_t i = 0; i < keys; i++) {
		subject_store(&s, i, 1);
		check_int(rcumap__check(s.map), 0);
		check_size(rcumap_count(s.map), i + 1);
	}
	for (uint64_t i = 0; i < keys; i++) {
		check_int(rcumap_delete(s.map, &i, sizeof(i)), 1);
		check_int(rcumap__check(s.map), 0);
		check_size(rcumap_count(s.map), keys - i - 1);
	}
	wait_rounds(8);
	check_size(subject_snapshot(&s)->log2, s.map->min_log2);
	subject_unmake(&s);
}

static size_t moved_so_far(const struct subject *s)
{
	const struct table *t = subject_snapshot(s);

	return ((size_t)1 << t->log2) - atomic_load(&t->unmoved);
}

/* The worst insert moves its own bucket and two more, the worst delete eight. */
static void one_operation_moves_a_bounded_number_of_buckets(void **state)
{
	struct subject s;
	size_t most = 0;

	(void)state;
	subject_make(&s, NULL, true, 0);
	rcu_read_lock(); /* so that no callback runs and moves buckets, too */
	for (uint64_t i = 0; i < 20000; i++) {
		const struct table *before = subject_snapshot(&s);
		size_t moved = moved_so_far(&s);

		if (i < 10000)
			subject_store(&s, i, 1);
		else
			check_int(rcumap_delete(s.map, &(uint64_t){i - 10000}, sizeof(i)), 1);
		if (subject_snapshot(&s) == before && moved_so_far(&s) - moved > most)
			most = moved_so_far(&s) - moved;
	}
	rcu_read_unlock();
	check_that(most >= 2 && most <= 9, "an operation moved %zu buckets", most);
	subject_unmake(&s);
}

/* With three buckets an insert, half as many inserts as buckets are more than enough. */
static void a_growth_is_over_long_before_the_next_one(void **state)
{
	struct subject s;
	const struct table *growing = NULL;
	uint64_t began = 0;

	(void)state;
	subject_make(&s, NULL, true, 0);
	for (uint64_t i = 0; i < 20000; i++) {
		subject_store(&s, i, 1);
		if (!growing && subject_amended(&s)) {
			growing = subject_snapshot(&s);
			began = i;
		}
		if (growing && growing != subject_snapshot(&s))
			growing = NULL;
		check_that(!growing || i - began <= (uint64_t)1 << (growing->log2 - 1),
			   "a growth from 2^%d buckets is not over after %d inserts", growing->log2,
			   (int)(i - began));
	}
	subject_unmake(&s);
}

/*
 * Nothing can shrink for want of memory until all keys but one are gone. A table of the
 * size that fits these would be 256 times smaller, and its chains long if the keys came back
 * before the migration is over.
 */
static void a_shrink_is_at_most_thirty_two_fold(void **state)
{
	const uint64_t keys = 6000;
	const struct table *large;
	struct subject s;

	(void)state;
	subject_make(&s, NULL, true, keys);
	check_int(rcumap_drain(s.map), 0);
	large = subject_snapshot(&s);
	check_that(large->log2 >= s.map->min_log2 + 8, "the map is too small");
	atomic_store(&s.alloc.fail_from, sizeof(struct table));
	rcu_read_lock(); /* so that no callback runs and shrinks */
	for (uint64_t i = 1; i < keys; i++)
		check_int(rcumap_delete(s.map, &i, sizeof(i)), 1);
	check_ptr(subject_snapshot(&s), large);
	atomic_store(&s.alloc.fail_from, 0);
	for (uint64_t i = 1; !subject_amended(&s); i++) {
		check_that(i < keys, "nobody shrinks the map");
		subject_store(&s, i, 1);
		check_int(rcumap_delete(s.map, &i, sizeof(i)), 1);
	}
	check_size(atomic_load(&large->dirty)->log2, large->log2 - 5);
	rcu_read_unlock();
	subject_unmake(&s);
}

static void a_map_made_for_its_keys_neither_grows_nor_shrinks(void **state)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct test_alloc alloc = {0};
	struct rcumap *map;
	size_t bytes;

	(void)state;
	attr.expected = 10000;
	test_alloc_attr(&attr, &alloc);
	check_int(rcumap_create(&map, &attr), 0);
	bytes = atomic_load(&alloc.calls);
	for (uint64_t i = 0; i < 10000; i++)
		check_int(rcumap_store(map, &i, sizeof(i), map), 0);
	check_that(!atomic_load(&atomic_load(&map->snapshot)->dirty), "the map grows");
	for (uint64_t i = 0; i < 10000; i++)
		check_int(rcumap_delete(map, &i, sizeof(i)), 1);
	wait_rounds(8);
	check_that(!atomic_load(&atomic_load(&map->snapshot)->dirty), "the map shrinks");
	check_that(atomic_load(&alloc.calls) > bytes, "the allocator was not used");
	check_int(rcumap_destroy_wait(map), 0);
}

static void an_empty_map_takes_less_than_a_kibibyte(void **state)
{
	struct test_alloc alloc = {0};
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct rcumap *map;

	(void)state;
	test_alloc_attr(&attr, &alloc);
	check_int(rcumap_create(&map, &attr), 0);
	check_that(test_alloc_held(&alloc).bytes <= 1024, "an empty map holds %zu bytes",
		   test_alloc_held(&alloc).bytes);
	check_int(rcumap_destroy_wait(map), 0);
}

static void ten_thousand_maps_are_made_and_destroyed(void **state)
{
	size_t maps = test_scale(10000, 2000);
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct test_alloc alloc = {0};

	(void)state;
	test_alloc_attr(&attr, &alloc);
	for (size_t i = 0; i < maps; i++) {
		struct rcumap *map;

		check_int(rcumap_create(&map, &attr), 0);
		check_int(rcumap_store(map, &i, sizeof(i), map), 0);
		check_int(rcumap_destroy(map), 0);
	}
	check_that(test_alloc_await_empty(&alloc, 64), "%zu blocks of %zu maps are left",
		   test_alloc_held(&alloc).blocks, maps);
}

/*
 * Threads: readers who must always find the stable keys, writers who make the map grow and shrink
 * around them, and one who changes the seed.
 */

static void read_stable_keys(struct subject *s, unsigned int index)
{
	struct rng rng = rng_make(index);

	while (!atomic_load(&s->stop))
		check_present(s, rng_below(&rng, s->keys));
}

static void churn_own_keys(struct subject *s, unsigned int index)
{
	uint64_t first = 1000000 * (uint64_t)index, keys = 3000;

	for (size_t round = test_scale(20, 4); round; round--) {
		for (uint64_t i = first; i < first + keys; i++)
			subject_store(s, i, 1);
		for (uint64_t i = first; i < first + keys; i++) {
			check_present(s, i);
			check_int(rcumap_delete(s->map, &i, sizeof(i)), 1);
		}
	}
	atomic_store(&s->stop, true);
}

static void rekey_now_and_then(struct subject *s)
{
	while (!atomic_load(&s->stop)) {
		int err = subject_rekey(s);

		check_that(!err || err == -EBUSY, "rekey failed: %d", err);
		usleep(500);
	}
}

static void run_churn(unsigned int index, void *arg)
{
	struct subject *s = arg;

	if (index < 2)
		read_stable_keys(s, index);
	else if (index < 4)
		churn_own_keys(s, index);
	else
		rekey_now_and_then(s);
}

static void stable_keys_are_never_missed_while_the_map_changes(void **state)
{
	struct subject s;

	(void)state;
	subject_make(&s, NULL, true, 100);
	test_threads_join(test_threads_start(5, run_churn, &s));
	check_size(rcumap_count(s.map) % 3000, s.keys);
	for (uint64_t i = 0; i < s.keys; i++)
		check_present(&s, i);
	subject_unmake(&s);
}

/*
 * Clear against growth and stores.
 */

static void clear_now_and_then(struct subject *s)
{
	for (size_t i = test_scale(300, 60); i; i--) {
		check_int(rcumap_clear(s->map), 0);
		usleep(1000);
	}
	atomic_store(&s->stop, true);
}

/* Deletes may find nothing, because of the clear; but what a thread stores is there until then. */
static void store_and_delete(struct subject *s, unsigned int index)
{
	struct rng rng = rng_make(index);

	while (!atomic_load(&s->stop)) {
		uint64_t n = rng_below(&rng, 5000);
		void *value;

		if (rng_below(&rng, 4)) {
			subject_store(s, n, 1);
			continue;
		}
		rcu_read_lock();
		if (rcumap_load_and_delete(s->map, &n, sizeof(n), &value))
			value_check(value, n);
		rcu_read_unlock();
	}
}

static void run_clear(unsigned int index, void *arg)
{
	if (index == 0)
		clear_now_and_then(arg);
	else
		store_and_delete(arg, index);
}

static void clears_and_growth_and_stores_leak_nothing(void **state)
{
	struct subject s;
	size_t count;

	(void)state;
	subject_make(&s, NULL, true, 0);
	test_threads_join(test_threads_start(4, run_clear, &s));
	check_int(rcumap_drain(s.map), 0);
	count = rcumap_count(s.map);
	check_size(test_alloc_rest(&s.alloc).blocks, count);
	check_size(atomic_load(&s.pool.made) - atomic_load(&s.pool.freed), count);
	check_int(rcumap__check(s.map), 0);
	check_int(rcumap_clear(s.map), 0);
	check_size(rcumap_count(s.map), 0);
	subject_unmake(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_step_of_a_migration_keeps_the_invariants),
		cmocka_unit_test(invariants_hold_after_each_insert_and_delete),
		cmocka_unit_test(one_operation_moves_a_bounded_number_of_buckets),
		cmocka_unit_test(a_growth_is_over_long_before_the_next_one),
		cmocka_unit_test(a_shrink_is_at_most_thirty_two_fold),
		cmocka_unit_test(a_map_made_for_its_keys_neither_grows_nor_shrinks),
		cmocka_unit_test(an_empty_map_takes_less_than_a_kibibyte),
		cmocka_unit_test(ten_thousand_maps_are_made_and_destroyed),
		cmocka_unit_test(stable_keys_are_never_missed_while_the_map_changes),
		cmocka_unit_test(clears_and_growth_and_stores_leak_nothing),
	};

	test_begin();
	return test_end(cmocka_run_group_tests_name("migrate", tests, NULL, NULL));
}
