/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_flavors.c - the shared library under one flavor of liburcu. Compiled once for each: memb,
 * mb, qsbr, bp. Threads use every operation as the flavor's rules allow: qsbr threads report
 * quiescent states and go offline now and then, bp threads need not register.
 */
#include "support.h"

#include <errno.h>
#include <inttypes.h>

#if defined(FLAVOR_QSBR)
#define IS_QSBR 1
#else
#define IS_QSBR 0
#endif

enum { THREADS = 4, KEYS = 300 }; /* of each thread */

struct fixture {
	struct test_alloc alloc;
	struct value_pool pool;
	struct rcumap *map;
	size_t operations;
	_Atomic size_t freed[THREADS + 1]; /* values by owner; the last one's are nobody's */
};

struct worker {
	struct fixture *f;
	struct rng rng;
	unsigned int index;
	size_t retired;
	struct value *mine[KEYS];
};

static void free_counting(void *ptr, void *ctx)
{
	struct fixture *f = ctx;

	atomic_fetch_add(&f->freed[((struct value *)ptr)->generation], 1);
	value_free(ptr, &f->pool);
}

/* Every operation that looks for a key is in a section by then, whoever opened it. */
static uint64_t hash_in_section(const void *key, size_t len, uint64_t seed, void *ctx)
{
	check_that(rcu_read_ongoing(), "the hash is called outside a section");
	return hash_good(key, len, seed, ctx);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;

	if (!f)
		return -1;
	value_pool_init(&f->pool);
	value_pool_attr(&attr, &f->pool, true);
	attr.value_free = free_counting;
	attr.value_ctx = f;
	attr.hash = hash_in_section;
	test_alloc_attr(&attr, &f->alloc);
	check_int(rcumap_create(&f->map, &attr), 0);
	f->operations = test_scale(200000, 20000);
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

/*
 * Threads with keys of their own
 */

static uint64_t number_of(const struct worker *w, size_t i)
{
	return i * THREADS + w->index;
}

static struct value *new_value(struct worker *w, size_t i)
{
	return value_new(&w->f->pool, number_of(w, i), w->index);
}

static void set_mine(struct worker *w, size_t i, struct value *value)
{
	w->retired += !!w->mine[i];
	w->mine[i] = value;
}

static void look(struct worker *w, size_t i)
{
	struct test_key k = test_key(0, number_of(w, i));

	rcu_read_lock();
	check_ptr(rcumap_load(w->f->map, k.bytes, k.len), w->mine[i]);
	if (w->mine[i])
		value_check(w->mine[i], number_of(w, i));
	rcu_read_unlock();
}

/* Any operation but load; with qsbr it may be called by an offline thread. */
static void change(struct worker *w, size_t i)
{
	struct test_key k = test_key(0, number_of(w, i));
	struct rcumap *map = w->f->map;
	struct value *was = w->mine[i], *value = new_value(w, i);
	bool stored = true;
	void *out = w;

	switch (rng_below(&w->rng, 6)) {
	case 0:
		check_int(rcumap_store(map, k.bytes, k.len, value), 0);
		break;
	case 1:
		check_int(rcumap_swap(map, k.bytes, k.len, value, &out), !!was);
		check_ptr(out, was);
		break;
	case 2:
		check_int(rcumap_load_or_store(map, k.bytes, k.len, value, &out), !!was);
		check_ptr(out, was ? was : value);
		stored = !was;
		break;
	case 3:
		stored = was;
		check_int(rcumap_compare_and_swap(map, k.bytes, k.len, was ? was : value, value),
			  stored);
		break;
	case 4:
		check_int(rcumap_load_and_delete(map, k.bytes, k.len, &out), !!was);
		check_ptr(out, was);
		stored = false;
		set_mine(w, i, NULL);
		break;
	case 5:
		check_int(rcumap_compare_and_delete(map, k.bytes, k.len, was ? was : value), !!was);
		stored = false;
		set_mine(w, i, NULL);
		break;
	}
	if (stored)
		set_mine(w, i, value);
	else
		value_free(value, &w->f->pool);
}

static int count_mine(const void *key, size_t len, void *ptr, void *ctx)
{
	struct worker *w = ctx;
	struct value *value = ptr;

	(void)key, (void)len;
	if (value_check(value, value->key) != w->index)
		return 0;
	check_ptr(w->mine[value->key / THREADS], value);
	w->retired++; /* borrowed as a counter of visits */
	return 0;
}

static void look_at_all(struct worker *w)
{
	size_t retired = w->retired, present = 0;

	for (size_t i = 0; i < KEYS; i++)
		present += !!w->mine[i];
	check_int(rcumap_range(w->f->map, count_mine, w), 0);
	check_size(w->retired - retired, present);
	w->retired = retired;
	check_that(rcumap_count(w->f->map) <= THREADS * KEYS, "the count is too high");
}

/* What this thread retired is freed: so qsbr's drain is a quiescent state of this thread, too. */
static void drain(struct worker *w)
{
	bool online = rcu_read_ongoing();

	check_int(rcumap_drain(w->f->map), 0);
	check_size(atomic_load(&w->f->freed[w->index]), w->retired);
	check_int(!!rcu_read_ongoing(), online);
}

/* What only qsbr has: offline for an operation, which must leave the thread as it found it. */
static void change_offline(struct worker *w, size_t i)
{
	rcu_thread_offline();
	change(w, i);
	check_int(rcu_read_ongoing(), 0);
	rcu_thread_online();
}

static void use_own_keys(unsigned int index, void *arg)
{
	struct fixture *f = arg;
	struct worker *w = calloc(1, sizeof(*w));

	w->f = f;
	w->index = index;
	w->rng = rng_make(index);
	for (size_t n = 0; n < f->operations; n++) {
		size_t i = rng_below(&w->rng, KEYS), dice = rng_below(&w->rng, 10000);

		if (dice < 6000)
			look(w, i);
		else if (dice < 9000)
			change(w, i);
		else if (dice < 9980)
			change_offline(w, i);
		else
			look_at_all(w);
		if (!rng_below(&w->rng, 20000))
			drain(w);
		rcu_quiescent_state();
	}
	look_at_all(w);
	drain(w);
	for (size_t i = 0; i < KEYS; i++)
		look(w, i);
	free(w);
}

static void threads_get_right_answers(void **state)
{
	test_threads_join(test_threads_start(THREADS, use_own_keys, *state));
}

/*
 * Threads that share keys with one that clears
 */

static void store_and_load(struct fixture *f, struct rng *rng)
{
	uint64_t n = rng_below(rng, 200);
	struct test_key k = test_key(0, n);
	struct value *value = value_new(&f->pool, n, THREADS);
	void *out;

	rcu_read_lock();
	check_that(rcumap_swap(f->map, k.bytes, k.len, value, &out) >= 0, "swap failed");
	if (out)
		value_check(out, n);
	out = rcumap_load(f->map, k.bytes, k.len);
	if (out)
		value_check(out, n);
	rcu_read_unlock();
	rcu_quiescent_state();
}

static void clear_or_store(unsigned int index, void *arg)
{
	struct fixture *f = arg;
	struct rng rng = rng_make(100 + index);

	for (size_t n = 0; n < f->operations / 4; n++) {
		store_and_load(f, &rng);
		if (!index && !rng_below(&rng, 100))
			check_int(rcumap_clear(f->map), 0);
	}
}

static void clear_leaves_no_value_behind(void **state)
{
	struct fixture *f = *state;

	test_threads_join(test_threads_start(THREADS, clear_or_store, f));
	check_int(rcumap_clear(f->map), 0);
	check_size(rcumap_count(f->map), 0);
	check_int(rcumap_drain(f->map), 0);
	check_size(atomic_load(&f->pool.freed), atomic_load(&f->pool.made));
}

/*
 * What drain and destroy_wait say
 */

static void a_section_is_seen_unless_the_flavor_is_qsbr(void **state)
{
	struct fixture *f = *state;

	rcu_read_lock();
	check_int(rcumap_drain(f->map), IS_QSBR ? 0 : -EDEADLK);
	if (!IS_QSBR) {
		check_int(rcumap_destroy_wait(f->map), -EDEADLK);
		rcu_read_lock();
		rcu_read_unlock();
		check_int(rcumap_drain(f->map), -EDEADLK);
	}
	rcu_read_unlock();
	check_int(rcumap_drain(f->map), 0);
}

static int wait_in_visit(const void *key, size_t len, void *value, void *ctx)
{
	struct fixture *f = ctx;
	struct rcumap *other;

	(void)key, (void)len, (void)value;
	check_int(rcumap_create(&other, NULL), 0);
	check_int(rcumap_drain(f->map), -EDEADLK);
	check_int(rcumap_destroy_wait(f->map), -EDEADLK);
	check_int(rcumap_drain(other), -EDEADLK);
	check_int(rcumap_destroy_wait(other), -EDEADLK);
	check_int(rcumap_destroy(other), 0);
	return 17;
}

static void a_visit_may_not_wait(void **state)
{
	struct fixture *f = *state;

	check_int(rcumap_store(f->map, "k", 1, value_new(&f->pool, 0, THREADS)), 0);
	check_int(rcumap_range(f->map, wait_in_visit, f), 17);
	check_int(rcumap_drain(f->map), 0);
}

static void wait_in_value_free(void *value, void *ctx)
{
	struct rcumap **maps = ctx;

	(void)value;
	for (int i = 0; i < 2; i++) {
		check_int(rcumap_drain(maps[i]), -EDEADLK);
		check_int(rcumap_destroy_wait(maps[i]), -EDEADLK);
	}
	maps[2] = NULL;
}

static void value_free_may_not_wait(void **state)
{
	struct fixture *f = *state;
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct rcumap *maps[3] = {f->map, NULL, f->map};

	attr.value_free = wait_in_value_free;
	attr.value_ctx = maps;
	check_int(rcumap_create(&maps[1], &attr), 0);
	check_int(rcumap_store(maps[1], "k", 1, f), 0);
	check_int(rcumap_delete(maps[1], "k", 1), 1);
	check_int(rcumap_drain(maps[1]), 0);
	check_ptr(maps[2], NULL);
	check_int(rcumap_destroy_wait(maps[1]), 0);
}

/* The thread is online and reports nothing: if drain were no quiescent state, it would hang. */
static void drain_waits_for_all_but_the_caller(void **state)
{
	struct fixture *f = *state;

	check_int(rcumap_store(f->map, "k", 1, value_new(&f->pool, 0, THREADS)), 0);
	check_int(rcumap_delete(f->map, "k", 1), 1);
	check_int(rcumap_drain(f->map), 0);
	check_size(atomic_load(&f->pool.freed), 1);
	check_int(!!rcu_read_ongoing(), IS_QSBR);
#if IS_QSBR
	rcu_thread_offline();
	check_int(rcumap_store(f->map, "k", 1, value_new(&f->pool, 0, THREADS)), 0);
	check_int(rcumap_delete(f->map, "k", 1), 1);
	check_int(rcumap_drain(f->map), 0);
	check_size(atomic_load(&f->pool.freed), 2);
	check_int(rcu_read_ongoing(), 0);
	rcu_thread_online();
#endif
}

/*
 * Who is registered
 */

static void *create_map(void *arg)
{
	return rcumap_create((struct rcumap **)arg, NULL) ? arg : NULL;
}

static void a_map_may_be_made_by_an_unregistered_thread(void **state)
{
	struct rcumap *map = NULL;
	pthread_t thread;
	void *failed;

	check_int(pthread_create(&thread, NULL, create_map, &map), 0);
	check_int(pthread_join(thread, &failed), 0);
	check_ptr(failed, NULL);
	check_int(rcumap_store(map, "k", 1, *state), 0);
	rcu_read_lock();
	check_ptr(rcumap_load(map, "k", 1), *state);
	rcu_read_unlock();
	check_int(rcumap_destroy_wait(map), 0);
}

#if defined(FLAVOR_BP)
static void *use_unregistered(void *arg)
{
	use_own_keys(0, arg);
	return NULL;
}

static void a_bp_thread_registers_by_itself(void **state)
{
	pthread_t thread;

	check_int(pthread_create(&thread, NULL, use_unregistered, *state), 0);
	check_int(pthread_join(thread, NULL), 0);
}
#endif

int main(void)
{
#define FLAVOR_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	static const struct CMUnitTest tests[] = {
		FLAVOR_TEST(threads_get_right_answers),
		FLAVOR_TEST(clear_leaves_no_value_behind),
		FLAVOR_TEST(a_section_is_seen_unless_the_flavor_is_qsbr),
		FLAVOR_TEST(a_visit_may_not_wait),
		FLAVOR_TEST(value_free_may_not_wait),
		FLAVOR_TEST(drain_waits_for_all_but_the_caller),
		FLAVOR_TEST(a_map_may_be_made_by_an_unregistered_thread),
#if defined(FLAVOR_BP)
		FLAVOR_TEST(a_bp_thread_registers_by_itself),
#endif
	};

	test_begin();
	return test_end(cmocka_run_group_tests_name(FLAVOR_NAME, tests, NULL, NULL));
}
