/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_retention.c - promise 1: nothing is retained. An allocator counts bytes: what entries, keys
 * and values hold after a drain is exactly what the live ones need, as a second map that never held
 * anything else shows; and a map that nobody touches any more goes back to the size of an empty
 * one.
 */
#include "support.h"

#include "../lib/internal.h"

enum loads { NO_LOADS, LOADED_WHILE_GROWING };
enum removal { DELETE_HALF, DELETE_ALL, REPLACE_ALL, CLEAR };
enum ending { DRAINED, LEFT_IDLE };

enum { RETIRE_ROUNDS = 4, SHRINK_ROUNDS = 8, SHRINK_LOG2 = 5 };

static const char *const removal_names[] = {"delete half", "delete all", "replace all", "clear"};

struct subject {
	struct test_alloc alloc;
	struct value_pool pool;
	struct rcumap_attr attr;
	struct rcumap *map;
};

static void subject_make(struct subject *s,
			 uint64_t (*hash)(const void *, size_t, uint64_t, void *), bool link)
{
	memset(s, 0, sizeof(*s));
	value_pool_init(&s->pool);
	s->attr = (struct rcumap_attr)RCUMAP_ATTR_INIT;
	s->attr.hash = hash;
	test_alloc_attr(&s->attr, &s->alloc);
	value_pool_attr(&s->attr, &s->pool, link);
	check_int(rcumap_create(&s->map, &s->attr), 0);
}

static void subject_unmake(struct subject *s)
{
	check_int(rcumap_destroy_wait(s->map), 0);
	check_size(test_alloc_held(&s->alloc).blocks, 0);
	value_pool_fini(&s->pool);
}

static void subject_store(struct subject *s, uint64_t n)
{
	struct test_key key = test_key(0, n);

	test_note_key(key.bytes, key.len);
	check_int(rcumap_store(s->map, key.bytes, key.len, value_new(&s->pool, n, 1)), 0);
}

static void subject_delete(struct subject *s, uint64_t n)
{
	struct test_key key = test_key(0, n);

	test_note_key(key.bytes, key.len);
	check_int(rcumap_delete(s->map, key.bytes, key.len), 1);
}

static void subject_load(struct subject *s, uint64_t n)
{
	struct test_key key = test_key(0, n);
	void *value;

	test_note_key(key.bytes, key.len);
	rcu_read_lock();
	value = rcumap_load(s->map, key.bytes, key.len);
	check_that(value, "a key is lost");
	value_check(value, n);
	rcu_read_unlock();
}

static void subject_fill(struct subject *s, size_t keys, enum loads loads)
{
	for (size_t i = 0; i < keys; i++) {
		subject_store(s, i);
		if (loads == LOADED_WHILE_GROWING)
			for (size_t j = 0; j < 4; j++)
				subject_load(s, i * (2 * j + 1) / 8);
	}
}

/* Whether key @n is still there after the removal. */
static bool remains(enum removal removal, size_t n)
{
	return removal == REPLACE_ALL || (removal == DELETE_HALF && n % 2);
}

static void subject_remove(struct subject *s, size_t keys, enum removal removal)
{
	if (removal == CLEAR)
		check_int(rcumap_clear(s->map), 0);
	else if (removal == REPLACE_ALL)
		for (size_t i = 0; i < keys; i++)
			subject_store(s, i);
	else
		for (size_t i = 0; i < keys; i++)
			if (!remains(removal, i))
				subject_delete(s, i);
}

/* What the keys that remain need, as a map tells that never held another. */
static struct test_held needed(size_t keys, enum removal removal, bool link, size_t *table_bytes)
{
	struct subject fresh;
	struct test_held held;

	subject_make(&fresh, NULL, link);
	for (size_t i = 0; i < keys; i++)
		if (remains(removal, i))
			subject_store(&fresh, i);
	check_int(rcumap_drain(fresh.map), 0);
	held = test_alloc_rest(&fresh.alloc);
	*table_bytes = test_alloc_tables(&fresh.alloc).bytes;
	subject_unmake(&fresh);
	return held;
}

/* A clear is swept a portion a round: here at most two steps for each key. */
static unsigned int idle_rounds(size_t keys, enum removal removal)
{
	return RETIRE_ROUNDS + (removal == CLEAR ? (unsigned int)(2 * keys / SWEEP_PORTION) : 0);
}

