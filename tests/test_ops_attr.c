/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_ops_attr.c - what the attributes change, and the keys and values that only some maps take.
 */
#include "test_ops_fixture.h"

#include <errno.h>
#include <inttypes.h>

static void keys_are_byte_strings(void **state)
{
	static const char *const keys[] = {"a",	       "ab",
					   "abc",      "a\0b",
					   "a\0c",     "a\0b\0",
					   "\0",       "\0\0",
					   "\0\0\0",   "abcdefgh",
					   "abcdefg",  "abcdefghi",
					   "abcdefgi", "abcdefghijklmnopq"};
	static const size_t lens[] = {1, 2, 3, 3, 3, 4, 1, 2, 3, 8, 7, 9, 8, 17};
	enum { N = sizeof(lens) / sizeof(lens[0]) };
	struct fixture *f = *state;
	struct value *v[N];

	for (size_t i = 0; i < N; i++) {
		v[i] = new_value(f, i);
		check_int(rcumap_swap(f->map, keys[i], lens[i], v[i], NULL), 0);
	}
	check_size(rcumap_count(f->map), N);
	rcu_read_lock();
	for (size_t i = 0; i < N; i++)
		check_ptr(rcumap_load(f->map, keys[i], lens[i]), v[i]);
	rcu_read_unlock();
	for (size_t i = 0; i < N; i++)
		check_int(rcumap_compare_and_delete(f->map, keys[i], lens[i], v[i]), 1);
}

/* Keys that differ in one bit of one byte, wherever that is, although all have one hash. */
static void use_keys_of_length(size_t len)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	unsigned char key[64] = {0}, value[64];
	struct rcumap *map;

	attr.key_len = len;
	attr.hash = hash_constant;
	check_int(rcumap_create(&map, &attr), 0);
	for (size_t i = 0; i < len; i++) {
		key[i] = 0x80;
		check_int(rcumap_swap(map, key, len, &value[i], NULL), 0);
		key[i] = 0;
	}
	check_size(rcumap_count(map), len);
	rcu_read_lock();
	check_ptr(rcumap_load(map, key, len), NULL);
	for (size_t i = 0; i < len; i++) {
		key[i] = 0x80;
		check_ptr(rcumap_load(map, key, len), &value[i]);
		key[i] = 0;
	}
	rcu_read_unlock();
	check_int(rcumap_destroy(map), 0);
}

static void keys_of_one_length_differ_by_any_byte(void **state)
{
	static const size_t lens[] = {1, 4, 7, 8, 9, 16, 33, 64};

	(void)state;
	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++)
		use_keys_of_length(lens[i]);
}

static void a_key_may_be_empty(void **state)
{
	struct fixture *f = *state;
	struct value *v = new_value(f, 0);
	void *out;

	rcu_read_lock();
	check_ptr(rcumap_load(f->map, NULL, 0), NULL);
	check_int(rcumap_store(f->map, NULL, 0, v), 0);
	check_ptr(rcumap_load(f->map, "x", 0), v);
	check_ptr(rcumap_load(f->map, NULL, 0), v);
	check_ptr(rcumap_load(f->map, "", 1), NULL);
	check_int(rcumap_load_or_store(f->map, "y", 0, v, &out), 1);
	check_int(rcumap_compare_and_swap(f->map, NULL, 0, v, v), 1);
	check_size(rcumap_count(f->map), 1);
	check_int(rcumap_load_and_delete(f->map, "", 0, &out), 1);
	check_ptr(out, v);
	check_int(rcumap_delete(f->map, NULL, 0), 0);
	rcu_read_unlock();
}

static void a_key_may_be_a_mebibyte_long(void **state)
{
	enum { LEN = 1 << 20 };
	struct fixture *f = *state;
	unsigned char *key = malloc(LEN);
	struct value *v1 = new_value(f, 1), *v2 = new_value(f, 2);

	memset(key, 'x', LEN);
	rcu_read_lock();
	check_int(rcumap_store(f->map, key, LEN, v1), 0);
	check_int(rcumap_store(f->map, key, LEN - 1, v2), 0);
	check_ptr(rcumap_load(f->map, key, LEN), v1);
	check_ptr(rcumap_load(f->map, key, LEN - 1), v2);
	key[LEN - 1] = 'y';
	check_ptr(rcumap_load(f->map, key, LEN), NULL);
	check_ptr(rcumap_load(f->map, key, LEN - 1), v2);
	check_int(rcumap_delete(f->map, key, LEN), 0);
	key[LEN - 1] = 'x';
	check_int(rcumap_delete(f->map, key, LEN), 1);
	check_int(rcumap_delete(f->map, key, LEN - 1), 1);
	rcu_read_unlock();
	free(key);
	check_int(rcumap_drain(f->map), 0);
	check_that(test_alloc_held(&f->alloc).bytes < LEN, "a deleted key is kept");
}

