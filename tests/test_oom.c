/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_oom.c - promise 7: an operation that finds no memory says -ENOMEM and leaves the map as it
 * was. Each operation is tried with its first, second, ... allocation failing, on maps of many
 * sizes, of many kinds, at rest and in the middle of a migration.
 */
#include "subject.h"

#include <errno.h>

#include "../lib/table.h"

enum { ABSENT_KEY = 1000000, MAX_KEYS = 200 };

struct kind {
	const char *name;
	uint64_t (*hash)(const void *key, size_t len, uint64_t seed, void *ctx);
	bool link;
	bool amended;
};

static const struct kind kinds[] = {
	{"notes", NULL, false, false},
	{"links", NULL, true, false},
	{"chained", hash_constant, true, false},
	{"two bits, notes", hash_two_bits, false, false},
	{"amended", NULL, true, true},
	{"amended, chained", hash_constant, true, true},
	{"amended, two bits, notes", hash_two_bits, false, true},
};

static int visit_count(const void *key, size_t len, void *value, void *ctx)
{
	(void)key;
	(void)len;
	(void)value;
	++*(size_t *)ctx;
	return 0;
}

/* The map holds the keys 0 to keys - 1, in generation 1, and nothing else. */
static void check_unchanged(struct subject *s)
{
	check_int(rcumap__check(s->map), 0);
	check_size(rcumap_count(s->map), s->keys);
	rcu_read_lock();
	for (uint64_t i = 0; i < s->keys; i++) {
		void *value = rcumap_load(s->map, &i, sizeof(i));

		check_that(value, "key %d is lost", (int)i);
		check_size(value_check(value, i), 1);
	}
	check_that(!rcumap_load(s->map, &(uint64_t){ABSENT_KEY}, 8), "a key came from nowhere");
	rcu_read_unlock();
}

/*
 * The operations. Each does what succeeds or leaves the map as it was, and then undoes itself; so
 * that the map is unchanged either way.
 */

static int op_insert(struct subject *s)
{
	uint64_t key = ABSENT_KEY;
	struct value *value = value_new(&s->pool, key, 2);
	int err = rcumap_store(s->map, &key, sizeof(key), value);

	if (err)
		value_free(value, &s->pool); /* ours still */
	else
		check_int(rcumap_delete(s->map, &key, sizeof(key)), 1);
	return err;
}

static int op_load_or_store(struct subject *s)
{
	uint64_t key = ABSENT_KEY;
	struct value *value = value_new(&s->pool, key, 2);
	void *actual = s;
	int answer = rcumap_load_or_store(s->map, &key, sizeof(key), value, &actual);

	if (answer < 0) {
		check_ptr(actual, NULL);
		value_free(value, &s->pool);
	} else {
		check_ptr(actual, value);
		check_int(rcumap_delete(s->map, &key, sizeof(key)), 1);
	}
	return answer;
}

static int op_swap(struct subject *s)
{
	uint64_t key = s->keys / 2;
	struct value *value = value_new(&s->pool, key, 1);
	void *old = s;
	int answer = rcumap_swap(s->map, &key, sizeof(key), value, &old);

	if (answer < 0) {
		check_ptr(old, NULL);
		value_free(value, &s->pool);
	} else if (!s->keys) {
		check_int(rcumap_delete(s->map, &key, sizeof(key)), 1);
	}
	return answer < 0 ? answer : 0;
}

static int op_compare_and_swap(struct subject *s)
{
	uint64_t key = s->keys / 2;
	struct value *value = value_new(&s->pool, key, 1);
	int answer;

	rcu_read_lock();
	answer = rcumap_compare_and_swap(s->map, &key, sizeof(key),
					 s->keys ? rcumap_load(s->map, &key, sizeof(key)) : s,
					 value);
	rcu_read_unlock();
	if (answer != 1)
		value_free(value, &s->pool);
	return answer < 0 ? answer : 0;
}

static int op_delete(struct subject *s)
{
	uint64_t key = 0;

	if (!s->keys)
		return 0;
	check_int(rcumap_delete(s->map, &key, sizeof(key)), 1); /* never for want of memory */
	atomic_store(&s->alloc.fail_nth, 0);
	check_int(rcumap_store(s->map, &key, sizeof(key), value_new(&s->pool, key, 1)), 0);
	return 0;
}

