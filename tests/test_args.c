/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_args.c - arguments and attributes that are not valid: -EINVAL (load: NULL, count: 0), out
 * parameters NULL, and nothing changed.
 */
#include "support.h"

#include <errno.h>

#define N_OF(array) (sizeof(array) / sizeof((array)[0]))

struct key_arg {
	const void *bytes;
	size_t len;
};

/* Every operation that takes a key says no to these, and the map stays empty. */
static void check_rejected(struct rcumap *map, struct key_arg k, void *value)
{
	void *out;

	test_note_key(NULL, k.len);
	rcu_read_lock();
	check_ptr(rcumap_load(map, k.bytes, k.len), NULL);
	rcu_read_unlock();
	check_int(rcumap_store(map, k.bytes, k.len, value), -EINVAL);
	out = &out;
	check_int(rcumap_swap(map, k.bytes, k.len, value, &out), -EINVAL);
	check_ptr(out, NULL);
	check_int(rcumap_swap(map, k.bytes, k.len, value, NULL), -EINVAL);
	out = &out;
	check_int(rcumap_load_or_store(map, k.bytes, k.len, value, &out), -EINVAL);
	check_ptr(out, NULL);
	check_int(rcumap_load_or_store(map, k.bytes, k.len, value, NULL), -EINVAL);
	out = &out;
	check_int(rcumap_load_and_delete(map, k.bytes, k.len, &out), -EINVAL);
	check_ptr(out, NULL);
	check_int(rcumap_load_and_delete(map, k.bytes, k.len, NULL), -EINVAL);
	check_int(rcumap_delete(map, k.bytes, k.len), -EINVAL);
	check_int(rcumap_compare_and_swap(map, k.bytes, k.len, value, value), -EINVAL);
	check_int(rcumap_compare_and_delete(map, k.bytes, k.len, value), -EINVAL);
	check_size(rcumap_count(map), 0);
}

static int visit_never(const void *key, size_t len, void *value, void *ctx)
{
	(void)key, (void)len, (void)value, (void)ctx;
	test_fail(__FILE__, __LINE__, "range visits a key that was not stored");
}

static struct rcumap *create(size_t key_len)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct rcumap *map;

	attr.key_len = key_len;
	check_int(rcumap_create(&map, &attr), 0);
	return map;
}

static void no_operation_takes_null_for_a_map(void **state)
{
	char value;

	check_rejected(NULL, (struct key_arg){"key", 3}, &value);
	check_rejected(NULL, (struct key_arg){NULL, 0}, &value);
	check_int(rcumap_range(NULL, visit_never, NULL), -EINVAL);
	check_int(rcumap_clear(NULL), -EINVAL);
	check_int(rcumap_drain(NULL), -EINVAL);
	check_int(rcumap_destroy(NULL), -EINVAL);
	check_int(rcumap_destroy_wait(NULL), -EINVAL);
	check_size(rcumap_count(NULL), 0);
	(void)state;
}

static void no_operation_takes_null_for_a_key_that_is_not_empty(void **state)
{
	static const size_t lens[] = {0, 1, 8, 33};
	char value;

	(void)state;
	for (size_t i = 0; i < N_OF(lens); i++) {
		struct rcumap *map = create(lens[i]);

		check_rejected(map, (struct key_arg){NULL, lens[i] ? lens[i] : 1}, &value);
		check_int(rcumap_range(map, visit_never, NULL), 0);
		check_int(rcumap_destroy(map), 0);
	}
}

static void a_map_of_fixed_length_takes_no_other(void **state)
{
	static const size_t lens[] = {1, 4, 8, 16, 33};
	char key[128] = {0}, value;

	(void)state;
	for (size_t i = 0; i < N_OF(lens); i++) {
		struct rcumap *map = create(lens[i]);

		check_rejected(map, (struct key_arg){key, lens[i] - 1}, &value);
		check_rejected(map, (struct key_arg){key, lens[i] + 1}, &value);
		check_rejected(map, (struct key_arg){key, 2 * lens[i]}, &value);
		check_rejected(map, (struct key_arg){key, 0}, &value);
		check_rejected(map, (struct key_arg){NULL, 0}, &value);
		check_rejected(map, (struct key_arg){key, SIZE_MAX}, &value);
#if SIZE_MAX > UINT32_MAX
		check_rejected(map, (struct key_arg){key, lens[i] + ((size_t)1 << 32)}, &value);
#endif
		check_int(rcumap_destroy(map), 0);
	}
}

