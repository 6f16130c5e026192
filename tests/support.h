/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * support.h - what all tests share: checks that print key, operation and seed; a seeded random
 * generator; an allocator that counts, fails on demand and poisons; values that are freed exactly
 * once; registered threads; and waiting for rounds of the call_rcu worker.
 *
 * The flavor is memb, unless the test is compiled with -DFLAVOR_MB, -DFLAVOR_QSBR or -DFLAVOR_BP.
 * Every main() begins with test_begin() and ends with test_end(). A check may stand anywhere: in
 * the thread of main() and outside sections it fails the cmocka test, elsewhere it aborts.
 */
#ifndef RCUMAP_TESTS_SUPPORT_H
#define RCUMAP_TESTS_SUPPORT_H

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <cmocka.h>

/* Without it the flavor's header takes the short names (rcu_read_lock, rcu_flavor) back again. */
#ifndef URCU_API_MAP
#define URCU_API_MAP
#endif
#if defined(FLAVOR_MB)
#include <urcu/urcu-mb.h>
#define FLAVOR_NAME "mb"
#elif defined(FLAVOR_QSBR)
#include <urcu/urcu-qsbr.h>
#define FLAVOR_NAME "qsbr"
#elif defined(FLAVOR_BP)
#include <urcu/urcu-bp.h>
#define FLAVOR_NAME "bp"
#else
#include <urcu/urcu-memb.h>
#define FLAVOR_NAME "memb"
#endif
#include <rcumap.h>

/*
 * Program
 */

/*
 * Registers the thread, prints the seed, and starts a watchdog (RCUMAP_TIMEOUT seconds). Tests whose
 * names match RCUMAP_SKIP (cmocka knows * and ?) are left out.
 */
void test_begin(void);

/* Takes the number of failed tests; returns what main() should. */
int test_end(int failed);

/* @full, or @quick if the environment has CHECK=quick. */
size_t test_scale(size_t full, size_t quick);

/* fork(). The child has a watchdog of its own, aborts when a check fails, and ends by exit(). */
pid_t test_fork(void);

/* Waits for the child, which must end with status 0. */
void test_await_child(pid_t pid);

/*
 * Checks
 */