static int op_load_and_delete(struct subject *s)
{
	uint64_t key = ABSENT_KEY;
	void *old = s;

	check_int(rcumap_load_and_delete(s->map, &key, sizeof(key), &old), 0);
	check_ptr(old, NULL);
	if (!s->keys)
		return 0;
	key = s->keys - 1;
	rcu_read_lock();
	check_int(rcumap_load_and_delete(s->map, &key, sizeof(key), &old), 1);
	value_check(old, key);
	rcu_read_unlock();
	atomic_store(&s->alloc.fail_nth, 0);
	subject_store(s, key, 1);
	return 0;
}

static int op_compare_and_delete(struct subject *s)
{
	uint64_t key = s->keys / 2;
	int answer;

	rcu_read_lock();
	answer = rcumap_compare_and_delete(s->map, &key, sizeof(key),
					   s->keys ? rcumap_load(s->map, &key, sizeof(key)) : s);
	rcu_read_unlock();
	check_int(answer, !!s->keys);
	atomic_store(&s->alloc.fail_nth, 0);
	if (s->keys)
		subject_store(s, key, 1);
	return 0;
}

/* All keys are there again afterwards, if it succeeds. */
static int op_clear(struct subject *s)
{
	int err = rcumap_clear(s->map);

	atomic_store(&s->alloc.fail_nth, 0);
	if (err)
		return err;
	check_size(rcumap_count(s->map), 0);
	for (uint64_t i = 0; i < s->keys; i++)
		subject_store(s, i, 1);
	return 0;
}

/* A destroy allocates nothing; another map may be made if there is memory. */
static int op_create_and_destroy(struct subject *s)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct rcumap *map;
	int err;

	attr.expected = s->keys;
	test_alloc_attr(&attr, &s->alloc);
	err = rcumap_create(&map, &attr);
	if (err)
		check_ptr(map, NULL);
	else
		check_int(rcumap_destroy(map), 0);
	return err;
}

static int op_range(struct subject *s)
{
	size_t visits = 0;
	int err = rcumap_range(s->map, visit_count, &visits);

	check_that(err ? visits <= s->keys : visits == s->keys, "range visited %zu keys", visits);
	return err;
}

static int op_load(struct subject *s)
{
	size_t calls = atomic_load(&s->alloc.calls);

	check_unchanged(s);
	check_size(atomic_load(&s->alloc.calls), calls);
	return 0;
}

static int (*const operations[])(struct subject *s) = {
	op_insert,
	op_load_or_store,
	op_swap,
	op_compare_and_swap,
	op_delete,
	op_load_and_delete,
	op_compare_and_delete,
	op_range,
	op_clear,
	op_create_and_destroy,
	op_load,
};

/* Runs @op with its first, second, ... allocation failing, until none is left to fail. */
static void fail_each_allocation(struct subject *s, int (*op)(struct subject *s), bool amended)
{
	for (size_t nth = 1;; nth++) {
		size_t failed = atomic_load(&s->alloc.failed);
		int err;

		check_that(nth < 1000, "there is always one more allocation");
		if (amended)
			(void)subject_rekey(s); /* unless it is */
		atomic_store(&s->alloc.fail_nth, nth);
		err = op(s);
		check_that(!err || err == -ENOMEM, "failed with %d", err);
		atomic_store(&s->alloc.fail_nth, 0);
		check_unchanged(s);
		if (atomic_load(&s->alloc.failed) == failed)
			break;
	}
}

static void check_nothing_leaked(struct subject *s)
{
	check_int(rcumap_drain(s->map), 0);
	check_size(test_alloc_rest(&s->alloc).blocks, s->keys);
	check_size(atomic_load(&s->pool.made) - atomic_load(&s->pool.freed), s->keys);
}

