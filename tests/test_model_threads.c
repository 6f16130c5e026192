/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_model_threads.c - threads that share a map which grows and shrinks under them. Each has keys
 * of its own, so that it knows every answer, also what range shows of them, from a naive map that
 * only it uses. Besides there is one hot key, which all of them push forward, never back; and a few
 * keys that all of them store and delete: each value comes out of the map once, to one of them.
 *
 * Threads dwell at the seams of the library now and then, where that hurts most.
 */
#include "support.h"

#include <inttypes.h>
#include <sched.h>
#include <urcu/arch.h>

#include "../lib/seam.h"

enum { THREADS = 4, KEYS_MAX = 2000, CONTESTED = 3 };

enum values { VALUES_PLAIN, VALUES_FREED, VALUES_LINKED };

struct plan {
	const char *name;
	uint64_t (*hash)(const void *key, size_t len, uint64_t seed, void *ctx);
	size_t key_len;
	enum values values;
	size_t keys; /* of each thread */
	size_t operations;
};

struct shared;

struct worker {
	struct shared *shared;
	struct rng rng;
	unsigned int index;
	size_t count;
	struct value *naive[KEYS_MAX]; /* value of own key i, whose number is i * THREADS + index */
	unsigned char times[KEYS_MAX];
	uint64_t seen[KEYS_MAX]; /* generation of the key after own key i */
	uint64_t hot;		 /* generation of the hot key last seen */
	size_t operation;
	size_t retired;
};

struct shared {
	const struct plan *plan;
	struct test_alloc alloc;
	struct value_pool pool;
	struct rcumap *map;
	struct test_key *keys;
	size_t hot;		       /* number of the hot key; the contested ones follow */
	_Atomic size_t freed[THREADS]; /* values of each thread's own keys */
	_Atomic size_t swaps;	       /* of the hot key that succeeded */
	_Atomic size_t stored, taken;  /* values of contested keys */
	struct worker worker[THREADS];
};

static void print_worker(void *arg)
{
	const struct worker *w = arg;

	fprintf(stderr, "  plan \"%s\", thread %u, operation %zu\n", w->shared->plan->name,
		w->index, w->operation);
}

static size_t number_of(const struct worker *w, size_t i)
{
	return i * THREADS + w->index;
}

static const struct test_key *key_of(const struct worker *w, size_t i)
{
	const struct test_key *k = &w->shared->keys[number_of(w, i)];

	test_note_key(k->bytes, k->len);
	return k;
}

static struct value *new_value(struct worker *w, size_t i)
{
	return value_new(&w->shared->pool, number_of(w, i), w->operation);
}

/* value_free: counts by owner. */
static void free_counting(void *ptr, void *ctx)
{
	struct shared *shared = ctx;
	const struct value *value = ptr;

	if (value->key < shared->hot)
		atomic_fetch_add(&shared->freed[value->key % THREADS], 1);
	value_free(ptr, &shared->pool);
}

static void naive_set(struct worker *w, size_t i, struct value *value)
{
	struct value *old = w->naive[i];

	w->count += !!value;
	w->count -= !!old;
	w->naive[i] = value;
	if (!old)
		return;
	w->retired++;
	if (w->shared->plan->values == VALUES_PLAIN)
		value_defer(old);
}

static void insert_or_replace(struct worker *w, size_t i)
{
	const struct test_key *k = key_of(w, i);
	struct rcumap *map = w->shared->map;
	struct value *was = w->naive[i], *value = new_value(w, i);
	void *out = w;
	bool stored = true;

	switch (rng_below(&w->rng, 4)) {
	case 0:
		check_int(rcumap_store(map, k->bytes, k->len, value), 0);
		break;
	case 1:
		check_int(rcumap_swap(map, k->bytes, k->len, value, &out), !!was);
		check_ptr(out, was);
		break;
	case 2:
		check_int(rcumap_load_or_store(map, k->bytes, k->len, value, &out), !!was);
		check_ptr(out, was ? was : value);
		stored = !was;
		break;
	case 3:
		stored = !!was;
		check_int(rcumap_compare_and_swap(map, k->bytes, k->len, was ? was : value, value),
			  stored);
		break;
	}
	if (stored)
		naive_set(w, i, value);
	else
		value_free(value, &w->shared->pool);
}

