/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_ops.c - what every operation does to an absent, a present and a returned key, and what it
 * answers, on maps of every kind. One thread; test_model.c has the long random runs.
 */
#include "test_ops_fixture.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>

static void load_finds_what_is_present(void **state)
{
	struct fixture *f = *state;
	struct test_key k = key_of(f, 1);
	struct value *v1 = new_value(f, 1), *v2 = new_value(f, 1);

	check_holds(f, &k, NULL);
	check_int(rcumap_store(f->map, k.bytes, k.len, v1), 0);
	check_holds(f, &k, v1);
	check_int(rcumap_delete(f->map, k.bytes, k.len), 1);
	check_holds(f, &k, NULL);
	check_int(rcumap_store(f->map, k.bytes, k.len, v2), 0);
	check_holds(f, &k, v2);
	check_freed(f, 1);
}

static void store_inserts_and_replaces(void **state)
{
	struct fixture *f = *state;
	struct test_key k = key_of(f, 2);
	struct value *v[3] = {new_value(f, 2), new_value(f, 2), new_value(f, 2)};

	for (int i = 0; i < 3; i++) {
		check_int(rcumap_store(f->map, k.bytes, k.len, v[i]), 0);
		check_holds(f, &k, v[i]);
	}
	check_freed(f, 2);
}

static void swap_returns_what_it_replaced(void **state)
{
	struct fixture *f = *state;
	struct test_key k = key_of(f, 3);
	struct value *v[4];
	void *old = f;

	for (int i = 0; i < 4; i++)
		v[i] = new_value(f, 3);
	check_int(rcumap_swap(f->map, k.bytes, k.len, v[0], &old), 0);
	check_ptr(old, NULL);
	check_int(rcumap_swap(f->map, k.bytes, k.len, v[1], &old), 1);
	check_ptr(old, v[0]);
	check_int(rcumap_swap(f->map, k.bytes, k.len, v[2], NULL), 1);
	check_holds(f, &k, v[2]);
	check_int(rcumap_delete(f->map, k.bytes, k.len), 1);
	check_int(rcumap_swap(f->map, k.bytes, k.len, v[3], &old), 0);
	check_ptr(old, NULL);
	check_holds(f, &k, v[3]);
	check_freed(f, 3);
}

static void load_or_store_stores_only_if_absent(void **state)
{
	struct fixture *f = *state;
	struct test_key k = key_of(f, 4);
	struct value *v1 = new_value(f, 4), *v2 = new_value(f, 4), *v3 = new_value(f, 4);
	void *actual = f;

	check_int(rcumap_load_or_store(f->map, k.bytes, k.len, v1, &actual), 0);
	check_ptr(actual, v1);
	check_int(rcumap_load_or_store(f->map, k.bytes, k.len, v2, &actual), 1);
	check_ptr(actual, v1);
	check_int(rcumap_load_or_store(f->map, k.bytes, k.len, v2, NULL), 1);
	check_holds(f, &k, v1);
	check_freed(f, 0);
	check_int(rcumap_delete(f->map, k.bytes, k.len), 1);
	check_int(rcumap_load_or_store(f->map, k.bytes, k.len, v3, NULL), 0);
	check_holds(f, &k, v3);
	not_stored(f, v2);
	check_freed(f, 1);
}

static void load_and_delete_returns_what_it_removed(void **state)
{
	struct fixture *f = *state;
	struct test_key k = key_of(f, 5);
	struct value *v1 = new_value(f, 5), *v2 = new_value(f, 5);
	void *old = f;

	check_int(rcumap_load_and_delete(f->map, k.bytes, k.len, &old), 0);
	check_ptr(old, NULL);
	check_int(rcumap_store(f->map, k.bytes, k.len, v1), 0);
	check_int(rcumap_load_and_delete(f->map, k.bytes, k.len, &old), 1);
	check_ptr(old, v1);
	check_holds(f, &k, NULL);
	check_int(rcumap_load_and_delete(f->map, k.bytes, k.len, &old), 0);
	check_ptr(old, NULL);
	check_int(rcumap_store(f->map, k.bytes, k.len, v2), 0);
	check_int(rcumap_load_and_delete(f->map, k.bytes, k.len, NULL), 1);
	check_holds(f, &k, NULL);
	check_freed(f, 2);
}