static void no_key_is_longer_than_the_longest(void **state)
{
	struct rcumap *map = create(0);
	char key[8] = {0}, value;

	(void)state, (void)key, (void)value;
#if SIZE_MAX > UINT32_MAX
	check_rejected(map, (struct key_arg){key, SIZE_MAX}, &value);
	check_rejected(map, (struct key_arg){key, (size_t)RCUMAP_KEY_MAX + 1}, &value);
	check_rejected(map, (struct key_arg){key, (size_t)RCUMAP_KEY_MAX + 1 + sizeof(key)},
		       &value);
#endif
	check_int(rcumap_destroy(map), 0);
}

/* Only on 32-bit machines may a key be so long. The hash must not read it. */
static void the_size_of_an_entry_does_not_overflow(void **state)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct rcumap *map;
	char key[8] = {0}, value;

	(void)state, (void)key, (void)value;
	attr.hash = hash_constant;
	check_int(rcumap_create(&map, &attr), 0);
#if SIZE_MAX <= UINT32_MAX
	for (size_t less = 0; less < 8; less++)
		check_int(rcumap_store(map, key, SIZE_MAX - less, &value), -ENOMEM);
	check_size(rcumap_count(map), 0);
#endif
	check_int(rcumap_destroy(map), 0);
}

static void check_null_values_rejected(struct rcumap *map, void *value)
{
	void *out = &out;

	check_int(rcumap_store(map, "key", 3, NULL), -EINVAL);
	check_int(rcumap_swap(map, "key", 3, NULL, &out), -EINVAL);
	check_ptr(out, NULL);
	out = &out;
	check_int(rcumap_load_or_store(map, "key", 3, NULL, &out), -EINVAL);
	check_ptr(out, NULL);
	check_int(rcumap_compare_and_swap(map, "key", 3, NULL, value), -EINVAL);
	check_int(rcumap_compare_and_swap(map, "key", 3, value, NULL), -EINVAL);
	check_int(rcumap_compare_and_delete(map, "key", 3, NULL), -EINVAL);
}

static void no_value_is_null(void **state)
{
	struct rcumap *map = create(0);
	char value;

	(void)state;
	check_null_values_rejected(map, &value);
	check_size(rcumap_count(map), 0);
	check_int(rcumap_store(map, "key", 3, &value), 0);
	check_null_values_rejected(map, &value);
	rcu_read_lock();
	check_ptr(rcumap_load(map, "key", 3), &value);
	rcu_read_unlock();
	check_size(rcumap_count(map), 1);
	check_int(rcumap_destroy(map), 0);
}

static void range_needs_a_visit(void **state)
{
	struct rcumap *map = create(0);

	(void)state;
	check_int(rcumap_range(map, NULL, NULL), -EINVAL);
	check_int(rcumap_destroy(map), 0);
}

/*
 * Attributes
 */

/* Runs rcumap_create() with @attr, which must fail with @error and leave nothing behind. */
static void check_create_fails(const struct rcumap_attr *attr, int error)
{
	struct rcumap *map = (struct rcumap *)&map;

	check_int(rcumap_create(&map, attr), error);
	check_ptr(map, NULL);
}

static void create_needs_room_for_the_map_a_flavor_and_a_worker(void **state)
{
	struct rcumap *map = (struct rcumap *)&map;

	(void)state;
	check_int(rcumap_create(NULL, NULL), -EINVAL);
	check_int(rcumap_create_flavor(&map, NULL, NULL, get_default_call_rcu_data), -EINVAL);
	check_ptr(map, NULL);
	map = (struct rcumap *)&map;
	check_int(rcumap_create_flavor(&map, NULL, &rcu_flavor, NULL), -EINVAL);
	check_ptr(map, NULL);
}

/* What a later version of the structure would look like. */
struct later_attr {
	struct rcumap_attr attr;
	unsigned char more[40];
};

