/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_two_flavors.c - a memb map and a qsbr map in one process, used by the same threads. This
 * half includes the header of memb; test_two_flavors_qsbr.c includes that of qsbr.
 */
#include "support.h"
#include "test_two_flavors.h"

#include <inttypes.h>

enum { THREADS = 2, KEYS = 200 };

struct maps {
	struct value_pool pool[2]; /* memb, qsbr */
	struct rcumap *map[2];
	size_t operations;
};

static void create_memb(struct maps *maps)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;

	value_pool_attr(&attr, &maps->pool[0], true);
	check_int(rcumap_create(&maps->map[0], &attr), 0);
}

static void store(struct maps *maps, int which, uint64_t n)
{
	struct test_key k = test_key(8, n);

	check_int(
		rcumap_store(maps->map[which], k.bytes, k.len, value_new(&maps->pool[which], n, 0)),
		0);
}

/* A value of either map, looked up in a section of both flavors. */
static void load_both(struct maps *maps, uint64_t n)
{
	struct test_key k = test_key(8, n);
	void *value;

	rcu_read_lock();
	for (int which = 0; which < 2; which++) {
		value = rcumap_load(maps->map[which], k.bytes, k.len);
		if (value)
			value_check(value, n);
	}
	rcu_read_unlock();
	qsbr_quiescent_state();
}

static void use_both(unsigned int index, void *arg)
{
	struct maps *maps = arg;
	struct rng rng = rng_make(index);

	qsbr_register_thread();
	for (size_t i = 0; i < maps->operations; i++) {
		uint64_t n = rng_below(&rng, KEYS);
		struct test_key k = test_key(8, n);

		store(maps, (int)(i & 1), n);
		load_both(maps, rng_below(&rng, KEYS));
		check_that(rcumap_delete(maps->map[~i & 1], k.bytes, k.len) >= 0, "delete failed");
		if (!(i % 5000)) {
			check_int(qsbr_drain(maps->map[0]), 0);
			check_int(qsbr_drain(maps->map[1]), 0);
		}
	}
	qsbr_unregister_thread();
}

static void two_flavors_live_in_one_process(void **state)
{
	struct maps maps = {.operations = test_scale(20000, 5000)};

	(void)state;
	for (int which = 0; which < 2; which++)
		value_pool_init(&maps.pool[which]);
	create_memb(&maps);
	check_int(qsbr_create(&maps.map[1], &maps.pool[1]), 0);
	check_that(qsbr_flavor() != &rcu_flavor, "both halves have one flavor");
	test_threads_join(test_threads_start(THREADS, use_both, &maps));
	check_int(rcumap_destroy_wait(maps.map[0]), 0);
	qsbr_register_thread();
	check_int(rcumap_destroy_wait(maps.map[1]), 0);
	qsbr_unregister_thread();
	for (int which = 0; which < 2; which++)
		value_pool_fini(&maps.pool[which]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_flavors_live_in_one_process),
	};

	test_begin();
	return test_end(cmocka_run_group_tests_name("two flavors", tests, NULL, NULL));
}
