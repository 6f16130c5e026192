/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_exit.c - a process may end at any time: with callbacks pending, in a section, while other
 * threads are in operations and the worker is in value_free. Each case runs in a process of its
 * own, which must end with the status that it gave, soon.
 */
#include "support.h"

#include <errno.h>
#include <unistd.h>

enum { KEYS = 1000, THREADS = 3 }; /* tables below 64 KiB: leak checkers look into those */

/* Static, so that it outlives main(): the worker runs on while the process ends. */
static struct value_pool pool;
static struct test_alloc alloc;
static struct rcumap *map;

static void make(uint64_t keys)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;

	value_pool_init(&pool);
	value_pool_attr(&attr, &pool, true);
	test_alloc_attr(&attr, &alloc);
	check_int(rcumap_create(&map, &attr), 0);
	for (uint64_t i = 0; i < keys; i++)
		check_int(rcumap_store(map, &i, sizeof(i), value_new(&pool, i, 1)), 0);
}

static void delete_all(void)
{
	for (uint64_t i = 0; i < KEYS; i++)
		check_int(rcumap_delete(map, &i, sizeof(i)), 1);
}

static void with_deletes_pending(void)
{
	make(KEYS);
	delete_all();
}

static void with_deletes_pending_behind_a_section(void)
{
	make(KEYS);
	rcu_read_lock();
	delete_all();
}

static void with_a_clear_pending(void)
{
	make(KEYS);
	check_int(rcumap_clear(map), 0);
}

static void with_a_destroy_pending(void)
{
	make(KEYS);
	check_int(rcumap_destroy(map), 0);
}

static void with_a_destroy_under_way(void)
{
	make(KEYS);
	check_int(rcumap_destroy(map), 0);
	wait_rounds(2);
}

/* As a program does that cleans up at its end. */
static void destroy_at_exit(void)
{
	check_int(rcumap_destroy_wait(map), 0);
	check_size(test_alloc_held(&alloc).blocks, 0);
	check_size(atomic_load(&pool.freed), atomic_load(&pool.made));
}

static void with_a_destroy_in_an_exit_handler(void)
{
	make(KEYS);
	delete_all();
	atexit(destroy_at_exit);
}

static void store_and_delete_for_ever(unsigned int index, void *arg)
{
	struct rng rng = rng_make(index);

	for (;;) {
		uint64_t n = rng_below(&rng, KEYS);

		check_int(rcumap_store(map, &n, sizeof(n), value_new(&pool, n, 1)), 0);
		check_that(rcumap_delete(map, &n, sizeof(n)) >= 0, "delete failed");
		atomic_fetch_add((_Atomic size_t *)arg, 1);
	}
}

static void with_threads_in_operations(void)
{
	static _Atomic size_t operations;

	make(0);
	test_threads_start(THREADS, store_and_delete_for_ever, &operations);
	while (atomic_load(&operations) < 1000)
		usleep(100);
}

/* Runs @leave in a child, which then exits. */
static void exit_with(void (*leave)(void))
{
	pid_t pid = test_fork(); /* no handlers: no worker runs yet in this process */

	if (!pid) {
		leave();
		exit(EXIT_SUCCESS);
	}
	test_await_child(pid);
}

static void a_process_may_exit_with_callbacks_pending(void **state)
{
	static void (*const cases[])(void) = {
		with_deletes_pending,	  with_deletes_pending_behind_a_section,
		with_a_clear_pending,	  with_a_destroy_pending,
		with_a_destroy_under_way,
	};

	(void)state;
	for (size_t rounds = test_scale(10, 2); rounds; rounds--)
		for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
			exit_with(cases[i]);
}

static void an_exit_handler_may_destroy_the_map(void **state)
{
	(void)state;
	exit_with(with_a_destroy_in_an_exit_handler);
}

static void a_process_may_exit_while_threads_are_in_operations(void **state)
{
	(void)state;
	for (size_t rounds = test_scale(10, 2); rounds; rounds--)
		exit_with(with_threads_in_operations);
}

static void *outlive_main(void *arg)
{
	pthread_join(*(pthread_t *)arg, NULL);
	rcu_register_thread();
	destroy_at_exit();
	rcu_unregister_thread();
	_exit(EXIT_SUCCESS); /* leak checkers would miss what only the main thread's stack knew */
}

static void the_main_thread_may_end_first(void **state)
{
	static pthread_t main_thread, other;
	pid_t pid = test_fork();

	(void)state;
	if (!pid) {
		make(KEYS);
		delete_all();
		main_thread = pthread_self();
		check_int(pthread_create(&other, NULL, outlive_main, &main_thread), 0);
		rcu_unregister_thread();
		pthread_exit(NULL);
	}
	test_await_child(pid);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_may_exit_with_callbacks_pending),
		cmocka_unit_test(an_exit_handler_may_destroy_the_map),
		cmocka_unit_test(a_process_may_exit_while_threads_are_in_operations),
		cmocka_unit_test(the_main_thread_may_end_first),
	};

	test_begin();
	return test_end(cmocka_run_group_tests_name("exit", tests, NULL, NULL));
}