static void delete_says_whether_the_key_was_there(void **state)
{
	struct fixture *f = *state;
	struct test_key k = key_of(f, 6), other = key_of(f, 7);

	check_int(rcumap_delete(f->map, k.bytes, k.len), 0);
	for (size_t i = 1; i <= 2; i++) {
		check_int(rcumap_store(f->map, k.bytes, k.len, new_value(f, 6)), 0);
		check_int(rcumap_delete(f->map, other.bytes, other.len), 0);
		check_int(rcumap_delete(f->map, k.bytes, k.len), 1);
		check_int(rcumap_delete(f->map, k.bytes, k.len), 0);
		check_freed(f, 1);
	}
	check_holds(f, &k, NULL);
}

static void compare_and_swap_needs_the_expected_value(void **state)
{
	struct fixture *f = *state;
	struct test_key k = key_of(f, 8);
	struct value *v1 = new_value(f, 8), *v2 = new_value(f, 8), *v3 = new_value(f, 8);

	check_int(rcumap_compare_and_swap(f->map, k.bytes, k.len, v1, v2), 0);
	check_holds(f, &k, NULL);
	check_int(rcumap_store(f->map, k.bytes, k.len, v1), 0);
	check_int(rcumap_compare_and_swap(f->map, k.bytes, k.len, v2, v3), 0);
	check_holds(f, &k, v1);
	check_int(rcumap_compare_and_swap(f->map, k.bytes, k.len, v1, v2), 1);
	check_holds(f, &k, v2);
	check_freed(f, 1);
	rcu_read_lock(); /* the address of v2 cannot be that of another value here */
	check_int(rcumap_delete(f->map, k.bytes, k.len), 1);
	check_int(rcumap_compare_and_swap(f->map, k.bytes, k.len, v2, v3), 0);
	rcu_read_unlock();
	check_holds(f, &k, NULL);
	not_stored(f, v3);
	check_freed(f, 1);
}

static void compare_and_swap_of_a_value_with_itself_retires_nothing(void **state)
{
	struct fixture *f = *state;
	struct test_key k = key_of(f, 9);
	struct value *v = new_value(f, 9);

	check_int(rcumap_store(f->map, k.bytes, k.len, v), 0);
	for (int i = 0; i < 3; i++)
		check_int(rcumap_compare_and_swap(f->map, k.bytes, k.len, v, v), 1);
	check_freed(f, 0);
	check_holds(f, &k, v);
	value_check(v, 9);
}

static void compare_and_delete_needs_the_expected_value(void **state)
{
	struct fixture *f = *state;
	struct test_key k = key_of(f, 10);
	struct value *v1 = new_value(f, 10), *v2 = new_value(f, 10);

	check_int(rcumap_compare_and_delete(f->map, k.bytes, k.len, v1), 0);
	check_int(rcumap_store(f->map, k.bytes, k.len, v1), 0);
	check_int(rcumap_compare_and_delete(f->map, k.bytes, k.len, v2), 0);
	check_holds(f, &k, v1);
	rcu_read_lock();
	check_int(rcumap_compare_and_delete(f->map, k.bytes, k.len, v1), 1);
	check_int(rcumap_compare_and_delete(f->map, k.bytes, k.len, v1), 0);
	rcu_read_unlock();
	check_holds(f, &k, NULL);
	check_int(rcumap_store(f->map, k.bytes, k.len, v2), 0);
	check_holds(f, &k, v2);
	check_freed(f, 1);
}

