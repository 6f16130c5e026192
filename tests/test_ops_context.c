/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_ops_context.c - where operations may be called: inside a section, in a visit callback (of a
 * range within a range, too), in value_free; and what waits says -EDEADLK there.
 */
#include "test_ops_fixture.h"

#include <errno.h>
#include <inttypes.h>
#include <semaphore.h>

/* Every operation once, on key @n, which is absent before and after. */
static void every_operation(struct fixture *f, uint64_t n)
{
	struct test_key k = key_of(f, n);
	struct value *v[6];
	void *out;

	for (int i = 0; i < 6; i++)
		v[i] = new_value(f, n);
	rcu_read_lock();
	check_int(rcumap_store(f->map, k.bytes, k.len, v[0]), 0);
	check_ptr(load(f, &k), v[0]);
	check_int(rcumap_swap(f->map, k.bytes, k.len, v[1], &out), 1);
	check_ptr(out, v[0]);
	check_int(rcumap_load_or_store(f->map, k.bytes, k.len, v[2], &out), 1);
	check_ptr(out, v[1]);
	check_int(rcumap_compare_and_swap(f->map, k.bytes, k.len, v[1], v[2]), 1);
	check_int(rcumap_compare_and_delete(f->map, k.bytes, k.len, v[1]), 0);
	check_int(rcumap_load_and_delete(f->map, k.bytes, k.len, &out), 1);
	check_ptr(out, v[2]);
	check_int(rcumap_load_or_store(f->map, k.bytes, k.len, v[3], &out), 0);
	check_int(rcumap_delete(f->map, k.bytes, k.len), 1);
	check_int(rcumap_swap(f->map, k.bytes, k.len, v[4], &out), 0);
	check_int(rcumap_compare_and_delete(f->map, k.bytes, k.len, v[4]), 1);
	check_ptr(load(f, &k), NULL);
	rcu_read_unlock();
	not_stored(f, v[5]);
}

/* Where waiting for a grace period would be waiting for oneself; the map must be left alone. */
static void check_no_waiting(struct fixture *f, struct rcumap *map)
{
	check_int(rcumap_drain(map), -EDEADLK);
	check_int(rcumap_destroy_wait(map), -EDEADLK);
	check_int(rcumap_drain(f->map), -EDEADLK);
	check_int(rcumap_destroy_wait(f->map), -EDEADLK);
}

static void every_operation_works_inside_a_section(void **state)
{
	struct fixture *f = *state;
	struct rcumap *other;
	struct rcumap_attr attr = fixture_attr(f);
	struct seen seen = {.f = f};

	rcu_read_lock();
	check_int(rcumap_create(&other, &attr), 0);
	every_operation(f, 100);
	check_int(rcumap_range(f->map, see, &seen), 0);
	check_int(rcumap_clear(f->map), 0);
	check_size(rcumap_count(f->map), 0);
	check_no_waiting(f, other);
	rcu_read_lock();
	rcu_read_unlock();
	check_no_waiting(f, other);
	check_int(rcumap_destroy(other), 0);
	rcu_read_unlock();
	check_freed(f, 5);
}

static int count_visit(const void *key, size_t len, void *value, void *ctx)
{
	(void)key, (void)len, (void)value;
	++*(size_t *)ctx;
	return 0;
}

static int use_all(const void *key, size_t len, void *value, void *ctx)
{
	struct seen *seen = ctx;
	struct fixture *f = seen->f;
	struct rcumap_attr attr = fixture_attr(f);
	struct rcumap *other;
	size_t nested = 0;

	see(key, len, value, ctx);
	every_operation(f, 200);
	check_int(rcumap_range(f->map, count_visit, &nested), 0);
	check_size(nested, rcumap_count(f->map));
	check_int(rcumap_create(&other, &attr), 0);
	check_no_waiting(f, other);
	check_int(rcumap_destroy(other), 0);
	return 0;
}