static void check_retention(size_t keys, enum loads loads, enum removal removal, enum ending ending,
			    bool link)
{
	size_t live = 0, table_bytes;
	struct test_held need = needed(keys, removal, link, &table_bytes);
	struct subject s;

	subject_make(&s, NULL, link);
	subject_fill(&s, keys, loads);
	subject_remove(&s, keys, removal);
	if (ending == DRAINED)
		check_int(rcumap_drain(s.map), 0);
	else
		wait_rounds(idle_rounds(keys, removal));

	for (size_t i = 0; i < keys; i++)
		live += remains(removal, i);
	check_that(test_alloc_rest(&s.alloc).bytes == need.bytes,
		   "%zu bytes of entries are held after %s, %zu are needed",
		   test_alloc_rest(&s.alloc).bytes, removal_names[removal], need.bytes);
	check_size(test_alloc_rest(&s.alloc).blocks, need.blocks);
	check_size(atomic_load(&s.pool.made) - atomic_load(&s.pool.freed), live);
	check_size(rcumap_count(s.map), live);
	check_that(test_alloc_tables(&s.alloc).bytes <= 4 * table_bytes,
		   "the tables hold %zu bytes after %s, a new map's %zu",
		   test_alloc_tables(&s.alloc).bytes, removal_names[removal], table_bytes);
	check_int(rcumap__check(s.map), 0);
	subject_unmake(&s);
}

static void nothing_is_retained_after(enum ending ending)
{
	size_t keys = test_scale(10000, 2000);

	for (int loads = NO_LOADS; loads <= LOADED_WHILE_GROWING; loads++)
		for (int removal = DELETE_HALF; removal <= CLEAR; removal++)
			for (int link = 0; link < 2; link++)
				check_retention(keys, loads, removal, ending, link);
}

static void after_a_drain_only_live_entries_hold_memory(void **state)
{
	(void)state;
	nothing_is_retained_after(DRAINED);
}

static void after_four_idle_rounds_only_live_entries_hold_memory(void **state)
{
	(void)state;
	nothing_is_retained_after(LEFT_IDLE);
}

static size_t empty_footprint(const struct rcumap_attr *attr)
{
	struct rcumap_attr copy = *attr;
	struct test_alloc alloc = {0};
	struct rcumap *map;
	size_t bytes;

	test_alloc_attr(&copy, &alloc);
	check_int(rcumap_create(&map, &copy), 0);
	bytes = test_alloc_held(&alloc).bytes;
	check_int(rcumap_destroy_wait(map), 0);
	return bytes;
}

/* Waits until the map holds at most 1.1 times what an empty one does. */
static void check_shrinks_by_itself(struct subject *s, unsigned int rounds)
{
	size_t empty = empty_footprint(&s->attr), held = 0;

	for (unsigned int i = 0; i <= rounds; i++) {
		held = test_alloc_held(&s->alloc).bytes;
		if (10 * held <= 11 * empty)
			return;
		wait_rounds(1);
	}
	check_that(false, "%zu bytes after %u idle rounds; an empty map has %zu", held, rounds,
		   empty);
}

/* Rounds that the promise allows to a map that held so many keys. */
static unsigned int shrink_rounds(size_t keys)
{
	unsigned int shrinks = 1;

	for (size_t buckets = keys; buckets > 4; buckets >>= SHRINK_LOG2)
		shrinks++;
	return shrinks * SHRINK_ROUNDS;
}

static void an_emptied_map_shrinks_with_no_further_call(void **state)
{
	static const size_t sizes[] = {1, 30, 1000, 30000, 300000};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		size_t keys = sizes[i] > 30000 ? test_scale(sizes[i], 30000) : sizes[i];
		struct subject s;

		subject_make(&s, NULL, true);
		subject_fill(&s, keys, NO_LOADS);
		subject_remove(&s, keys, DELETE_ALL);
		check_shrinks_by_itself(&s, shrink_rounds(keys));
		subject_unmake(&s);
	}
}

static void chains_of_colliding_keys_leave_no_overflow_buckets_behind(void **state)
{
	struct subject s;

	(void)state;
	for (size_t keys = 8; keys < 1000; keys *= 5) {
		subject_make(&s, hash_constant, true);
		subject_fill(&s, keys, NO_LOADS);
		subject_remove(&s, keys, DELETE_ALL);
		check_shrinks_by_itself(&s, shrink_rounds(keys));
		subject_unmake(&s);
	}
}

static void a_shrink_that_finds_no_memory_is_tried_again_by_itself(void **state)
{
	struct subject s;
	size_t keys = 1000;

	(void)state;
	subject_make(&s, NULL, true);
	subject_fill(&s, keys, NO_LOADS);
	atomic_store(&s.alloc.fail_from, 1);
	subject_remove(&s, keys, DELETE_ALL);
	wait_rounds(3);
	check_that(atomic_load(&s.alloc.failed), "no shrink was tried");
	atomic_store(&s.alloc.fail_from, 0);
	check_shrinks_by_itself(&s, shrink_rounds(keys));
	subject_unmake(&s);
}

