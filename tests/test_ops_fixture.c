/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_ops_fixture.c - a fresh map for each test, of every kind in turn; see test_ops_fixture.h.
 */
#include "test_ops_fixture.h"

#include <inttypes.h>

enum { ROUNDS_MAX = 64 }; /* for a destroy that nobody waits for; a few should do */

static const struct kind kinds[] = {
	{.name = "any keys, plain values"},
	{.name = "any keys, value_free", .values = VALUES_FREED},
	{.name = "8-byte keys, value_free with link", .key_len = 8, .values = VALUES_LINKED},
	{.name = "any keys, constant hash, link", .values = VALUES_LINKED, .bad_hash = true},
	{.name = "any keys, default allocator", .default_alloc = true},
	{.name = "1-byte keys, plain values", .key_len = 1},
	{.name = "4-byte keys, value_free", .key_len = 4, .values = VALUES_FREED},
	{.name = "8-byte keys, plain values, constant hash", .key_len = 8, .bad_hash = true},
	{.name = "16-byte keys, link, expected 5000",
	 .key_len = 16,
	 .values = VALUES_LINKED,
	 .expected = 5000},
	{.name = "33-byte keys, value_free, default allocator",
	 .key_len = 33,
	 .values = VALUES_FREED,
	 .default_alloc = true},
};

static const struct kind *current;
static struct fixture *earlier; /* whose maps are destroyed, but perhaps not gone yet */

struct rcumap_attr fixture_attr(struct fixture *f)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;

	attr.key_len = f->kind->key_len;
	attr.expected = f->kind->expected;
	if (!f->kind->default_alloc)
		test_alloc_attr(&attr, &f->alloc);
	if (f->kind->bad_hash)
		attr.hash = hash_constant;
	if (f->kind->values != VALUES_PLAIN)
		value_pool_attr(&attr, &f->pool, f->kind->values == VALUES_LINKED);
	return attr;
}

int fixture_setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct rcumap_attr attr;

	if (!f)
		return -1;
	f->kind = current;
	f->earlier = earlier;
	earlier = f;
	value_pool_init(&f->pool);
	attr = fixture_attr(f);
	check_int(rcumap_create(&f->map, &attr), 0);
	*state = f;
	return 0;
}

int fixture_teardown(void **state)
{
	struct fixture *f = *state;

	if (f->map)
		check_int(rcumap_destroy(f->map), 0);
	return 0;
}

/* Everything is given back: by the map if it frees values, else by us. */
static void check_all_given_back(struct fixture *f)
{
	check_that(test_alloc_await_empty(&f->alloc, ROUNDS_MAX), "%zu bytes are not given back",
		   test_alloc_held(&f->alloc).bytes);
	if (f->kind->values == VALUES_PLAIN) {
		check_size(atomic_load(&f->pool.freed), 0);
		value_pool_reap(&f->pool);
	}
	value_pool_fini(&f->pool);
}

static int end_of_kind(void **state)
{
	struct fixture *f;

	(void)state;
	wait_rounds(current->default_alloc ? 16 : 8);
	while ((f = earlier)) {
		check_all_given_back(f);
		earlier = f->earlier;
		free(f);
	}
	return 0;
}

int fixture_run(const struct kind *kind, const struct CMUnitTest *tests, size_t n)
{
	current = kind;
	return _cmocka_run_group_tests(kind->name, tests, n, NULL, end_of_kind);
}

int fixture_run_all(const struct CMUnitTest *tests, size_t n)
{
	size_t n_kinds = test_scale(sizeof(kinds) / sizeof(kinds[0]), 4);
	int failed = 0;

	for (size_t i = 0; i < n_kinds; i++)
		failed += fixture_run(&kinds[i], tests, n);
	return failed;
}

struct test_key key_of(const struct fixture *f, uint64_t n)
{
	return test_key(f->kind->key_len, n);
}

struct value *new_value(struct fixture *f, uint64_t key)
{
	return value_new(&f->pool, key, 0);
}

struct value *store_new(struct fixture *f, uint64_t n)
{
	struct test_key k = key_of(f, n);
	struct value *value = new_value(f, n);

	check_int(rcumap_store(f->map, k.bytes, k.len, value), 0);
	return value;
}

void not_stored(struct fixture *f, struct value *value)
{
	if (f->kind->values == VALUES_PLAIN)
		return; /* reaped at the end */
	value_free(value, &f->pool);
	f->retired++;
}

void check_freed(struct fixture *f, size_t retired)
{
	if (f->kind->values == VALUES_PLAIN)
		return;
	f->retired += retired;
	check_int(rcumap_drain(f->map), 0);
	check_size(atomic_load(&f->pool.freed), f->retired);
}

void *load(const struct fixture *f, const struct test_key *k)
{
	void *value;

	rcu_read_lock();
	value = rcumap_load(f->map, k->bytes, k->len);
	rcu_read_unlock();
	return value;
}

void check_holds(const struct fixture *f, const struct test_key *k, const void *want)
{
	test_note_key(k->bytes, k->len);
	check_ptr(load(f, k), want);
	check_size(rcumap_count(f->map), want ? 1 : 0);
}

int see(const void *key, size_t len, void *value, void *ctx)
{
	struct seen *seen = ctx;
	uint64_t n = ((struct value *)value)->key;
	struct test_key k = key_of(seen->f, n);

	value_check(value, n);
	check_that(len == k.len && !memcmp(key, k.bytes, len),
		   "range: not the key of value %" PRIu64, n);
	if (seen->times)
		seen->times[n]++;
	return ++seen->visits == seen->stop_after ? seen->answer : 0;
}