static void every_operation_works_in_a_visit(void **state)
{
	struct fixture *f = *state;
	struct seen seen = {.f = f};

	for (uint64_t n = 0; n < 30; n++)
		store_new(f, n);
	check_int(rcumap_range(f->map, use_all, &seen), 0);
	check_size(seen.visits, 30);
	check_freed(f, 30 * 5);
}

static int grow_then_clear(const void *key, size_t len, void *value, void *ctx)
{
	struct seen *seen = ctx;
	struct fixture *f = seen->f;

	see(key, len, value, ctx);
	if (seen->visits == 1)
		for (uint64_t n = 30; n < 250; n++)
			store_new(f, n);
	if (seen->visits == 20)
		check_int(rcumap_clear(f->map), 0);
	return 0;
}

static void a_visit_may_grow_and_clear_the_map(void **state)
{
	struct fixture *f = *state;
	unsigned char times[250] = {0};
	struct seen seen = {.f = f, .times = times};

	for (uint64_t n = 0; n < 30; n++)
		store_new(f, n);
	check_int(rcumap_range(f->map, grow_then_clear, &seen), 0);
	for (size_t n = 0; n < 250; n++)
		check_that(times[n] <= 1, "range visited key %zu %d times", n, times[n]);
	check_size(rcumap_count(f->map), 0);
	check_freed(f, 250);
}

static int delete_itself(const void *key, size_t len, void *value, void *ctx)
{
	struct seen *seen = ctx;

	see(key, len, value, ctx);
	check_int(rcumap_compare_and_delete(seen->f->map, key, len, value), 1);
	return see(key, len, value, ctx); /* key and value last to the end of the visit */
}

static void a_visit_may_delete_what_it_visits(void **state)
{
	struct fixture *f = *state;
	struct seen seen = {.f = f};

	for (uint64_t n = 0; n < 250; n++)
		store_new(f, n);
	check_int(rcumap_range(f->map, delete_itself, &seen), 0);
	check_size(seen.visits, 2 * 250);
	check_size(rcumap_count(f->map), 0);
	check_freed(f, 250);
}

/* What the caller does after destroy_wait() said no must still work. */
static void destroy_inside_a_section_works(void **state)
{
	struct fixture *f = *state;
	struct test_key k = key_of(f, 13);
	struct value *v = new_value(f, 13);

	check_int(rcumap_store(f->map, k.bytes, k.len, v), 0);
	rcu_read_lock();
	check_ptr(load(f, &k), v);
	check_int(rcumap_destroy_wait(f->map), -EDEADLK);
	check_ptr(load(f, &k), v);
	check_int(rcumap_destroy(f->map), 0);
	f->map = NULL;
	value_check(v, 13); /* it outlives the section */
	rcu_read_unlock();
	check_that(test_alloc_await_empty(&f->alloc, 64), "destroy leaves memory behind");
	wait_rounds(8);
	check_size(atomic_load(&f->pool.freed), f->kind->values == VALUES_PLAIN ? 0 : 1);
}

/*
 * In value_free
 */

struct inside {
	struct fixture *f;
	struct rcumap *other; /* to be destroyed in value_free */
	size_t calls;	      /* plain: one worker calls */
};

/* value_free: does everything at the first call; what that retires comes back in later calls. */
static void use_all_in_value_free(void *value, void *ctx)
{
	struct inside *inside = ctx;
	struct fixture *f = inside->f;
	size_t nested = 0;

	if (!inside->calls++) {
		value_check(value, ((struct value *)value)->key);
		every_operation(f, 100);
		check_int(rcumap_range(f->map, count_visit, &nested), 0);
		check_size(nested, 20);
		check_no_waiting(f, inside->other);
		check_int(rcumap_destroy(inside->other), 0);
		check_int(rcumap_clear(f->map), 0);
		check_size(rcumap_count(f->map), 0);
	}
	check_int(rcumap_drain(f->map), -EDEADLK); /* after a clear, too */
	value_free(value, &f->pool);
}