/* Prints where, what, the last key noted and the seed; does not return. */
_Noreturn void test_fail(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Has test_fail() call @print(@arg) when a check of this thread fails; NULL: no more. */
void test_at_fail(void (*print)(void *arg), void *arg);

/* Remembers (per thread) the key that the next operations are about, for test_fail(). */
void test_note_key(const void *key, size_t len);

#define check_that(condition, ...) \
	do { \
		if (!(condition)) \
			test_fail(__FILE__, __LINE__, __VA_ARGS__); \
	} while (0)

#define check_int(call, want) test_check_int(__FILE__, __LINE__, #call, (call), (want))
#define check_size(call, want) test_check_size(__FILE__, __LINE__, #call, (call), (want))
#define check_ptr(call, want) test_check_ptr(__FILE__, __LINE__, #call, (call), (want))

void test_check_int(const char *file, int line, const char *call, long got, long want);
void test_check_size(const char *file, int line, const char *call, size_t got, size_t want);
void test_check_ptr(const char *file, int line, const char *call, const void *got,
		    const void *want);

/*
 * Random numbers (splitmix64)
 */

struct rng {
	uint64_t state;
};

/* The seed of this run: RCUMAP_SEED from the environment, or a fixed one. */
uint64_t test_seed(void);

/* A generator that depends on the seed of the run and on @stream. */
struct rng rng_make(uint64_t stream);
uint64_t rng_next(struct rng *rng);

/* 0 to @n - 1. */
size_t rng_below(struct rng *rng, size_t n);

/*
 * support.c also replaces getrandom(), from which maps get the seeds of their hashes, so that these
 * depend on the seed of the run, too. Not 0: the error with which it fails.
 */
extern _Atomic int test_getrandom_error;

/*
 * Keys and hashes
 */

struct test_key {
	size_t len;
	unsigned char bytes[64];
};

/* Key number @n: @key_len bytes that differ at their end only, or a string of any length if 0. */
struct test_key test_key(size_t key_len, uint64_t n);

/* Hash hooks: a good one, one with two bits, and none at all. */
uint64_t hash_good(const void *key, size_t len, uint64_t seed, void *ctx);
uint64_t hash_two_bits(const void *key, size_t len, uint64_t seed, void *ctx);
uint64_t hash_constant(const void *key, size_t len, uint64_t seed, void *ctx);

/*
 * The counting allocator. Zero-initialise it; several can be in use at once. Aborts if a block
 * comes back with another size or to another allocator, or was written beyond its end.
 */

struct test_held {
	size_t bytes;
	size_t blocks;
};

struct test_alloc {
	_Atomic size_t table_bytes, table_blocks; /* held, aligned to 64 and more: the tables */
	_Atomic size_t rest_bytes, rest_blocks;	  /* held, all others */
	_Atomic size_t calls;			  /* allocations asked for, ever */
	_Atomic size_t failed;			  /* of those, how many were refused */
	_Atomic size_t fail_nth;  /* counts down; the allocation that makes it 0 fails. 0 = off */
	_Atomic size_t fail_from; /* all of this size and more fail. 0 = off */
};

/* Sets the hooks of @attr. */
void test_alloc_attr(struct rcumap_attr *attr, struct test_alloc *alloc);
struct test_held test_alloc_tables(const struct test_alloc *alloc);
struct test_held test_alloc_rest(const struct test_alloc *alloc);
struct test_held test_alloc_held(const struct test_alloc *alloc);

/* Waits, at most @rounds rounds, until @alloc holds nothing; false if it still does. */
bool test_alloc_await_empty(const struct test_alloc *alloc, unsigned int rounds);

/*
 * Counted values. A freed value stays in quarantine for a while, so that freeing it again is seen.
 */

enum { VALUE_QUARANTINE = 1024 };

struct value_pool {
	_Atomic size_t made;
	_Atomic size_t freed;
	pthread_mutex_t lock; /* of what follows */
	struct value *live;
	struct value *quarantine[VALUE_QUARANTINE];
	size_t next;
};

struct value {
	uint64_t magic;
	uint64_t key; /* number of the key it is meant for */
	uint64_t generation;
	_Atomic int state;
	_Atomic bool taken;
	struct rcumap_link link;
	struct rcu_head head; /* for value_defer() */
	struct value_pool *pool;
	struct value *prev, *succ; /* the pool's list of live values */
};

void value_pool_init(struct value_pool *pool);

/* Checks that as many were freed as made. */
void value_pool_fini(struct value_pool *pool);

/* Frees what is still alive: what maps without value_free have forgotten, when they are gone. */
size_t value_pool_reap(struct value_pool *pool);

/* Sets value_free, value_ctx, and the link if wanted. */
void value_pool_attr(struct rcumap_attr *attr, struct value_pool *pool, bool link);

struct value *value_new(struct value_pool *pool, uint64_t key, uint64_t generation);

/* The value_free hook; also for values that were never stored. Aborts if called twice. */
void value_free(void *value, void *pool);

/* value_free() after a grace period, for maps without value_free. */
void value_defer(struct value *value);

/* For a value that an operation took out of the map and returned: aborts if it came out before. */
void value_take(void *value, uint64_t key);

/* Aborts unless @value is alive and meant for @key; returns its generation. */
uint64_t value_check(const void *value, uint64_t key);

/*
 * Threads and rounds
 */

struct test_threads;

/* Starts @n registered threads, which begin @run together. */
struct test_threads *test_threads_start(unsigned int n, void (*run)(unsigned int index, void *arg),
					void *arg);

/* Waits for them (offline, with qsbr). */
void test_threads_join(struct test_threads *threads);

/* Waits (offline, with qsbr) for @n rounds of this thread's call_rcu worker. */
void wait_rounds(unsigned int n);

/*
 * The invariants of a map that no thread uses: for tests that link librcumap-seams.la. The map's own
 * callbacks may be migrating it and not have counted yet, so what is wrong must stay so.
 */
#ifdef RCUMAP_SEAMS
int rcumap__check(struct rcumap *map); /* lib/check.c */

#define check_invariants(map) test_check_invariants(__FILE__, __LINE__, (map))

static inline void test_check_invariants(const char *file, int line, struct rcumap *map)
{
	int broken = rcumap__check(map);

	for (int rounds = 0; broken && rounds < 32; rounds++) {
		wait_rounds(1);
		broken = rcumap__check(map);
	}
	if (broken)
		test_fail(file, line, "invariant I%d of lib/internal.h does not hold", -broken);
}
#endif

#endif /* RCUMAP_TESTS_SUPPORT_H */