static void each_allocation_of_each_operation_may_fail(void **state)
{
	/* around the sizes at which a bucket is full, and those at which the table grows */
	static const uint64_t sizes[] = {0, 7, 20, 1, 8, 21, 6, 22, 42, 43, 84, 86, 99};
	size_t count = test_scale(sizeof(sizes) / sizeof(*sizes), 3);

	(void)state;
	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
		for (size_t i = 0; i < count; i++) {
			struct subject s;

			subject_make(&s, kinds[k].hash, kinds[k].link, sizes[i]);
			rcu_read_lock(); /* so that no callback runs and allocates, too */
			for (size_t o = 0; o < sizeof(operations) / sizeof(*operations); o++)
				fail_each_allocation(&s, operations[o], kinds[k].amended);
			rcu_read_unlock();
			check_nothing_leaked(&s);
			subject_unmake(&s);
		}
	}
}

/* Makes @s with as many keys as a table of 2^@log2 buckets holds, and @more. */
static void make_full(struct subject *s, const struct kind *kind, unsigned int log2, uint64_t more)
{
	subject_make(s, kind->hash, kind->link, table_limit(log2) + more);
	check_that(subject_snapshot(s)->log2 >= log2, "the table is too small");
}

/*
 * At every size of table that is made: with one key less than lets it grow, just as many, and one
 * more. The keys are inserted and deleted at its limit, so that the first allocations to fail are
 * those of the larger table.
 */
static void each_allocation_may_fail_at_every_size_of_table(void **state)
{
	unsigned int largest = (unsigned int)test_scale(11, 6);

	(void)state;
	for (unsigned int log2 = TABLE_MIN_LOG2; log2 <= largest; log2++) {
		for (uint64_t more = 0; more < 3; more++) {
			const struct kind *kind = &kinds[log2 % 2 ? 0 : 4];
			struct subject s;

			make_full(&s, kind, log2, more - 1);
			rcu_read_lock();
			for (size_t o = 0; o < sizeof(operations) / sizeof(*operations); o++)
				fail_each_allocation(&s, operations[o], kind->amended);
			rcu_read_unlock();
			check_nothing_leaked(&s);
			subject_unmake(&s);
		}
	}
}

/*
 * A whole life: the map grows to @keys and shrinks to nothing, and the @nth allocation on the way
 * fails. Returns whether there were so many. The map is destroyed, without waiting.
 */
static bool live_with_one_failure(struct subject *s, uint64_t keys, size_t nth)
{
	subject_make(s, NULL, true, 0);
	atomic_store(&s->alloc.fail_nth, nth);
	for (uint64_t i = 0; i < keys; i++) {
		struct value *value = value_new(&s->pool, i, 1);
		int err = rcumap_store(s->map, &i, sizeof(i), value);

		check_that(!err || err == -ENOMEM, "failed with %d", err);
		if (err) /* once, since there is memory for all others */
			check_int(rcumap_store(s->map, &i, sizeof(i), value), 0);
	}
	check_invariants(s->map);
	check_size(rcumap_count(s->map), keys);
	for (uint64_t i = 0; i < keys; i++)
		check_int(rcumap_delete(s->map, &i, sizeof(i)), 1);
	check_size(rcumap_count(s->map), 0);
	check_int(rcumap_destroy(s->map), 0);
	return atomic_load(&s->alloc.failed);
}

static void a_map_that_grows_survives_the_failure_of_each_allocation(void **state)
{
	static struct subject lives[32]; /* which are waited for together */
	uint64_t keys = test_scale(700, 150);
	bool failed = true;
	size_t nth = 0;

	(void)state;
	while (failed) {
		size_t n = 0;

		while (failed && n < sizeof(lives) / sizeof(*lives))
			failed = live_with_one_failure(&lives[n++], keys, ++nth);
		while (n--) {
			check_that(test_alloc_await_empty(&lives[n].alloc, 64),
				   "the map with failure %zu is not freed", nth);
			value_pool_fini(&lives[n].pool);
		}
	}
	check_that(nth > keys, "of %zu allocations each was to fail", nth);
}