static void key_bytes_are_copied(void **state)
{
	struct fixture *f = *state;
	struct test_key k = key_of(f, 11), mine = k;
	struct value *v1 = new_value(f, 11), *v2 = new_value(f, 11), *v3 = new_value(f, 11);

	check_int(rcumap_store(f->map, mine.bytes, mine.len, v1), 0);
	memset(mine.bytes, 0xee, sizeof(mine.bytes));
	check_holds(f, &k, v1);
	check_int(rcumap_delete(f->map, k.bytes, k.len), 1);
	mine = k;
	check_int(rcumap_swap(f->map, mine.bytes, mine.len, v2, NULL), 0);
	memset(mine.bytes, 0xee, sizeof(mine.bytes));
	check_holds(f, &k, v2);
	check_int(rcumap_delete(f->map, k.bytes, k.len), 1);
	mine = k;
	check_int(rcumap_load_or_store(f->map, mine.bytes, mine.len, v3, NULL), 0);
	memset(mine.bytes, 0xee, sizeof(mine.bytes));
	check_holds(f, &k, v3);
	check_freed(f, 2);
}

static int note_key_pointer(const void *key, size_t len, void *value, void *ctx)
{
	(void)len, (void)value;
	*(const void **)ctx = key;
	return 0;
}

static void store_on_a_present_key_keeps_the_entry_and_the_first_copy(void **state)
{
	struct fixture *f = *state;
	struct test_key k = key_of(f, 12);
	const void *before = NULL, *after = NULL;
	size_t calls;

	check_int(rcumap_store(f->map, k.bytes, k.len, new_value(f, 12)), 0);
	check_int(rcumap_range(f->map, note_key_pointer, &before), 0);
	calls = atomic_load(&f->alloc.calls);
	check_int(rcumap_store(f->map, k.bytes, k.len, new_value(f, 12)), 0);
	check_int(rcumap_swap(f->map, k.bytes, k.len, new_value(f, 12), NULL), 1);
	if (f->kind->values != VALUES_FREED)
		check_size(atomic_load(&f->alloc.calls), calls);
	check_int(rcumap_range(f->map, note_key_pointer, &after), 0);
	check_ptr(after, before);
	check_freed(f, 2);
}

static void range_visits_every_key_once(void **state)
{
	enum { N = 200 };
	struct fixture *f = *state;
	unsigned char times[N] = {0};
	struct seen seen = {.f = f, .times = times};

	check_int(rcumap_range(f->map, see, &seen), 0);
	check_size(seen.visits, 0);
	for (uint64_t n = 0; n < N; n++)
		store_new(f, n);
	check_int(rcumap_range(f->map, see, &seen), 0);
	for (uint64_t n = 0; n < N; n++)
		check_that(times[n] == 1, "range visited key %" PRIu64 " %d times", n, times[n]);
}

static void range_ends_early_with_the_answer_of_visit(void **state)
{
	static const int answers[] = {1, -1, INT_MAX, INT_MIN, -EINVAL, -ENOMEM};
	struct fixture *f = *state;

	for (uint64_t n = 0; n < 40; n++)
		store_new(f, n);
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct seen seen = {.f = f, .stop_after = 1 + 7 * i, .answer = answers[i]};

		check_int(rcumap_range(f->map, see, &seen), answers[i]);
		check_size(seen.visits, 1 + 7 * i);
	}
}

static void clear_removes_all_and_leaves_a_working_map(void **state)
{
	struct fixture *f = *state;
	struct seen seen = {.f = f};

	check_int(rcumap_clear(f->map), 0);
	for (size_t round = 1; round <= 3; round++) {
		for (uint64_t n = 0; n < 100; n++) {
			struct test_key k = key_of(f, n);

			check_int(rcumap_store(f->map, k.bytes, k.len, new_value(f, n)), 0);
			check_size(rcumap_count(f->map), n + 1);
		}
		check_int(rcumap_clear(f->map), 0);
		check_size(rcumap_count(f->map), 0);
		for (uint64_t n = 0; n < 100; n++) {
			struct test_key k = key_of(f, n);

			check_holds(f, &k, NULL);
			check_int(rcumap_delete(f->map, k.bytes, k.len), 0);
		}
		check_freed(f, 100);
	}
	check_int(rcumap_range(f->map, see, &seen), 0);
	check_size(seen.visits, 0);
}

