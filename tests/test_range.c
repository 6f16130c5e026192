/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_range.c - range visits each key at most once, and every key that was present throughout
 * exactly once, whatever the map goes through meanwhile: forced growth, shrinking, other seeds,
 * clears, and what the visits do themselves.
 */
#include "subject.h"

#include <errno.h>

enum { STABLE = 200, MAX_KEYS = 4096 };

static void store_keys(struct subject *s, uint64_t from, uint64_t to)
{
	for (uint64_t i = from; i < to; i++)
		subject_store(s, i, 1);
}

static void delete_keys(struct subject *s, uint64_t from, uint64_t to)
{
	for (uint64_t i = from; i < to; i++)
		(void)rcumap_delete(s->map, &i, sizeof(i));
}

/* One walk: how often each key was visited, and what a visit does besides. */
struct walk {
	struct subject *subject;
	void (*also)(struct walk *walk, uint64_t key);
	size_t visits;
	unsigned char seen[MAX_KEYS];
};

static int visit(const void *key, size_t len, void *value, void *ctx)
{
	struct walk *walk = ctx;
	uint64_t n;

	check_size(len, sizeof(n));
	memcpy(&n, key, sizeof(n));
	test_note_key(key, len);
	value_check(value, n);
	check_that(n < MAX_KEYS, "a key that nobody stored");
	check_that(!walk->seen[n], "visited twice");
	walk->seen[n] = 1;
	walk->visits++;
	if (walk->also)
		walk->also(walk, n);
	return 0;
}

static void walk_keys(struct subject *s, struct walk *walk, void (*also)(struct walk *, uint64_t))
{
	memset(walk, 0, sizeof(*walk));
	walk->subject = s;
	walk->also = also;
	check_int(rcumap_range(s->map, visit, walk), 0);
}

static void check_all_seen(const struct walk *walk, uint64_t from, uint64_t to)
{
	for (uint64_t i = from; i < to; i++) {
		test_note_key(&i, sizeof(i));
		check_that(walk->seen[i], "not visited");
	}
}

static void each_key_is_visited_once_at_rest(void **state)
{
	struct subject s;
	struct walk walk;

	(void)state;
	subject_make(&s, NULL, true, 0);
	for (uint64_t keys = 0; keys < 1000; keys = 2 * keys + 1) {
		store_keys(&s, 0, keys);
		walk_keys(&s, &walk, NULL);
		check_size(walk.visits, keys);
		check_all_seen(&walk, 0, keys);
	}
	subject_unmake(&s);
}

static void a_range_over_an_amended_map_finishes_the_migration_first(void **state)
{
	struct subject s;
	struct walk walk;

	(void)state;
	subject_make(&s, NULL, true, STABLE);
	check_int(subject_rekey(&s), 0);
	walk_keys(&s, &walk, NULL);
	check_size(walk.visits, STABLE);
	check_size(subject_snapshot(&s)->seed, 1);
	subject_unmake(&s);
}

static void without_memory_to_finish_it_nothing_is_visited(void **state)
{
	struct subject s;
	struct walk walk = {0};

	(void)state;
	subject_make(&s, hash_constant, true, STABLE);
	check_int(subject_rekey(&s), 0);
	atomic_store(&s.alloc.fail_from, 1);
	check_int(rcumap_range(s.map, visit, &walk), -ENOMEM);
	check_size(walk.visits, 0);
	atomic_store(&s.alloc.fail_from, 0);
	walk_keys(&s, &walk, NULL);
	check_size(walk.visits, STABLE);
	subject_unmake(&s);
}

/* All keys in one chain, but the last, which has a bucket for itself. */
static uint64_t hash_all_but_the_last(const void *key, size_t len, uint64_t seed, void *ctx)
{
	uint64_t n;

	(void)len;
	(void)seed;
	(void)ctx;
	memcpy(&n, key, sizeof(n));
	return n == MAX_KEYS - 1;
}

/*
 * The last key's bucket moves, the chain can't for want of memory; the last key is deleted from the
 * dirty table and freed. So a slot of a moved bucket dangles when the range begins.
 */
static void what_was_deleted_behind_a_moved_bucket_is_not_visited(void **state)
{
	uint64_t last = MAX_KEYS - 1;
	struct subject s;
	struct walk walk;

	(void)state;
	for (uint64_t seed = 1; seed < 8; seed++) { /* one seed may put both into one bucket */
		subject_make(&s, hash_all_but_the_last, true, STABLE);
		subject_store(&s, last, 1);
		walk_keys(&s, &walk, NULL); /* to the end of any growth */
		atomic_store(&s.seed, seed);
		check_int(subject_rekey(&s), 0);
		atomic_store(&s.alloc.fail_from, 1);
		delete_keys(&s, last, last + 1);
		check_int(rcumap_drain(s.map), 0);
		atomic_store(&s.alloc.fail_from, 0);
		walk_keys(&s, &walk, NULL);
		check_size(walk.visits, STABLE);
		subject_unmake(&s);
	}
}