static void delete (struct worker *w, size_t i)
{
	const struct test_key *k = key_of(w, i);
	struct rcumap *map = w->shared->map;
	struct value *was = w->naive[i];
	void *out = w;

	switch (rng_below(&w->rng, 3)) {
	case 0:
		check_int(rcumap_delete(map, k->bytes, k->len), !!was);
		break;
	case 1:
		check_int(rcumap_load_and_delete(map, k->bytes, k->len, &out), !!was);
		check_ptr(out, was);
		break;
	case 2:
		check_int(rcumap_compare_and_delete(map, k->bytes, k->len, was ? (void *)was : w),
			  !!was);
		break;
	}
	naive_set(w, i, NULL);
}

static void look(struct worker *w, size_t i)
{
	const struct test_key *k = key_of(w, i);

	rcu_read_lock();
	check_ptr(rcumap_load(w->shared->map, k->bytes, k->len), w->naive[i]);
	if (w->naive[i])
		value_check(w->naive[i], number_of(w, i));
	rcu_read_unlock();
}

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

/*
 * A key of another thread: present or not, but never with the value of a third key. A value is
 * stored once, so it is there without a gap as long as it is seen, and never comes back.
 */
static void look_at_others(struct worker *w, size_t i)
{
	size_t number = (number_of(w, i) + 1) % (THREADS * w->shared->plan->keys);
	const struct test_key *k = &w->shared->keys[number];
	void *value[3];
	uint64_t generation;

	test_note_key(k->bytes, k->len);
	rcu_read_lock();
	for (int n = 0; n < 3; n++)
		value[n] = rcumap_load(w->shared->map, k->bytes, k->len);
	for (int n = 0; n < 3; n++) {
		if (!value[n])
			continue;
		generation = value_check(value[n], number);
		check_that(generation >= w->seen[i],
			   "key number %zu went back from %" PRIu64 " to %" PRIu64, number,
			   w->seen[i], generation);
		w->seen[i] = generation;
	}
	check_that(!value[0] || value[0] != value[2] || value[0] == value[1],
		   "key number %zu was missed between two hits of one value", number);
	rcu_read_unlock();
}

/* The hot key is always there, and moves forward only. */
static void push_hot_key(struct worker *w)
{
	struct shared *shared = w->shared;
	const struct test_key *k = &shared->keys[shared->hot];
	struct value *value, *next;
	int swapped;

	test_note_key(k->bytes, k->len);
	rcu_read_lock();
	value = rcumap_load(shared->map, k->bytes, k->len);
	check_that(value, "the hot key is absent");
	check_that(value_check(value, shared->hot) >= w->hot,
		   "the hot key went back from %" PRIu64 " to %" PRIu64, w->hot, value->generation);
	w->hot = value->generation;
	next = value_new(&shared->pool, shared->hot, w->hot + 1);
	swapped = rcumap_compare_and_swap(shared->map, k->bytes, k->len, value, next);
	rcu_read_unlock();
	if (!swapped) {
		value_free(next, &shared->pool);
		return;
	}
	check_int(swapped, 1);
	w->hot++;
	atomic_fetch_add(&shared->swaps, 1);
	if (shared->plan->values == VALUES_PLAIN)
		value_defer(value);
}

/* What comes out of the map comes out once. */
static void take(struct worker *w, void *old, size_t number)
{
	value_take(old, number);
	atomic_fetch_add(&w->shared->taken, 1);
	if (w->shared->plan->values == VALUES_PLAIN)
		value_defer(old);
}

/* Stores or not, as it turns out: @value is in the map then, or freed. Returns whether it is. */
static bool contend_storing(struct worker *w, const struct test_key *k, size_t number,
			    struct value *value)
{
	struct rcumap *map = w->shared->map;
	int answer;
	void *old;

	switch (rng_below(&w->rng, 3)) {
	case 0:
		answer = rcumap_swap(map, k->bytes, k->len, value, &old);
		check_int(answer, !!old);
		if (answer)
			take(w, old, number);
		return true;
	case 1:
		answer = rcumap_load_or_store(map, k->bytes, k->len, value, &old);
		check_int(answer, old != value);
		value_check(old, number);
		return !answer;
	default:
		old = rcumap_load(map, k->bytes, k->len);
		if (!old || !rcumap_compare_and_swap(map, k->bytes, k->len, old, value))
			return false;
		take(w, old, number);
		return true;
	}
}