static void check_contents(struct fixture *f, struct value *const *v, size_t n)
{
	unsigned char *times = calloc(n, 1);
	struct seen seen = {.f = f, .times = times};
	size_t present = 0;

	check_int(rcumap_range(f->map, see, &seen), 0);
	for (size_t i = 0; i < n; i++) {
		struct test_key k = key_of(f, i);

		check_ptr(load(f, &k), v[i]);
		check_that(times[i] == !!v[i], "range visited key %zu %d times", i, times[i]);
		present += !!v[i];
	}
	check_size(rcumap_count(f->map), present);
	free(times);
}

/* Deletes every @step-th of the keys left. */
static void delete_some(struct fixture *f, struct value **v, size_t n, size_t step)
{
	for (size_t i = 0; i < n; i += step) {
		struct test_key k = key_of(f, i);
		struct value *want = v[i];
		void *old;

		check_int(rcumap_load_and_delete(f->map, k.bytes, k.len, &old), !!want);
		check_ptr(old, want);
		v[i] = NULL;
	}
}

static void a_map_that_grows_and_shrinks_keeps_its_contents(void **state)
{
	struct fixture *f = *state;
	size_t n = f->kind->bad_hash ? 1000 : f->kind->key_len == 1 ? 256 : 20000;
	struct value **v = calloc(n, sizeof(*v));

	for (int again = 0; again < 2; again++) {
		for (size_t i = 0; i < n; i++) {
			struct test_key k = key_of(f, i);

			v[i] = new_value(f, i);
			check_int(rcumap_store(f->map, k.bytes, k.len, v[i]), 0);
			check_size(rcumap_count(f->map), i + 1);
		}
		check_contents(f, v, n);
		delete_some(f, v, n, 3);
		check_contents(f, v, n);
		delete_some(f, v, n, 2);
		delete_some(f, v, n - 1, 1);
		check_contents(f, v, n);
		delete_some(f, v, n, 1);
		check_contents(f, v, n);
		check_freed(f, n);
	}
	free(v);
}

static void a_map_that_holds_keys_is_destroyed_with_them(void **state)
{
	struct fixture *f = *state;

	for (uint64_t n = 0; n < 200; n++)
		store_new(f, n);
	check_int(rcumap_destroy_wait(f->map), 0);
	f->map = NULL;
	check_size(test_alloc_held(&f->alloc).blocks, 0);
	check_size(atomic_load(&f->pool.freed), f->kind->values == VALUES_PLAIN ? 0 : 200);
}

static const struct CMUnitTest tests[] = {
	OPS_TEST(load_finds_what_is_present),
	OPS_TEST(store_inserts_and_replaces),
	OPS_TEST(swap_returns_what_it_replaced),
	OPS_TEST(load_or_store_stores_only_if_absent),
	OPS_TEST(load_and_delete_returns_what_it_removed),
	OPS_TEST(delete_says_whether_the_key_was_there),
	OPS_TEST(compare_and_swap_needs_the_expected_value),
	OPS_TEST(compare_and_swap_of_a_value_with_itself_retires_nothing),
	OPS_TEST(compare_and_delete_needs_the_expected_value),
	OPS_TEST(key_bytes_are_copied),
	OPS_TEST(store_on_a_present_key_keeps_the_entry_and_the_first_copy),
	OPS_TEST(range_visits_every_key_once),
	OPS_TEST(range_ends_early_with_the_answer_of_visit),
	OPS_TEST(clear_removes_all_and_leaves_a_working_map),
	OPS_TEST(a_map_that_grows_and_shrinks_keeps_its_contents),
	OPS_TEST(a_map_that_holds_keys_is_destroyed_with_them),
};

int main(void)
{
	test_begin();
	return test_end(fixture_run_all(tests, sizeof(tests) / sizeof(tests[0])));
}