static void two_maps_have_contents_and_memory_of_their_own(void **state)
{
	struct fixture *f = *state;
	struct test_alloc alloc = {0};
	struct rcumap_attr attr = fixture_attr(f);
	struct rcumap *other;
	struct value *v = new_value(f, 7), *w = new_value(f, 7);
	struct test_held before = test_alloc_held(&f->alloc);

	test_alloc_attr(&attr, &alloc);
	check_int(rcumap_create(&other, &attr), 0);
	check_int(rcumap_store(other, "key", 3, v), 0);
	check_size(test_alloc_held(&f->alloc).bytes, before.bytes);
	check_size(rcumap_count(f->map), 0);
	check_int(rcumap_store(f->map, "key", 3, w), 0);
	rcu_read_lock();
	check_ptr(rcumap_load(other, "key", 3), v);
	check_ptr(rcumap_load(f->map, "key", 3), w);
	rcu_read_unlock();
	check_that(test_alloc_held(&alloc).bytes > 0, "the allocator of the map was not used");
	check_int(rcumap_destroy_wait(other), 0);
	check_size(test_alloc_held(&alloc).bytes, 0);
	check_size(rcumap_count(f->map), 1);
}

static void an_empty_map_takes_less_than_a_kibibyte(void **state)
{
	struct fixture *f = *state;

	check_that(test_alloc_held(&f->alloc).bytes < 1024, "an empty map takes %zu bytes",
		   test_alloc_held(&f->alloc).bytes);
}

static void store_many(struct fixture *f, struct rcumap *map, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++) {
		struct test_key k = test_key(8, i);

		check_int(rcumap_store(map, k.bytes, k.len, f), 0);
	}
}

/* The value under all keys is the fixture itself: without value_free that is allowed. */
static void expected_keys_have_room_from_the_start_and_for_ever(void **state)
{
	enum { N = 10000 };
	struct fixture *f = *state;
	struct test_alloc alloc = {0};
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct rcumap *map;
	size_t start;

	attr.expected = N;
	test_alloc_attr(&attr, &alloc);
	check_int(rcumap_create(&map, &attr), 0);
	start = test_alloc_tables(&alloc).bytes;
	check_that(start >= N * sizeof(void *), "%zu bytes are no room for %d keys", start, N);
	store_many(f, map, N);
	check_that(test_alloc_tables(&alloc).bytes < start + start / 4,
		   "the tables grew from %zu to %zu bytes", start, test_alloc_tables(&alloc).bytes);
	for (uint64_t i = 0; i < N; i++) {
		struct test_key k = test_key(8, i);

		check_int(rcumap_delete(map, k.bytes, k.len), 1);
	}
	wait_rounds(8);
	check_that(test_alloc_tables(&alloc).bytes >= start, "the map shrank from %zu to %zu bytes",
		   start, test_alloc_tables(&alloc).bytes);
	check_int(rcumap_destroy_wait(map), 0);
	check_size(test_alloc_held(&alloc).blocks, 0);
}

/* A clear frees a portion of the buckets a round: here there are several portions. */
static void drain_waits_for_the_clear_of_a_large_table(void **state)
{
	enum { N = 1000 };
	struct value_pool pool;
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct rcumap *map;

	(void)state;
	value_pool_init(&pool);
	value_pool_attr(&attr, &pool, true);
	attr.expected = 500000;
	attr.key_len = 8;
	check_int(rcumap_create(&map, &attr), 0);
	for (uint64_t i = 0; i < N; i++) {
		struct test_key k = test_key(8, i);

		check_int(rcumap_store(map, k.bytes, k.len, value_new(&pool, i, 0)), 0);
	}
	check_int(rcumap_clear(map), 0);
	check_int(rcumap_drain(map), 0);
	check_size(atomic_load(&pool.freed), N);
	check_int(rcumap_destroy_wait(map), 0);
	value_pool_fini(&pool);
}

struct hash_log {
	_Atomic size_t calls;
	uint64_t seed;
};

static uint64_t hash_logging(const void *key, size_t len, uint64_t seed, void *ctx)
{
	struct hash_log *log = ctx;

	check_that(len == 5 && !memcmp(key, "hello", 5), "the hash got another key");
	if (!atomic_fetch_add(&log->calls, 1))
		log->seed = seed;
	check_that(seed == log->seed, "the seed of a table changed");
	return hash_good(key, len, seed, NULL);
}

static void use_hash(struct hash_log *log)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct rcumap *map;
	size_t calls;

	attr.hash = hash_logging;
	attr.hash_ctx = log;
	check_int(rcumap_create(&map, &attr), 0);
	check_int(rcumap_store(map, "hello", 5, log), 0);
	calls = atomic_load(&log->calls);
	check_that(calls > 0, "store did not call the hash");
	rcu_read_lock();
	check_ptr(rcumap_load(map, "hello", 5), log);
	rcu_read_unlock();
	check_that(atomic_load(&log->calls) > calls, "load did not call the hash");
	check_int(rcumap_delete(map, "hello", 5), 1);
	check_int(rcumap_destroy_wait(map), 0);
}