static void every_operation_works_in_value_free(void **state)
{
	struct fixture *f = *state;
	struct inside inside = {.f = f};
	struct rcumap_attr attr = fixture_attr(f);
	struct test_key k = key_of(f, 20);

	if (f->kind->values == VALUES_PLAIN)
		return;
	check_int(rcumap_create(&inside.other, &attr), 0);
	check_int(rcumap_store(inside.other, k.bytes, k.len, new_value(f, 20)), 0);
	check_int(rcumap_destroy_wait(f->map), 0);
	attr.value_free = use_all_in_value_free;
	attr.value_ctx = &inside;
	check_int(rcumap_create(&f->map, &attr), 0);
	for (uint64_t n = 0; n <= 20; n++)
		store_new(f, n);
	check_int(rcumap_delete(f->map, k.bytes, k.len), 1);
	check_int(rcumap_drain(f->map), 0); /* that value, and what value_free did */
	check_int(rcumap_drain(f->map), 0); /* what that retired */
	check_size(inside.calls, 1 + 5 + 20);
	wait_rounds(8); /* for the map that was destroyed in value_free */
	check_size(atomic_load(&f->pool.freed), atomic_load(&f->pool.made));
	check_int(rcumap_destroy_wait(f->map), 0); /* its context ends here */
	f->map = NULL;
}

/*
 * Other threads
 */

struct older {
	struct fixture *f;
	sem_t inside, destroyed;
};

/* In a section that is older than the destroy, operations go on; what they store is freed, too. */
static void use_in_older_section(unsigned int index, void *arg)
{
	struct older *older = arg;
	struct fixture *f = older->f;

	(void)index;
	rcu_read_lock();
	sem_post(&older->inside);
	while (sem_wait(&older->destroyed))
		;
	every_operation(f, 50);
	for (uint64_t n = 0; n < 60; n++)
		store_new(f, n);
	check_size(rcumap_count(f->map), 60);
	check_int(rcumap_clear(f->map), 0);
	for (uint64_t n = 100; n < 220; n++)
		store_new(f, n);
	check_size(rcumap_count(f->map), 120);
	rcu_read_unlock();
}

static void operations_in_an_older_section_may_outlive_destroy(void **state)
{
	struct fixture *f = *state;
	struct older older = {.f = f};
	struct test_threads *threads;

	sem_init(&older.inside, 0, 0);
	sem_init(&older.destroyed, 0, 0);
	store_new(f, 1);
	threads = test_threads_start(1, use_in_older_section, &older);
	while (sem_wait(&older.inside))
		;
	check_int(rcumap_destroy(f->map), 0);
	sem_post(&older.destroyed);
	test_threads_join(threads);
	f->map = NULL; /* the fixture checks that all is given back */
}

static void *create_unregistered(void *arg)
{
	struct fixture *f = arg;
	struct rcumap_attr attr = fixture_attr(f);

	return rcumap_create(&f->map, &attr) ? f : NULL;
}

static void an_unregistered_thread_may_create_a_map(void **state)
{
	struct fixture *f = *state;
	pthread_t thread;
	void *failed;

	check_int(rcumap_destroy(f->map), 0);
	check_int(pthread_create(&thread, NULL, create_unregistered, f), 0);
	check_int(pthread_join(thread, &failed), 0);
	check_ptr(failed, NULL);
	every_operation(f, 1);
	check_freed(f, 5);
}

static const struct CMUnitTest tests[] = {
	OPS_TEST(every_operation_works_inside_a_section),
	OPS_TEST(every_operation_works_in_a_visit),
	OPS_TEST(a_visit_may_grow_and_clear_the_map),
	OPS_TEST(a_visit_may_delete_what_it_visits),
	OPS_TEST(every_operation_works_in_value_free),
	OPS_TEST(destroy_inside_a_section_works),
	OPS_TEST(operations_in_an_older_section_may_outlive_destroy),
	OPS_TEST(an_unregistered_thread_may_create_a_map),
};

int main(void)
{
	test_begin();
	return test_end(fixture_run_all(tests, sizeof(tests) / sizeof(tests[0])));
}
