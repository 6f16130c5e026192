/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_threads.c - threads that come and go by thousands, each of which leaves something to
 * reclaim: nothing of the map is tied to the thread that was there. Compiled once for each flavor
 * of liburcu; with bp, they don't register.
 */
#include "support.h"

#include <errno.h>

enum { AT_ONCE = 16, KEYS = 100, OPERATIONS = 20, OWN = 1000000 };

struct fixture {
	struct test_alloc alloc;
	struct value_pool pool;
	struct rcumap *map;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;

	if (!f)
		return -1;
	value_pool_init(&f->pool);
	value_pool_attr(&attr, &f->pool, false);
	test_alloc_attr(&attr, &f->alloc);
	check_int(rcumap_create(&f->map, &attr), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	check_int(rcumap_destroy_wait(f->map), 0);
	check_size(test_alloc_held(&f->alloc).bytes, 0);
	value_pool_fini(&f->pool);
	free(f);
	return 0;
}

static void store(struct fixture *f, uint64_t n)
{
	check_int(rcumap_store(f->map, &n, sizeof(n), value_new(&f->pool, n, 1)), 0);
}

/* A short life: shared keys are replaced and deleted, one that is the thread's own is left. */
static void live(struct fixture *f, uint64_t number)
{
	struct rng rng = rng_make(number);

	for (int i = 0; i < OPERATIONS; i++) {
		uint64_t n = rng_below(&rng, KEYS);
		void *value;

		if (i % 2)
			store(f, n);
		else
			check_that(rcumap_delete(f->map, &n, sizeof(n)) >= 0, "delete failed");
		rcu_read_lock();
		value = rcumap_load(f->map, &n, sizeof(n));
		if (value)
			value_check(value, n);
		rcu_read_unlock();
	}
	store(f, OWN + number);
}

struct life {
	struct fixture *f;
	uint64_t number;
	pthread_t thread;
};

static void *live_registered(void *arg)
{
	struct life *life = arg;

#if !defined(FLAVOR_BP)
	rcu_register_thread();
#endif
	live(life->f, life->number);
#if !defined(FLAVOR_BP)
	rcu_unregister_thread();
#endif
	return NULL;
}

/* The thread's garbage goes to a worker of its own, which goes when the thread does. */
static void *live_with_worker(void *arg)
{
	struct life *life = arg;
	struct call_rcu_data *worker = create_call_rcu_data(0, -1);

	check_that(worker, "there is no worker");
	rcu_register_thread();
	set_thread_call_rcu_data(worker);
	live(life->f, life->number);
	set_thread_call_rcu_data(NULL);
	rcu_thread_offline();
	call_rcu_data_free(worker); /* what waits goes to the default worker */
	rcu_thread_online();
	rcu_unregister_thread();
	return NULL;
}

/* Waiting for them, this thread must not hold up grace periods. */
static void come_and_go(struct fixture *f, size_t threads, void *(*run)(void *))
{
	struct life lives[AT_ONCE] = {0};

	rcu_thread_offline();
	for (size_t i = 0; i < threads + AT_ONCE; i++) {
		struct life *life = &lives[i % AT_ONCE];

		if (i >= AT_ONCE && life->f)
			check_int(pthread_join(life->thread, NULL), 0);
		*life = (struct life){.f = i < threads ? f : NULL, .number = i};
		if (life->f)
			check_int(pthread_create(&life->thread, NULL, run, life), 0);
	}
	rcu_thread_online();
}

/* Each thread's own key is there, and nothing but what is in the map is held. */
static void check_lives(struct fixture *f, size_t threads)
{
	size_t keys = rcumap_count(f->map);

	check_that(keys >= threads && keys <= threads + KEYS, "%zu threads left %zu keys", threads,
		   keys);
	rcu_read_lock();
	for (uint64_t n = OWN; n < OWN + threads; n++) {
		void *value = rcumap_load(f->map, &n, sizeof(n));

		check_that(value, "a thread's key is lost");
		value_check(value, n);
	}
	rcu_read_unlock();
	check_int(rcumap_drain(f->map), 0);
	check_size(test_alloc_rest(&f->alloc).blocks, keys);
	check_size(atomic_load(&f->pool.made) - atomic_load(&f->pool.freed), keys);
}

static void threads_come_and_go_by_thousands(void **state)
{
	size_t threads = test_scale(10000, 2000);

	come_and_go(*state, threads, live_registered);
	check_lives(*state, threads);
}

static void threads_come_and_go_with_workers_of_their_own(void **state)
{
	size_t threads = test_scale(500, 50);

	come_and_go(*state, threads, live_with_worker);
	check_lives(*state, threads);
}

int main(void)
{
#define THREADS_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	static const struct CMUnitTest tests[] = {
		THREADS_TEST(threads_come_and_go_by_thousands),
		THREADS_TEST(threads_come_and_go_with_workers_of_their_own),
	};

	test_begin();
	return test_end(cmocka_run_group_tests_name("threads " FLAVOR_NAME, tests, NULL, NULL));
}