static void attr_may_be_longer_but_only_by_zeroes(void **state)
{
	struct later_attr later = {.attr = RCUMAP_ATTR_INIT};
	struct rcumap *map;

	(void)state;
	for (size_t i = 0; i <= sizeof(later.more); i++) {
		later.attr.size = sizeof(later.attr) + i;
		check_int(rcumap_create(&map, &later.attr), 0);
		check_int(rcumap_destroy(map), 0);
	}
	for (size_t i = 0; i < sizeof(later.more); i++) {
		later.more[i] = 1 + (unsigned char)i;
		check_create_fails(&later.attr, -EINVAL);
		later.attr.size = sizeof(later.attr) + i; /* up to it, but not with it */
		check_int(rcumap_create(&map, &later.attr), 0);
		check_int(rcumap_destroy(map), 0);
		later.attr.size = sizeof(later);
		later.more[i] = 0;
	}
}

static void attr_may_not_be_shorter(void **state)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;

	(void)state;
	for (attr.size = 0; attr.size < sizeof(attr); attr.size++)
		check_create_fails(&attr, -EINVAL);
}

static void unknown_flags_are_rejected(void **state)
{
	struct value_pool pool;
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;

	(void)state;
	value_pool_attr(&attr, &pool, true);
	for (unsigned int bit = 1; bit < 32; bit++) {
		attr.flags = 1u << bit;
		check_create_fails(&attr, -EINVAL);
		attr.flags |= RCUMAP_VALUE_LINK;
		check_create_fails(&attr, -EINVAL);
	}
}

static void a_link_must_be_aligned_and_needs_value_free(void **state)
{
	struct value_pool pool;
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;

	(void)state;
	value_pool_attr(&attr, &pool, true);
	for (size_t i = 1; i < 4 * sizeof(void *); i++) {
		attr.value_link = i;
		if (i % _Alignof(void *))
			check_create_fails(&attr, -EINVAL);
	}
	attr.value_link = SIZE_MAX;
	check_create_fails(&attr, -EINVAL);
	attr.value_link = offsetof(struct value, link);
	attr.value_free = NULL;
	check_create_fails(&attr, -EINVAL);
}

static void a_map_with_links_takes_aligned_values_only(void **state)
{
	struct value_pool pool;
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct value *value;
	struct rcumap *map;
	void *out = &out;

	(void)state;
	value_pool_init(&pool);
	value_pool_attr(&attr, &pool, true);
	value = value_new(&pool, 0, 0);
	check_int(rcumap_create(&map, &attr), 0);
	check_int(rcumap_store(map, "key", 3, value), 0);
	for (size_t i = 1; i < _Alignof(void *); i++) {
		void *bad = (char *)value + i;

		check_int(rcumap_store(map, "key", 3, bad), -EINVAL);
		check_int(rcumap_store(map, "other", 5, bad), -EINVAL);
		check_int(rcumap_swap(map, "key", 3, bad, &out), -EINVAL);
		check_ptr(out, NULL);
		check_int(rcumap_load_or_store(map, "other", 5, bad, &out), -EINVAL);
		check_int(rcumap_compare_and_swap(map, "key", 3, value, bad), -EINVAL);
	}
	check_size(rcumap_count(map), 1);
	check_int(rcumap_compare_and_delete(map, "key", 3, value), 1);
	check_int(rcumap_destroy_wait(map), 0);
	value_pool_fini(&pool);
}

static void lengths_and_numbers_have_limits(void **state)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;

	(void)state;
#if SIZE_MAX > UINT32_MAX
	attr.key_len = SIZE_MAX;
	check_create_fails(&attr, -EINVAL);
	attr.key_len = (size_t)RCUMAP_KEY_MAX + 1;
	check_create_fails(&attr, -EINVAL);
#endif
	attr.key_len = 0;
	attr.expected = SIZE_MAX / 64 + 1;
	check_create_fails(&attr, -EINVAL);
	attr.expected = SIZE_MAX;
	check_create_fails(&attr, -EINVAL);
}

static void the_largest_expected_number_is_valid_but_finds_no_memory(void **state)
{
	struct test_alloc alloc = {.fail_from = (size_t)1 << 28};
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;

	(void)state;
	attr.expected = SIZE_MAX / 64;
#if SIZE_MAX > UINT32_MAX /* else it is 256 MiB, which may be there */
	check_create_fails(&attr, -ENOMEM);
#endif
	test_alloc_attr(&attr, &alloc);
	check_create_fails(&attr, -ENOMEM);
	check_that(atomic_load(&alloc.failed) > 0, "no large table was asked for");
	check_size(test_alloc_held(&alloc).blocks, 0);
}