static void contend_deleting(struct worker *w, const struct test_key *k, size_t number)
{
	struct rcumap *map = w->shared->map;
	int answer;
	void *old;

	if (rng_below(&w->rng, 2)) {
		answer = rcumap_load_and_delete(map, k->bytes, k->len, &old);
		check_int(answer, !!old);
	} else {
		old = rcumap_load(map, k->bytes, k->len);
		if (old && !rcumap_compare_and_delete(map, k->bytes, k->len, old))
			old = NULL;
	}
	if (old)
		take(w, old, number);
}

/* Any operation on a key that other threads do the same to. */
static void contend(struct worker *w)
{
	struct shared *shared = w->shared;
	size_t number = shared->hot + 1 + rng_below(&w->rng, CONTESTED);
	const struct test_key *k = &shared->keys[number];
	struct value *value;

	test_note_key(k->bytes, k->len);
	rcu_read_lock();
	if (rng_below(&w->rng, 2)) {
		value = value_new(&shared->pool, number, w->operation);
		if (contend_storing(w, k, number, value))
			atomic_fetch_add(&shared->stored, 1);
		else
			value_free(value, &shared->pool);
	} else {
		contend_deleting(w, k, number);
	}
	rcu_read_unlock();
}

static int visit(const void *bytes, size_t len, void *ptr, void *ctx)
{
	struct worker *w = ctx;
	struct shared *shared = w->shared;
	struct value *value = ptr;
	size_t number = value->key;

	value_check(value, number);
	check_that(len == shared->keys[number].len &&
			   !memcmp(bytes, shared->keys[number].bytes, len),
		   "range: a wrong key for key number %zu", number);
	if (number >= shared->hot || number % THREADS != w->index)
		return 0;
	check_that(w->naive[number / THREADS] == value,
		   "range: a value that is not in the map, of key number %zu", number);
	check_that(!w->times[number / THREADS]++, "range: key number %zu twice", number);
	return 0;
}

/* Own keys do not change during the call: each is seen once, with its value. */
static void range(struct worker *w)
{
	size_t n = w->shared->plan->keys;

	memset(w->times, 0, n);
	check_int(rcumap_range(w->shared->map, visit, w), 0);
	for (size_t i = 0; i < n; i++)
		check_that(w->times[i] == !!w->naive[i], "range: key number %zu is missing",
			   number_of(w, i));
}

/* What this thread has retired is freed, whatever the others do meanwhile. */
static void drain(struct worker *w)
{
	check_int(rcumap_drain(w->shared->map), 0);
	if (w->shared->plan->values != VALUES_PLAIN)
		check_size(atomic_load(&w->shared->freed[w->index]), w->retired);
}

static void step(struct worker *w, bool growing)
{
	size_t i = rng_below(&w->rng, w->shared->plan->keys), dice = rng_below(&w->rng, 100);

	if (dice < 15)
		look(w, i);
	else if (dice < 25)
		look_at_others(w, i);
	else if (dice < 35)
		push_hot_key(w);
	else if (dice < 50)
		contend(w);
	else if ((dice < 90) == growing)
		insert_or_replace(w, i);
	else
		delete (w, i);
}

/* Grows for some operations, then shrinks for as many: all threads about at the same time. */
static void run(unsigned int index, void *arg)
{
	struct shared *shared = arg;
	struct worker *w = &shared->worker[index];
	size_t n = shared->plan->operations, phase = 4 * shared->plan->keys;

	test_at_fail(print_worker, w);
	for (w->operation = 0; w->operation < n; w->operation++) {
		step(w, w->operation / phase % 2 == 0);
		if (rng_below(&w->rng, shared->plan->keys) == 0)
			range(w);
		if (rng_below(&w->rng, 20000) == 0)
			drain(w);
	}
	range(w);
	drain(w);
	for (size_t i = 0; i < shared->plan->keys; i++)
		look(w, i);
}

static struct shared *shared_make(const struct plan *plan)
{
	struct shared *shared = calloc(1, sizeof(*shared));
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;

