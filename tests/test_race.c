/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_race.c - threads race for a few keys with every operation that changes them, while the map
 * changes its seed. Each value is stored once and says who it is; so each must leave the map
 * exactly once, by one operation that says so, or be there at the end.
 */
#include "support.h"

#include "../lib/internal.h"
#include "../lib/migrate.h"

enum { THREADS = 4, KEYS = 3 };

struct race {
	struct rcumap *map;
	size_t turns;		     /* of each thread */
	_Atomic size_t stored;	     /* values given out so far, which are 1 to stored */
	_Atomic unsigned char *left; /* how often each value has left the map, or was not stored */
};

static void *fresh_value(struct race *race)
{
	return (void *)(uintptr_t)(atomic_fetch_add(&race->stored, 1) + 1);
}

/* @value has left the map, or never got in. */
static void leave(struct race *race, const void *value)
{
	uintptr_t n = (uintptr_t)value;

	if (n)
		check_that(atomic_fetch_add(&race->left[n], 1) == 0,
			   "value %zu has left the map twice", (size_t)n);
}

static void race_swap(struct race *race, const uint64_t *key)
{
	void *old;
	int answer = rcumap_swap(race->map, key, sizeof(*key), fresh_value(race), &old);

	check_int(answer, old ? 1 : 0);
	leave(race, old);
}

static void race_load_or_store(struct race *race, const uint64_t *key)
{
	void *value = fresh_value(race), *actual;
	int answer = rcumap_load_or_store(race->map, key, sizeof(*key), value, &actual);

	check_that(actual && (answer == 1) == (actual != value), "answer %d", answer);
	if (answer)
		leave(race, value);
}

static void race_delete(struct race *race, const uint64_t *key)
{
	void *old;
	int answer = rcumap_load_and_delete(race->map, key, sizeof(*key), &old);

	check_int(answer, old ? 1 : 0);
	leave(race, old);
}

static void race_compare(struct race *race, const uint64_t *key, bool swap)
{
	void *seen, *value;

	rcu_read_lock();
	seen = rcumap_load(race->map, key, sizeof(*key));
	rcu_read_unlock();
	if (!seen)
		return;
	if (!swap) {
		if (rcumap_compare_and_delete(race->map, key, sizeof(*key), seen))
			leave(race, seen);
		return;
	}
	value = fresh_value(race);
	if (rcumap_compare_and_swap(race->map, key, sizeof(*key), seen, value))
		leave(race, seen);
	else
		leave(race, value);
}

static void rekey(struct race *race, uint64_t seed)
{
	rcu_read_lock();
	check_that(rcumap__migrate_rekey_rcu(race->map, seed) <= 0, "a positive error");
	rcu_read_unlock();
}

static void run(unsigned int index, void *arg)
{
	struct race *race = arg;
	struct rng rng = rng_make(index);

	for (size_t i = 0; i < race->turns; i++) {
		uint64_t key = rng_below(&rng, KEYS);

		switch (rng_below(&rng, 6)) {
		case 0:
			race_swap(race, &key);
			break;
		case 1:
			race_load_or_store(race, &key);
			break;
		case 2:
			race_delete(race, &key);
			break;
		case 3:
			race_compare(race, &key, true);
			break;
		default:
			race_compare(race, &key, false);
			break;
		}
		if (!rng_below(&rng, 256))
			rekey(race, rng_next(&rng));
	}
}

static void each_value_leaves_the_map_once(void **state)
{
	struct race race = {.turns = test_scale(1000000, 100000)};
	size_t left = 0, there = 0;

	(void)state;
	race.left = calloc(THREADS * race.turns + 1, sizeof(*race.left));
	check_that(race.left, "out of memory");
	check_int(rcumap_create(&race.map, NULL), 0);
	test_threads_join(test_threads_start(THREADS, run, &race));

	for (uint64_t key = 0; key < KEYS; key++) {
		void *old = NULL;

		there += (size_t)rcumap_load_and_delete(race.map, &key, sizeof(key), &old);
		leave(&race, old);
	}
	check_size(rcumap_count(race.map), 0);
	for (size_t i = 1; i <= atomic_load(&race.stored); i++)
		left += atomic_load(&race.left[i]);
	check_size(left, atomic_load(&race.stored));
	check_that(there <= KEYS, "more keys than were stored");
	check_int(rcumap__check(race.map), 0);
	check_int(rcumap_destroy_wait(race.map), 0);
	free((void *)race.left);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_value_leaves_the_map_once),
	};

	test_begin();
	return test_end(cmocka_run_group_tests_name("race", tests, NULL, NULL));
}