static void a_chain_longer_than_the_stack_buffer_is_visited_whole(void **state)
{
	struct subject s;
	struct walk walk;

	(void)state;
	subject_make(&s, hash_constant, true, 0);
	for (uint64_t keys = 60; keys < 300; keys += 20) {
		store_keys(&s, 0, keys);
		walk_keys(&s, &walk, NULL);
		check_size(walk.visits, keys);
	}
	walk_keys(&s, &walk, NULL); /* at rest now, whatever the last stores began */
	memset(&walk, 0, sizeof(walk));
	atomic_store(&s.alloc.fail_from, 1);
	check_int(rcumap_range(s.map, visit, &walk), -ENOMEM);
	atomic_store(&s.alloc.fail_from, 0);
	subject_unmake(&s);
}

/* What visits do: change the very map. */

static void delete_and_store_again(struct walk *walk, uint64_t key)
{
	delete_keys(walk->subject, key, key + 1);
	subject_store(walk->subject, key, 1);
}

static void store_a_neighbour(struct walk *walk, uint64_t key)
{
	if (key < STABLE)
		subject_store(walk->subject, STABLE + key, 1);
}

static void grow_and_shrink(struct walk *walk, uint64_t key)
{
	if (key % 16)
		return;
	store_keys(walk->subject, MAX_KEYS / 2, MAX_KEYS);
	delete_keys(walk->subject, MAX_KEYS / 2, MAX_KEYS);
}

static void change_the_seed(struct walk *walk, uint64_t key)
{
	(void)subject_rekey(walk->subject); /* unless one is under way */
	subject_store(walk->subject, key, 1);
}

static void change_the_seed_and_store_again(struct walk *walk, uint64_t key)
{
	(void)subject_rekey(walk->subject); /* unless one is under way */
	delete_and_store_again(walk, key);
}

static void clear_and_store_all(struct walk *walk, uint64_t key)
{
	check_int(rcumap_clear(walk->subject->map), 0);
	store_keys(walk->subject, 0, STABLE);
	(void)key;
}

static void walk_inside(struct walk *outer, uint64_t key)
{
	struct walk *walk;

	if (key % 32)
		return;
	walk = calloc(1, sizeof(*walk));
	check_that(walk, "out of memory");
	walk_keys(outer->subject, walk, key % 64 ? grow_and_shrink : change_the_seed);
	check_all_seen(walk, 0, STABLE);
	free(walk);
}

static void visits_may_change_the_map(void **state)
{
	void (*const also[])(struct walk *, uint64_t) = {
		delete_and_store_again,		 store_a_neighbour,   grow_and_shrink,
		change_the_seed_and_store_again, clear_and_store_all, walk_inside,
	};
	uint64_t (*const hashes[])(const void *, size_t, uint64_t, void *) = {NULL, hash_two_bits,
									      hash_constant};

	(void)state;
	for (size_t i = 0; i < sizeof(also) / sizeof(*also); i++) {
		for (size_t h = 0; h < sizeof(hashes) / sizeof(*hashes); h++) {
			struct subject s;
			struct walk walk;

			subject_make(&s, hashes[h], true, STABLE);
			walk_keys(&s, &walk, also[i]);
			/* a visit takes away only the key that it is about */
			check_all_seen(&walk, 0, STABLE);
			subject_unmake(&s);
		}
	}
}

/*
 * Threads: the stable keys stay, all others come and go, the map grows, shrinks and changes its
 * seed.
 */

static void run_walks(struct subject *s)
{
	struct walk *walk = malloc(sizeof(*walk));

	check_that(walk, "out of memory");
	for (size_t i = test_scale(2000, 300); i; i--) {
		walk_keys(s, walk, NULL);
		check_all_seen(walk, 0, STABLE);
	}
	free(walk);
	atomic_store(&s->stop, true);
}

static void run_writes(struct subject *s, unsigned int index)
{
	struct rng rng = rng_make(index);

	while (!atomic_load(&s->stop)) {
		uint64_t from = STABLE + rng_below(&rng, MAX_KEYS - STABLE);
		uint64_t to = from + rng_below(&rng, MAX_KEYS - from);

		if (rng_below(&rng, 2))
			store_keys(s, from, to);
		else
			delete_keys(s, from, to);
		subject_store(s, rng_below(&rng, STABLE), 1);
		if (!rng_below(&rng, 4))
			(void)subject_rekey(s);
	}
}

static void run(unsigned int index, void *arg)
{
	if (index == 0)
		run_walks(arg);
	else
		run_writes(arg, index);
}

static void ranges_hold_their_promise_while_writers_resize_the_map(void **state)
{
	uint64_t (*const hashes[])(const void *, size_t, uint64_t, void *) = {NULL, hash_two_bits};

	(void)state;
	for (size_t h = 0; h < sizeof(hashes) / sizeof(*hashes); h++) {
		struct subject s;

		subject_make(&s, hashes[h], true, STABLE);
		test_threads_join(test_threads_start(3, run, &s));
		subject_unmake(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_key_is_visited_once_at_rest),
		cmocka_unit_test(a_range_over_an_amended_map_finishes_the_migration_first),
		cmocka_unit_test(without_memory_to_finish_it_nothing_is_visited),
		cmocka_unit_test(what_was_deleted_behind_a_moved_bucket_is_not_visited),
		cmocka_unit_test(a_chain_longer_than_the_stack_buffer_is_visited_whole),
		cmocka_unit_test(visits_may_change_the_map),
		cmocka_unit_test(ranges_hold_their_promise_while_writers_resize_the_map),
	};

	test_begin();
	return test_end(cmocka_run_group_tests_name("range", tests, NULL, NULL));
}