	shared->plan = plan;
	shared->hot = THREADS * plan->keys;
	shared->keys = calloc(shared->hot + 1 + CONTESTED, sizeof(*shared->keys));
	for (size_t i = 0; i <= shared->hot + CONTESTED; i++)
		shared->keys[i] = test_key(plan->key_len, i);
	value_pool_init(&shared->pool);
	for (unsigned int i = 0; i < THREADS; i++) {
		shared->worker[i].shared = shared;
		shared->worker[i].index = i;
		shared->worker[i].rng = rng_make(1000 * plan->keys + i);
	}
	attr.key_len = plan->key_len;
	attr.hash = plan->hash;
	test_alloc_attr(&attr, &shared->alloc);
	if (plan->values != VALUES_PLAIN) {
		value_pool_attr(&attr, &shared->pool, plan->values == VALUES_LINKED);
		attr.value_free = free_counting;
		attr.value_ctx = shared;
	}
	check_int(rcumap_create(&shared->map, &attr), 0);
	return shared;
}

static void store_hot_key(struct shared *shared)
{
	const struct test_key *k = &shared->keys[shared->hot];

	check_int(rcumap_store(shared->map, k->bytes, k->len,
			       value_new(&shared->pool, shared->hot, 0)),
		  0);
}

/* The map at rest holds what the threads left, and every other value has been freed once. */
static void check_at_rest(struct shared *shared)
{
	const struct test_key *k = &shared->keys[shared->hot];
	struct value *hot;
	size_t count = 1 + atomic_load(&shared->stored) - atomic_load(&shared->taken);

	for (unsigned int i = 0; i < THREADS; i++)
		count += shared->worker[i].count;
	check_invariants(shared->map);
	check_size(rcumap_count(shared->map), count);
	rcu_read_lock();
	hot = rcumap_load(shared->map, k->bytes, k->len);
	check_size(value_check(hot, shared->hot), atomic_load(&shared->swaps));
	rcu_read_unlock();
	check_int(rcumap_drain(shared->map), 0);
	check_invariants(shared->map);
	wait_rounds(2); /* value_defer() */
	check_size(atomic_load(&shared->pool.made) - atomic_load(&shared->pool.freed), count);
}

static void every_thread_gets_the_answers_of_its_own_map(void **state)
{
	struct plan plan = *(const struct plan *)*state;
	struct shared *shared;

	plan.operations = test_scale(plan.operations, plan.operations / 10);
	shared = shared_make(&plan);
	rcumap__seam_hook = dwell_at_seam;
	store_hot_key(shared);
	test_threads_join(test_threads_start(THREADS, run, shared));
	rcumap__seam_hook = NULL;
	check_at_rest(shared);
	check_int(rcumap_destroy_wait(shared->map), 0);
	check_size(test_alloc_held(&shared->alloc).bytes, 0);
	if (plan.values == VALUES_PLAIN)
		value_pool_reap(&shared->pool);
	value_pool_fini(&shared->pool);
	free(shared->keys);
	free(shared);
}

#define PLAN(...) \
	{ \
		NULL, every_thread_gets_the_answers_of_its_own_map, NULL, NULL, &(struct plan) \
		{ \
			__VA_ARGS__ \
		} \
	}

int main(void)
{
	struct CMUnitTest tests[] = {
		PLAN("4 x 2000 keys of 8 bytes, link", NULL, 8, VALUES_LINKED, 2000, 400000),
		PLAN("4 x 200 keys of any length, value_free", NULL, 0, VALUES_FREED, 200, 400000),
		PLAN("4 x 40 keys of 8 bytes, plain values", NULL, 8, VALUES_PLAIN, 40, 400000),
		PLAN("4 x 60 keys of any length, 2-bit hash, link", hash_two_bits, 0, VALUES_LINKED,
		     60, 200000),
		PLAN("4 x 8 keys of 16 bytes, constant hash, value_free", hash_constant, 16,
		     VALUES_FREED, 8, 200000),
		PLAN("4 x 1 keys of any length, link", NULL, 0, VALUES_LINKED, 1, 100000),
	};

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tests[i].name = ((const struct plan *)tests[i].initial_state)->name;
	test_begin();
	return test_end(cmocka_run_group_tests_name("threads", tests, NULL, NULL));
}
