/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_ops_fixture.h - a fresh map for each test, of every kind in turn: every length of key,
 * values that are the caller's, value_free with and without a link, a hash that is of no use, the
 * default allocator. A test destroys its map without waiting; when all tests of a kind have run,
 * everything must have been given back.
 */
#ifndef RCUMAP_TESTS_OPS_FIXTURE_H
#define RCUMAP_TESTS_OPS_FIXTURE_H

#include "support.h"

enum values { VALUES_PLAIN, VALUES_FREED, VALUES_LINKED };

struct kind {
	const char *name;
	size_t key_len;
	enum values values;
	bool default_alloc;
	bool bad_hash;
	size_t expected;
};

struct fixture {
	const struct kind *kind;
	struct test_alloc alloc;
	struct value_pool pool;
	struct rcumap *map;
	size_t retired; /* values that should have been freed by now */
	struct fixture *earlier;
};

#define OPS_TEST(function) \
	{ \
#function, function, fixture_setup, fixture_teardown, NULL \
	}

int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Runs the tests on maps of @kind; returns how many failed. */
int fixture_run(const struct kind *kind, const struct CMUnitTest *tests, size_t n);

/* Runs them on maps of every kind, or of a few with CHECK=quick. */
int fixture_run_all(const struct CMUnitTest *tests, size_t n);

/* The attributes of the fixture's kind. */
struct rcumap_attr fixture_attr(struct fixture *f);

struct test_key key_of(const struct fixture *f, uint64_t n);
struct value *new_value(struct fixture *f, uint64_t key);

/* Stores a new value under key number @n and returns it. */
struct value *store_new(struct fixture *f, uint64_t n);

/* A value that was not stored is the caller's to free. */
void not_stored(struct fixture *f, struct value *value);

/* Drains; then value_free was called for @retired values more than at the last check. */
void check_freed(struct fixture *f, size_t retired);

/* rcumap_load() in a section of its own. */
void *load(const struct fixture *f, const struct test_key *k);

/* The one key of the map, @k, has the value @want; or the map is empty, if that is NULL. */
void check_holds(const struct fixture *f, const struct test_key *k, const void *want);

/* What see() found, by the numbers of the keys, which the values know. */
struct seen {
	struct fixture *f;
	size_t visits;
	unsigned char *times; /* per key, if not NULL */
	size_t stop_after;
	int answer;
};

/* A visit callback that checks key and value; @ctx is a struct seen. */
int see(const void *key, size_t len, void *value, void *ctx);

#endif /* RCUMAP_TESTS_OPS_FIXTURE_H */