static void the_hash_hook_gets_key_context_and_a_seed_per_map(void **state)
{
	struct hash_log log[2] = {0};

	(void)state;
	use_hash(&log[0]);
	use_hash(&log[1]);
	check_that(log[0].seed != log[1].seed, "two maps have the same seed");
}

struct small_value {
	struct rcumap_link link;
	_Atomic int frees;
};

static void count_free(void *value, void *ctx)
{
	atomic_fetch_add(&((struct small_value *)value)->frees, 1);
	atomic_fetch_add((_Atomic int *)ctx, 1);
}

static void a_link_may_be_the_first_member_and_hold_garbage(void **state)
{
	struct small_value v[3];
	_Atomic int frees = 0;
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct rcumap *map;

	(void)state;
	memset(v, 0xff, sizeof(v));
	for (int i = 0; i < 3; i++)
		atomic_init(&v[i].frees, 0);
	attr.flags = RCUMAP_VALUE_LINK;
	attr.value_free = count_free;
	attr.value_ctx = &frees;
	check_int(rcumap_create(&map, &attr), 0);
	for (int i = 0; i < 3; i++)
		check_int(rcumap_store(map, "k", 1, &v[i]), 0);
	check_int(rcumap_drain(map), 0);
	check_int(atomic_load(&frees), 2);
	check_int(rcumap_destroy_wait(map), 0);
	for (int i = 0; i < 3; i++)
		check_int(atomic_load(&v[i].frees), 1);
}

static void a_map_with_default_attributes_takes_any_pointer_any_number_of_times(void **state)
{
	static char hello[] = "hello";
	struct rcumap *map;
	void *old;

	(void)state;
	check_int(rcumap_create(&map, NULL), 0);
	check_int(rcumap_store(map, "a", 1, hello), 0);
	check_int(rcumap_store(map, "b", 1, hello), 0);
	check_int(rcumap_swap(map, "a", 1, hello, &old), 1);
	check_ptr(old, hello);
	check_int(rcumap_delete(map, "a", 1), 1);
	check_int(rcumap_store(map, "a", 1, hello), 0);
	check_size(rcumap_count(map), 2);
	check_int(rcumap_destroy_wait(map), 0);
	check_int(memcmp(hello, "hello", sizeof(hello)), 0);
}

static void a_map_with_default_allocator_grows_and_shrinks(void **state)
{
	struct fixture *f = *state;
	struct rcumap *map;

	check_int(rcumap_create(&map, NULL), 0);
	store_many(f, map, 50000);
	check_size(rcumap_count(map), 50000);
	for (uint64_t i = 0; i < 49990; i++) {
		struct test_key k = test_key(8, i);

		check_int(rcumap_compare_and_delete(map, k.bytes, k.len, f), 1);
	}
	check_size(rcumap_count(map), 10);
	check_int(rcumap_destroy_wait(map), 0);
}

static void the_header_and_the_library_have_one_version(void **state)
{
	char numbers[32];

	(void)state;
	assert_string_equal(rcumap_version(), RCUMAP_VERSION);
	snprintf(numbers, sizeof(numbers), "%d.%d.%d", RCUMAP_VERSION_MAJOR, RCUMAP_VERSION_MINOR,
		 RCUMAP_VERSION_PATCH);
	assert_string_equal(numbers, RCUMAP_VERSION);
}

static const struct CMUnitTest tests[] = {
	OPS_TEST(keys_are_byte_strings),
	OPS_TEST(keys_of_one_length_differ_by_any_byte),
	OPS_TEST(a_key_may_be_empty),
	OPS_TEST(a_key_may_be_a_mebibyte_long),
	OPS_TEST(two_maps_have_contents_and_memory_of_their_own),
	OPS_TEST(an_empty_map_takes_less_than_a_kibibyte),
	OPS_TEST(expected_keys_have_room_from_the_start_and_for_ever),
	OPS_TEST(drain_waits_for_the_clear_of_a_large_table),
	OPS_TEST(the_hash_hook_gets_key_context_and_a_seed_per_map),
	OPS_TEST(a_link_may_be_the_first_member_and_hold_garbage),
	OPS_TEST(a_map_with_default_attributes_takes_any_pointer_any_number_of_times),
	OPS_TEST(a_map_with_default_allocator_grows_and_shrinks),
	OPS_TEST(the_header_and_the_library_have_one_version),
};

int main(void)
{
	static const struct kind plain = {.name = "any keys, plain values"};
	static const struct kind freed = {.name = "any keys, value_free", .values = VALUES_FREED};
	static const struct kind linked = {
		.name = "any keys, constant hash, link", .values = VALUES_LINKED, .bad_hash = true};
	size_t n = sizeof(tests) / sizeof(tests[0]);

	test_begin();
	return test_end(fixture_run(&plain, tests, n) + fixture_run(&freed, tests, n) +
			fixture_run(&linked, tests, n));
}
