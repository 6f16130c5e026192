/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_model_clear.c - clear while other threads store, and while the map grows and is promoted: it
 * is one instant for all keys, loses no value, and is not undone. Threads dwell at the seams
 * of the library now and then, where that hurts most.
 */
#include "support.h"

#include <inttypes.h>
#include <sched.h>
#include <urcu/arch.h>

#include "../lib/seam.h"

enum { THREADS = 4, KEYS = 250, A = 1000, B = 1001 };

struct shared {
	struct test_alloc alloc;
	struct value_pool pool;
	struct rcumap *map;
	struct test_held empty; /* what the new map takes */
	size_t operations;
	_Atomic bool done;
};

/* Dwells at a seam, or gives the processor away: seldom, since that is slow on a busy machine. */
static void dwell_at_seam(enum rcumap_seam at)
{
	static _Thread_local struct rng rng;
	size_t dice = rng_below(&rng, 1024);

	(void)at;
	if (dice == 0)
		sched_yield();
	else if (dice < 64)
		for (size_t i = 0; i < 2 * dice; i++)
			caa_cpu_relax();
}

static int setup(void **state)
{
	struct shared *shared = calloc(1, sizeof(*shared));
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;

	if (!shared)
		return -1;
	value_pool_init(&shared->pool);
	value_pool_attr(&attr, &shared->pool, true);
	test_alloc_attr(&attr, &shared->alloc);
	attr.key_len = 8;
	check_int(rcumap_create(&shared->map, &attr), 0);
	shared->empty = test_alloc_held(&shared->alloc);
	shared->operations = test_scale(60000, 10000);
	rcumap__seam_hook = dwell_at_seam;
	*state = shared;
	return 0;
}

/* The map at rest, cleared, has freed all values, and takes as much as a new one. */
static int teardown(void **state)
{
	struct shared *shared = *state;

	rcumap__seam_hook = NULL;
	check_invariants(shared->map);
	check_int(rcumap_clear(shared->map), 0);
	check_size(rcumap_count(shared->map), 0);
	check_int(rcumap_drain(shared->map), 0);
	check_invariants(shared->map);
	check_size(atomic_load(&shared->pool.freed), atomic_load(&shared->pool.made));
	check_size(test_alloc_held(&shared->alloc).bytes, shared->empty.bytes);
	check_int(rcumap_destroy_wait(shared->map), 0);
	check_size(test_alloc_held(&shared->alloc).bytes, 0);
	value_pool_fini(&shared->pool);
	free(shared);
	return 0;
}

static void store(struct shared *shared, uint64_t n, uint64_t generation)
{
	struct test_key k = test_key(8, n);

	check_int(
		rcumap_store(shared->map, k.bytes, k.len, value_new(&shared->pool, n, generation)),
		0);
}

static void delete (struct shared *shared, uint64_t n)
{
	struct test_key k = test_key(8, n);
	void *old;

	rcu_read_lock();
	if (rcumap_load_and_delete(shared->map, k.bytes, k.len, &old))
		value_take(old, n);
	rcu_read_unlock();
}

/* Stores enough for the map to grow before the next clear comes. */
static void grow_and_clear(unsigned int index, void *arg)
{
	struct shared *shared = arg;
	struct rng rng = rng_make(index);

	for (size_t i = 0; i < shared->operations; i++) {
		if (rng_below(&rng, 5))
			store(shared, rng_below(&rng, KEYS), i);
		else
			delete (shared, rng_below(&rng, KEYS));
		if (!rng_below(&rng, 400))
			check_int(rcumap_clear(shared->map), 0);
		if (!rng_below(&rng, 10000))
			check_int(rcumap_drain(shared->map), 0);
	}
}

static void clear_and_promotion_do_not_undo_each_other(void **state)
{
	test_threads_join(test_threads_start(THREADS, grow_and_clear, *state));
}

/* The one of A and B that is stored last in a generation. */
static uint64_t second_of(uint64_t generation)
{
	return generation % 2 ? A : B;
}

/* Stores A and B, then some more, then clears: so the second is there only while the first is. */
static void store_in_order(struct shared *shared)
{
	struct rng rng = rng_make(100);

	for (size_t i = 1; i < shared->operations / 20; i++) {
		store(shared, second_of(i + 1), i);
		store(shared, second_of(i), i);
		for (size_t n = rng_below(&rng, 40); n; n--)
			store(shared, n, i);
		check_int(rcumap_clear(shared->map), 0);
	}
	atomic_store(&shared->done, true);
}

static void *load(struct shared *shared, uint64_t n)
{
	struct test_key k = test_key(8, n);
	void *value = rcumap_load(shared->map, k.bytes, k.len);

	if (value)
		value_check(value, n);
	return value;
}

static void look_in_order(struct shared *shared, uint64_t n)
{
	struct value *second, *first;

	rcu_read_lock();
	second = load(shared, n);
	if (second && second_of(second->generation) == n) {
		first = load(shared, second_of(second->generation + 1));
		check_that(first || load(shared, n) != second,
			   "clear has removed the first key of generation %" PRIu64
			   ", but not the second",
			   second->generation);
	}
	rcu_read_unlock();
}

static void store_or_look(unsigned int index, void *arg)
{
	struct shared *shared = arg;

	if (!index)
		store_in_order(shared);
	while (!atomic_load(&shared->done)) {
		look_in_order(shared, A);
		look_in_order(shared, B);
	}
}

static void clear_is_one_instant_for_all_keys(void **state)
{
	rcumap__seam_hook = NULL; /* the readers never sleep: to give way would take long */
	test_threads_join(test_threads_start(THREADS, store_or_look, *state));
}

int main(void)
{
#define CLEAR_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	static const struct CMUnitTest tests[] = {
		CLEAR_TEST(clear_and_promotion_do_not_undo_each_other),
		CLEAR_TEST(clear_is_one_instant_for_all_keys),
	};

	test_begin();
	return test_end(cmocka_run_group_tests_name("clear", tests, NULL, NULL));
}