static void clear_leaves_the_map_as_it_was_if_there_is_no_memory(void **state)
{
	struct subject s;

	(void)state;
	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
		subject_make(&s, kinds[k].hash, kinds[k].link, 50);
		atomic_store(&s.alloc.fail_nth, 1);
		check_int(rcumap_clear(s.map), -ENOMEM);
		check_unchanged(&s);
		check_int(rcumap_clear(s.map), 0);
		check_size(rcumap_count(s.map), 0);
		subject_unmake(&s);
	}
}

static void create_frees_what_it_has_if_there_is_no_memory(void **state)
{
	struct test_alloc alloc = {0};
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct rcumap *map;
	size_t nth;

	(void)state;
	test_alloc_attr(&attr, &alloc);
	for (nth = 1;; nth++) {
		int err;

		atomic_store(&alloc.fail_nth, nth);
		err = rcumap_create(&map, &attr);
		if (!err)
			break;
		check_int(err, -ENOMEM);
		check_ptr(map, NULL);
		check_size(test_alloc_held(&alloc).blocks, 0);
	}
	check_that(nth > 1, "create allocates nothing");
	atomic_store(&alloc.fail_nth, 0);
	check_int(rcumap_destroy_wait(map), 0);
	check_size(test_alloc_held(&alloc).blocks, 0);
}

/*
 * One bucket with a chain so long that its copy needs several chunks: the first copies fit, the
 * last do not.
 */
static void a_bucket_that_cannot_be_moved_whole_is_not_moved(void **state)
{
	struct subject s;

	(void)state;
	for (uint64_t keys = 20; keys < MAX_KEYS; keys += test_scale(9, 45)) {
		subject_make(&s, hash_constant, true, keys);
		rcu_read_lock();
		for (size_t nth = 1; nth < 6; nth++) {
			size_t visits = 0, failed = atomic_load(&s.alloc.failed);
			int err;

			(void)subject_rekey(&s);
			atomic_store(&s.alloc.fail_nth, nth);
			err = rcumap_range(s.map, visit_count, &visits);
			atomic_store(&s.alloc.fail_nth, 0);
			check_unchanged(&s);
			if (atomic_load(&s.alloc.failed) == failed)
				check_int(err, 0);
		}
		rcu_read_unlock();
		check_nothing_leaked(&s);
		subject_unmake(&s);
	}
}

/*
 * With no memory at all the map works on: loads, replacing stores and deletes; and grows once there
 * is some.
 */
static void a_map_that_cannot_grow_works_on_and_grows_later(void **state)
{
	uint64_t keys = test_scale(20000, 5000);
	struct subject s;
	unsigned int log2 = 0;

	(void)state;
	subject_make(&s, NULL, true, 0);
	atomic_store(&s.alloc.fail_from, 2048); /* the larger tables, but no chunk */
	for (uint64_t i = 0; i < keys / 10; i++) {
		subject_store(&s, i, 1);
		if (!atomic_load(&s.alloc.failed))
			log2 = subject_snapshot(&s)->log2;
	}
	check_size(subject_snapshot(&s)->log2, log2);
	/* a failed growth is tried again an eighth later, not at each insert */
	check_that(atomic_load(&s.alloc.failed) < 100, "%zu growths were tried",
		   atomic_load(&s.alloc.failed));
	atomic_store(&s.alloc.fail_from, 0);
	for (uint64_t i = keys / 10; i < keys; i++)
		subject_store(&s, i, 1);
	check_that(subject_snapshot(&s)->log2 > log2 + 3, "the map did not grow");
	s.keys = keys;
	check_unchanged(&s);
	subject_unmake(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_allocation_of_each_operation_may_fail),
		cmocka_unit_test(each_allocation_may_fail_at_every_size_of_table),
		cmocka_unit_test(a_map_that_grows_survives_the_failure_of_each_allocation),
		cmocka_unit_test(clear_leaves_the_map_as_it_was_if_there_is_no_memory),
		cmocka_unit_test(create_frees_what_it_has_if_there_is_no_memory),
		cmocka_unit_test(a_bucket_that_cannot_be_moved_whole_is_not_moved),
		cmocka_unit_test(a_map_that_cannot_grow_works_on_and_grows_later),
	};

	test_begin();
	return test_end(cmocka_run_group_tests_name("oom", tests, NULL, NULL));
}