static void an_idle_map_gives_a_shrink_up_after_eight_rounds_without_memory(void **state)
{
	struct subject s;
	size_t keys = 1000, asked;

	(void)state;
	subject_make(&s, NULL, true);
	subject_fill(&s, keys, NO_LOADS);
	atomic_store(&s.alloc.fail_from, 1);
	subject_remove(&s, keys, DELETE_ALL);
	wait_rounds(16);
	asked = atomic_load(&s.alloc.calls);
	wait_rounds(4);
	check_size(atomic_load(&s.alloc.calls), asked); /* the worker is left alone */

	atomic_store(&s.alloc.fail_from, 0);
	subject_store(&s, 0);
	subject_delete(&s, 0);
	check_shrinks_by_itself(&s, shrink_rounds(keys));
	subject_unmake(&s);
}

/* Blocks that the map, its snapshot and the snapshot's chunks take. */
static size_t blocks_in_use(struct rcumap *map)
{
	const struct table *t = atomic_load(&map->snapshot);
	size_t blocks = 2;

	for (size_t i = 0; i < (size_t)1 << t->stripes_log2; i++)
		for (struct chunk *c = t->stripes[i].chunks; c; c = c->next)
			blocks++;
	return blocks;
}

/* It once stayed as long as its retire queues went on working for the map. */
static void a_replaced_table_is_freed_while_the_map_has_more_to_do(void **state)
{
	const struct table *first;
	struct subject s;
	size_t left = 20000;

	(void)state;
	subject_make(&s, NULL, true);
	subject_fill(&s, left, NO_LOADS);
	check_int(rcumap_drain(s.map), 0);
	first = atomic_load(&s.map->snapshot);
	while (first == atomic_load(&s.map->snapshot))
		subject_delete(&s, --left);
	atomic_store(&s.alloc.fail_from, 1); /* the next shrink is overdue, but can't begin */
	while (left)
		subject_delete(&s, --left);
	check_int(rcumap_drain(s.map), 0);
	check_size(test_alloc_tables(&s.alloc).blocks, blocks_in_use(s.map));
	check_that(atomic_load(&s.alloc.failed), "no shrink was tried");
	atomic_store(&s.alloc.fail_from, 0);
	subject_unmake(&s);
}

static bool is_shrinking(struct rcumap *map)
{
	const struct table *t = atomic_load(&map->snapshot);
	const struct table *dirty = atomic_load(&t->dirty);

	return dirty && dirty->log2 < t->log2;
}

static void a_migration_left_halfway_by_its_last_delete_is_finished(void **state)
{
	struct subject s;
	size_t keys = 40000, left;

	(void)state;
	subject_make(&s, NULL, true);
	subject_fill(&s, keys, NO_LOADS);
	check_int(rcumap_drain(s.map), 0);
	for (left = keys; left && !is_shrinking(s.map); left--)
		subject_delete(&s, left - 1);
	check_that(left, "no shrink began");
	wait_rounds(SHRINK_ROUNDS);
	check_that(!is_shrinking(s.map), "still shrinking");
	check_int(rcumap__check(s.map), 0);
	for (size_t i = 0; i < left; i++)
		subject_load(&s, i);
	subject_unmake(&s);
}

static void an_idle_map_arms_no_callbacks(void **state)
{
	struct subject s;
	size_t calls;

	(void)state;
	subject_make(&s, NULL, true);
	subject_fill(&s, 1000, NO_LOADS);
	subject_remove(&s, 1000, DELETE_HALF);
	wait_rounds(SHRINK_ROUNDS);
	calls = atomic_load(&s.alloc.calls);
	for (size_t i = 0; i < (size_t)1 << atomic_load(&s.map->snapshot)->stripes_log2; i++)
		check_size(atomic_load(&atomic_load(&s.map->snapshot)->stripes[i].queue.head), 0);
	wait_rounds(2);
	check_size(atomic_load(&s.alloc.calls), calls);
	subject_unmake(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(after_a_drain_only_live_entries_hold_memory),
		cmocka_unit_test(after_four_idle_rounds_only_live_entries_hold_memory),
		cmocka_unit_test(an_emptied_map_shrinks_with_no_further_call),
		cmocka_unit_test(chains_of_colliding_keys_leave_no_overflow_buckets_behind),
		cmocka_unit_test(a_shrink_that_finds_no_memory_is_tried_again_by_itself),
		cmocka_unit_test(an_idle_map_gives_a_shrink_up_after_eight_rounds_without_memory),
		cmocka_unit_test(a_migration_left_halfway_by_its_last_delete_is_finished),
		cmocka_unit_test(a_replaced_table_is_freed_while_the_map_has_more_to_do),
		cmocka_unit_test(an_idle_map_arms_no_callbacks),
	};

	test_begin();
	return test_end(cmocka_run_group_tests_name("retention", tests, NULL, NULL));
}