static void the_longest_key_length_is_valid(void **state)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct rcumap *map;

	(void)state;
	attr.key_len = RCUMAP_KEY_MAX;
	check_int(rcumap_create(&map, &attr), 0);
	check_rejected(map, (struct key_arg){"key", 3}, map);
	check_int(rcumap_destroy(map), 0);
}

static void allocator_hooks_come_in_pairs(void **state)
{
	struct test_alloc alloc = {0};
	struct rcumap_attr both = RCUMAP_ATTR_INIT, attr;

	(void)state;
	test_alloc_attr(&both, &alloc);
	attr = both;
	attr.alloc = NULL;
	check_create_fails(&attr, -EINVAL);
	attr = both;
	attr.free = NULL;
	check_create_fails(&attr, -EINVAL);
	check_size(atomic_load(&alloc.calls), 0);
}

static void a_bad_attribute_is_seen_before_anything_is_allocated(void **state)
{
	struct test_alloc alloc = {0};
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;

	(void)state;
	test_alloc_attr(&attr, &alloc);
	attr.flags = 1u << 31;
	check_create_fails(&attr, -EINVAL);
	attr.flags = 0;
	attr.expected = SIZE_MAX;
	check_create_fails(&attr, -EINVAL);
	check_size(atomic_load(&alloc.calls), 0);
}

static void create_without_memory_fails_cleanly(void **state)
{
	struct test_alloc alloc = {0};
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct rcumap *map;
	size_t calls;

	(void)state;
	test_alloc_attr(&attr, &alloc);
	check_int(rcumap_create(&map, &attr), 0);
	check_int(rcumap_destroy_wait(map), 0);
	calls = atomic_load(&alloc.calls);
	check_that(calls > 0, "the allocator hook was not used");
	for (size_t nth = 1; nth <= calls; nth++) {
		atomic_store(&alloc.fail_nth, nth);
		check_create_fails(&attr, -ENOMEM);
		check_size(test_alloc_held(&alloc).bytes, 0);
	}
}

static void create_without_random_numbers_fails_cleanly(void **state)
{
	struct test_alloc alloc = {0};
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;

	(void)state;
	test_alloc_attr(&attr, &alloc);
	atomic_store(&test_getrandom_error, ENOSYS);
	check_create_fails(&attr, -ENOSYS);
	atomic_store(&test_getrandom_error, 0);
	check_size(test_alloc_held(&alloc).bytes, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_operation_takes_null_for_a_map),
		cmocka_unit_test(no_operation_takes_null_for_a_key_that_is_not_empty),
		cmocka_unit_test(a_map_of_fixed_length_takes_no_other),
		cmocka_unit_test(no_key_is_longer_than_the_longest),
		cmocka_unit_test(the_size_of_an_entry_does_not_overflow),
		cmocka_unit_test(no_value_is_null),
		cmocka_unit_test(range_needs_a_visit),
		cmocka_unit_test(create_needs_room_for_the_map_a_flavor_and_a_worker),
		cmocka_unit_test(attr_may_be_longer_but_only_by_zeroes),
		cmocka_unit_test(attr_may_not_be_shorter),
		cmocka_unit_test(unknown_flags_are_rejected),
		cmocka_unit_test(a_link_must_be_aligned_and_needs_value_free),
		cmocka_unit_test(a_map_with_links_takes_aligned_values_only),
		cmocka_unit_test(lengths_and_numbers_have_limits),
		cmocka_unit_test(the_largest_expected_number_is_valid_but_finds_no_memory),
		cmocka_unit_test(the_longest_key_length_is_valid),
		cmocka_unit_test(allocator_hooks_come_in_pairs),
		cmocka_unit_test(a_bad_attribute_is_seen_before_anything_is_allocated),
		cmocka_unit_test(create_without_memory_fails_cleanly),
		cmocka_unit_test(create_without_random_numbers_fails_cleanly),
	};

	test_begin();
	return test_end(cmocka_run_group_tests_name("arguments", tests, NULL, NULL));
}
