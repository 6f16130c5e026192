/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_stall.c - a thread stops at the worst place, and the others go on: loads always, stores to
 * present keys while a stripe is held; a drain waits for whoever has to finish first.
 */
#include "seams.h"
#include "subject.h"

#include <semaphore.h>
#include <unistd.h>

#include "../lib/idle.h"

enum { KEYS = 64, SWEEP_KEYS = 10000 };

/* What a thread works on, and what came of it. */
struct task {
	struct subject *subject;
	uint64_t key;
	struct value *value;
	uint64_t seen;
	int answer;
};

/* Loads find every key but @absent, and stores replace it, without waiting for anybody. */
static void check_others_go_on(struct subject *s, uint64_t keys, uint64_t absent)
{
	for (uint64_t i = 0; i < keys; i++) {
		if (i == absent) {
			check_size(subject_generation(s, i), 0);
			continue;
		}
		check_that(subject_generation(s, i), "a key is lost");
		subject_store(s, i, 2);
		check_size(subject_generation(s, i), 2);
	}
	for (uint64_t i = keys; i < 2 * keys; i++)
		if (i != absent)
			check_size(subject_generation(s, i), 0);
}

static void store_key(void *arg)
{
	struct task *task = arg;

	task->answer = rcumap_store(task->subject->map, &task->key, sizeof(task->key), task->value);
}

static void delete_key(void *arg)
{
	struct task *task = arg;

	task->answer = rcumap_delete(task->subject->map, &task->key, sizeof(task->key));
}

static void loads_and_stores_go_on_while_a_writer_holds_a_stripe(void **state)
{
	struct subject s;
	struct task task = {.subject = &s};
	struct stopped *writer;

	(void)state;
	subject_make(&s, NULL, true, KEYS);
	task.key = KEYS;
	task.value = value_new(&s.pool, KEYS, 1);
	writer = stopped_start(SEAM_STRIPE_HELD, store_key, &task);
	check_others_go_on(&s, KEYS, KEYS);
	stopped_finish(writer);
	check_size(subject_generation(&s, KEYS), 1);
	subject_unmake(&s);
}

static void inserts_into_other_stripes_go_on_while_a_writer_holds_one(void **state)
{
	struct subject s;
	struct task task = {.subject = &s};
	struct stopped *writer;
	struct table *t;
	size_t free_stripes = 0;

	(void)state;
	subject_make(&s, NULL, true, 1000);
	task.key = 5000;
	task.value = value_new(&s.pool, task.key, 1);
	writer = stopped_start(SEAM_STRIPE_HELD, store_key, &task);
	t = atomic_load(&s.map->snapshot);
	for (size_t i = 0; i < (size_t)1 << t->stripes_log2; i++) {
		if (pthread_mutex_trylock(&t->stripes[i].lock))
			continue;
		pthread_mutex_unlock(&t->stripes[i].lock);
		free_stripes++;
	}
	check_size(free_stripes, ((size_t)1 << t->stripes_log2) - 1);
	stopped_finish(writer);
	subject_unmake(&s);
}

static void a_half_inserted_key_is_absent(void **state)
{
	struct subject s;
	struct task task = {.subject = &s};
	struct stopped *writer;

	(void)state;
	subject_make(&s, NULL, true, KEYS);
	task.key = KEYS;
	task.value = value_new(&s.pool, KEYS, 1);
	writer = stopped_start(SEAM_TAGGED, store_key, &task);
	check_others_go_on(&s, KEYS, KEYS);
	check_int(rcumap_delete(s.map, &task.key, sizeof(task.key)), 0);
	stopped_finish(writer);
	check_size(subject_generation(&s, KEYS), 1);
	subject_unmake(&s);
}

static void load_key(void *arg)
{
	struct task *task = arg;

	task->seen = subject_generation(task->subject, task->key);
}

/*
 * The reader has a header from before the key was deleted; the key is half stored again, into the
 * slot that became free. If the reader finds it there, all later readers must, too.
 */
static void no_reader_hits_what_a_later_one_misses(void **state)
{
	struct subject s;
	struct task task = {.subject = &s}, again = task;
	struct stopped *reader, *storer;

	(void)state;
	subject_make(&s, NULL, true, KEYS);
	task.key = 7;
	reader = stopped_start(SEAM_HEADER_READ, load_key, &task);
	check_int(rcumap_delete(s.map, &task.key, sizeof(task.key)), 1);
	again.key = 7;
	again.value = value_new(&s.pool, 7, 9);
	storer = stopped_start(SEAM_TAGGED, store_key, &again);
	stopped_finish(reader);
	if (task.seen == 9)
		check_size(subject_generation(&s, 7), 9);
	stopped_finish(storer);
	check_size(subject_generation(&s, 7), 9);
	subject_unmake(&s);
}

/* The reader's header says that the key is in the last slot, where it finds a link by now. */
static void a_reader_follows_the_entry_that_an_overflow_bucket_took(void **state)
{
	struct subject s;
	struct task task = {.subject = &s, .key = BUCKET_SLOTS - 1};
	struct stopped *reader;

	(void)state;
	subject_make(&s, hash_constant, true, BUCKET_SLOTS);
	reader = stopped_start(SEAM_HEADER_READ, load_key, &task);
	subject_store(&s, BUCKET_SLOTS, 1);
	stopped_finish(reader);
	check_size(task.seen, 1);
	subject_unmake(&s);
}

static void a_chain_that_is_being_lengthened_is_whole(void **state)
{
	struct subject s;
	struct task task = {.subject = &s, .key = BUCKET_SLOTS};
	struct stopped *writer;

	(void)state;
	subject_make(&s, hash_constant, true, BUCKET_SLOTS);
	task.value = value_new(&s.pool, task.key, 1);
	writer = stopped_start(SEAM_LINKED, store_key, &task);
	check_others_go_on(&s, BUCKET_SLOTS, task.key);
	stopped_finish(writer);
	check_size(subject_generation(&s, task.key), 1);
	subject_unmake(&s);
}

static void a_half_deleted_key_is_absent_and_a_store_waits_for_its_deleter(void **state)
{
	struct subject s;
	struct task task = {.subject = &s}, again = task;
	struct stopped *deleter, *storer;

	(void)state;
	subject_make(&s, NULL, true, KEYS);
	task.key = 7;
	deleter = stopped_start(SEAM_DELETED, delete_key, &task);
	check_others_go_on(&s, KEYS, 7);
	check_int(rcumap_delete(s.map, &task.key, sizeof(task.key)), 0);
	check_int(rcumap_compare_and_delete(s.map, &task.key, sizeof(task.key), &s), 0);
	check_int(rcumap_compare_and_swap(s.map, &task.key, sizeof(task.key), &s, &s), 0);

	again.key = 7;
	again.value = value_new(&s.pool, 7, 9);
	storer = running_start(store_key, &again);
	usleep(20000); /* time in which a store that did not wait would be done */
	check_that(!stopped_done(storer),
		   "a store inserted a key twice, or lost itself in an entry");
	stopped_finish(deleter);
	stopped_finish(storer);
	check_int(task.answer, 1);
	check_int(again.answer, 0);
	check_size(subject_generation(&s, 7), 9);
	subject_unmake(&s);
}

static void a_store_whose_key_is_deleted_before_it_swaps_inserts_it_again(void **state)
{
	struct subject s;
	struct task task = {.subject = &s};
	struct stopped *storer;

	(void)state;
	subject_make(&s, NULL, false,
		     KEYS); /* the store has a note by then, which it does not need */
	task.key = 7;
	task.value = value_new(&s.pool, 7, 3);
	storer = stopped_start(SEAM_VALUE_READ, store_key, &task);
	check_int(rcumap_delete(s.map, &task.key, sizeof(task.key)), 1);
	check_size(subject_generation(&s, 7), 0);
	stopped_finish(storer);
	check_int(task.answer, 0);
	check_size(subject_generation(&s, 7), 3);
	check_size(rcumap_count(s.map), KEYS);
	subject_unmake(&s);
}

static void a_store_whose_key_is_inserted_before_it_locks_replaces_it(void **state)
{
	struct subject s;
	struct task task = {.subject = &s, .key = KEYS};
	struct stopped *storer;

	(void)state;
	subject_make(&s, NULL, true, KEYS);
	task.value = value_new(&s.pool, KEYS, 3);
	storer = stopped_start(SEAM_PUT_SLOW, store_key, &task);
	subject_store(&s, KEYS, 1);
	stopped_finish(storer);
	check_int(task.answer, 0);
	check_size(subject_generation(&s, KEYS), 3);
	check_size(rcumap_count(s.map), KEYS + 1);
	subject_unmake(&s);
}

static void compare_and_delete_key(void *arg)
{
	struct task *task = arg;

	rcu_read_lock();
	task->answer = rcumap_compare_and_delete(
		task->subject->map, &task->key, sizeof(task->key),
		rcumap_load(task->subject->map, &task->key, sizeof(task->key)));
	rcu_read_unlock();
}

static void a_compare_and_delete_spares_a_value_that_was_stored_meanwhile(void **state)
{
	struct subject s;
	struct task task = {.subject = &s};
	struct stopped *deleter;

	(void)state;
	subject_make(&s, NULL, true, KEYS);
	task.key = 7;
	deleter = stopped_start(SEAM_STRIPE_HELD, compare_and_delete_key, &task);
	check_int(rcumap_store(s.map, &task.key, sizeof(task.key), value_new(&s.pool, 7, 2)), 0);
	stopped_finish(deleter);
	check_int(task.answer, 0);
	check_size(subject_generation(&s, 7), 2);
	subject_unmake(&s);
}

static void stores_and_loads_go_on_at(enum rcumap_seam seam)
{
	struct subject s;
	struct task task = {.subject = &s};
	struct stopped *mover;

	subject_make(&s, NULL, true, KEYS);
	check_int(subject_rekey(&s), 0);
	task.key = 7;
	mover = stopped_start(seam, delete_key, &task); /* moves buckets before it deletes */
	for (uint64_t i = 0; i < KEYS; i++) {
		check_size(subject_generation(&s, i), 1);
		subject_store(&s, i, 2);
		check_size(subject_generation(&s, i), 2);
	}
	stopped_finish(mover);
	check_int(task.answer, 1);
	for (uint64_t i = 0; i < KEYS; i++)
		check_size(subject_generation(&s, i), i == 7 ? 0 : 2);
	subject_unmake(&s);
}

static void no_store_is_lost_while_its_bucket_moves(void **state)
{
	(void)state;
	stores_and_loads_go_on_at(SEAM_COPIED);
	stores_and_loads_go_on_at(SEAM_MOVED);
}

static int visit_nothing(const void *key, size_t len, void *value, void *ctx)
{
	(void)key;
	(void)len;
	(void)value;
	++*(size_t *)ctx;
	return 0;
}

static void finish_by_range(void *arg)
{
	struct task *task = arg;
	size_t visits = 0;

	task->answer = rcumap_range(task->subject->map, visit_nothing, &visits);
}

static void a_clear_that_overtakes_a_promotion_wins(void **state)
{
	struct subject s;
	struct task task = {.subject = &s};
	struct stopped *promoter;
	uint64_t key = 3;

	(void)state;
	subject_make(&s, NULL, true, KEYS);
	check_int(subject_rekey(&s), 0);
	promoter = stopped_start(SEAM_PROMOTE, finish_by_range, &task);
	check_int(rcumap_clear(s.map), 0);
	check_size(rcumap_count(s.map), 0);
	check_int(rcumap_store(s.map, &key, sizeof(key), value_new(&s.pool, key, 5)), 0);
	stopped_finish(promoter);
	check_size(rcumap_count(s.map), 1);
	check_size(subject_generation(&s, key), 5);
	check_size(subject_generation(&s, 4), 0);
	check_int(rcumap_drain(s.map), 0);
	check_size(test_alloc_rest(&s.alloc).blocks, 1);
	subject_unmake(&s);
}

static void a_promotion_that_is_late_loses_nothing(void **state)
{
	struct subject s;
	struct task task = {.subject = &s};
	struct stopped *promoter;

	(void)state;
	subject_make(&s, NULL, true, KEYS);
	check_int(subject_rekey(&s), 0);
	promoter = stopped_start(SEAM_PROMOTE, finish_by_range, &task);
	for (uint64_t i = 0; i < KEYS; i += 2)
		check_int(rcumap_delete(s.map, &i, sizeof(i)), 1);
	for (uint64_t i = KEYS; i < 2 * KEYS; i++)
		subject_store(&s, i, 1);
	check_size(rcumap_count(s.map), KEYS / 2 + KEYS);
	stopped_finish(promoter);
	check_size(rcumap_count(s.map), KEYS / 2 + KEYS);
	for (uint64_t i = 0; i < 2 * KEYS; i++)
		check_size(subject_generation(&s, i), i < KEYS && i % 2 == 0 ? 0 : 1);
	subject_unmake(&s);
}

static void drain_map(void *arg)
{
	struct task *task = arg;

	task->answer = rcumap_drain(task->subject->map);
}

static void drain_waits_for_a_pusher_that_has_not_called_call_rcu(void **state)
{
	struct subject s;
	struct task task = {.subject = &s};
	struct stopped *pusher, *drainer;
	uint64_t other = 4;

	(void)state;
	subject_make(&s, NULL, true, 8); /* one stripe, one queue */
	task.key = 3;
	pusher = stopped_start(SEAM_ARMED, delete_key, &task);
	check_int(rcumap_delete(s.map, &other, sizeof(other)), 1); /* onto the armed queue */
	drainer = running_start(drain_map, &task);
	usleep(50000); /* time in which a drain that did not wait would be done */
	check_that(!stopped_done(drainer), "drain did not wait for the pusher");
	stopped_finish(pusher);
	stopped_finish(drainer);
	check_size(atomic_load(&s.pool.freed), 2);
	check_size(test_alloc_rest(&s.alloc).blocks, 6);
	subject_unmake(&s);
}

/* What a retire callback does just before its queue goes idle. */
static struct task *deletes_at_idle;

static void delete_at_idle(enum rcumap_seam at)
{
	struct task *task = deletes_at_idle;

	if (at != SEAM_IDLE || !task)
		return;
	deletes_at_idle = NULL;
	delete_key(task);
	check_int(task->answer, 1);
}

static void what_is_pushed_just_before_a_queue_goes_idle_is_freed(void **state)
{
	struct subject s;
	struct task task = {.subject = &s};
	uint64_t other = 4;

	(void)state;
	subject_make(&s, NULL, true, 8); /* one stripe, one queue */
	task.key = 3;
	deletes_at_idle = &task;
	rcumap__seam_hook = delete_at_idle;
	check_int(rcumap_delete(s.map, &other, sizeof(other)), 1);
	check_int(rcumap_drain(s.map), 0);
	check_ptr(deletes_at_idle, NULL);
	check_int(rcumap_drain(s.map), 0);
	rcumap__seam_hook = NULL;
	check_size(atomic_load(&s.pool.freed), 2);
	check_size(test_alloc_rest(&s.alloc).blocks, 6);
	subject_unmake(&s);
}

static void drain_waits_for_the_sweep_of_a_clear(void **state)
{
	struct subject s;
	uint64_t key = 1;

	(void)state;
	subject_make(&s, NULL, true, SWEEP_KEYS);
	check_int(rcumap_drain(s.map), 0);
	check_int(rcumap_clear(s.map), 0);
	check_int(rcumap_store(s.map, &key, sizeof(key), value_new(&s.pool, key, 1)), 0);
	check_int(rcumap_drain(s.map), 0);
	check_size(test_alloc_rest(&s.alloc).blocks, 1);
	check_size(atomic_load(&s.pool.made) - atomic_load(&s.pool.freed), 1);
	subject_unmake(&s);
}

static sem_t first_portion;
static _Atomic unsigned int portions;

/* Slow portions, but for the last; and slow freeing of the tables. */
static void dawdle_in_sweep(enum rcumap_seam at)
{
	if (at == SEAM_SWEEP && ++portions == 1)
		sem_post(&first_portion);
	if (at == SEAM_SWEPT || (at == SEAM_SWEEP && portions < 5))
		usleep(20000);
}

/*
 * The drain begins during the first portion, so that in each round its barrier ends just before a
 * portion. Just before the fifth, which is a single step, it finds no sweep under way, while the
 * tables are there.
 */
static void drain_waits_for_the_tables_of_a_sweep(void **state)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct test_alloc alloc = {0};
	struct rcumap *map;
	size_t empty;

	(void)state;
	attr.expected = 2048 * BUCKET_SLOTS / 2; /* 2,048 buckets, which are four portions */
	sem_init(&first_portion, 0, 0);
	portions = 0;
	test_alloc_attr(&attr, &alloc);
	check_int(rcumap_create(&map, &attr), 0);
	empty = test_alloc_held(&alloc).blocks;
	check_int(rcumap_store(map, "", 0, map), 0);
	rcumap__seam_hook = dawdle_in_sweep;
	check_int(rcumap_clear(map), 0);
	sem_wait(&first_portion);
	check_int(rcumap_drain(map), 0);
	check_size(test_alloc_held(&alloc).blocks, empty);
	check_size(portions, 5);
	rcumap__seam_hook = NULL;
	check_int(rcumap_destroy_wait(map), 0);
}

static _Atomic bool clearing;

static void clear_for_ever(void *arg)
{
	struct subject *s = arg;

	while (atomic_load(&clearing)) {
		check_int(rcumap_clear(s->map), 0);
		usleep(1000);
	}
}

static void drain_does_not_wait_for_sweeps_that_begin_later(void **state)
{
	struct subject s;
	struct stopped *clearer;

	(void)state;
	subject_make(&s, NULL, true, KEYS);
	atomic_store(&clearing, true);
	clearer = running_start(clear_for_ever, &s);
	check_int(rcumap_drain(s.map), 0); /* the watchdog is the test */
	atomic_store(&clearing, false);
	stopped_finish(clearer);
	subject_unmake(&s);
}

static void an_operation_begun_in_an_older_section_outlives_the_destroy(void **state)
{
	struct subject s;

	(void)state;
	subject_make(&s, NULL, true, KEYS);
	rcu_read_lock();
	check_int(rcumap_destroy(s.map), 0);
	check_others_go_on(&s, KEYS, KEYS);
	for (uint64_t i = 0; i < KEYS; i++)
		check_int(rcumap_delete(s.map, &i, sizeof(i)), 1);
	rcu_read_unlock();
	check_that(test_alloc_await_empty(&s.alloc, 16), "the map is not freed");
	value_pool_fini(&s.pool);
}

/* What happens just before the idle hand rests. */
static struct subject *amended_at_rest;

static void amend_and_kick_at_rest(enum rcumap_seam at)
{
	struct subject *s = amended_at_rest;

	if (at != SEAM_REST || !s || subject_amended(s))
		return;
	amended_at_rest = NULL;
	check_int(subject_rekey(s), 0);
	rcumap__idle_kick(s->map);
}

static void a_kick_just_before_the_idle_hand_rests_is_not_lost(void **state)
{
	struct subject s;
	uint64_t key = 0;

	(void)state;
	subject_make(&s, NULL, true, KEYS);
	check_int(subject_rekey(&s), 0); /* something for the idle hand to do */
	amended_at_rest = &s;
	rcumap__seam_hook = amend_and_kick_at_rest;
	check_int(rcumap_delete(s.map, &key, sizeof(key)), 1);
	wait_rounds(8);
	rcumap__seam_hook = NULL;
	check_ptr(amended_at_rest, NULL);
	check_that(!subject_amended(&s), "still amended");
	subject_unmake(&s);
}

/* What a sweep does before its second portion. */
static struct subject *gets_memory;

static void give_memory_at_second_portion(enum rcumap_seam at)
{
	if (at == SEAM_SWEEP && ++portions == 2)
		atomic_store(&gets_memory->alloc.fail_from, 0);
}

/* Its shrink is overdue, for want of memory, and could begin when a part of it is freed already. */
static void a_map_that_is_being_swept_does_not_begin_to_shrink(void **state)
{
	uint64_t keys = SWEEP_KEYS;
	struct subject s;

	(void)state;
	subject_make(&s, NULL, true, keys);
	atomic_store(&s.alloc.fail_from, 1);
	for (uint64_t i = 0; i < keys; i++)
		if (i % 16)
			check_int(rcumap_delete(s.map, &i, sizeof(i)), 1);
	gets_memory = &s;
	portions = 0;
	rcumap__seam_hook = give_memory_at_second_portion;
	check_int(rcumap_destroy_wait(s.map), 0);
	rcumap__seam_hook = NULL;
	check_that(portions > 2, "the sweep took %u portions", portions);
	check_size(test_alloc_held(&s.alloc).blocks, 0);
	value_pool_fini(&s.pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loads_and_stores_go_on_while_a_writer_holds_a_stripe),
		cmocka_unit_test(inserts_into_other_stripes_go_on_while_a_writer_holds_one),
		cmocka_unit_test(a_half_inserted_key_is_absent),
		cmocka_unit_test(no_reader_hits_what_a_later_one_misses),
		cmocka_unit_test(a_reader_follows_the_entry_that_an_overflow_bucket_took),
		cmocka_unit_test(a_chain_that_is_being_lengthened_is_whole),
		cmocka_unit_test(a_half_deleted_key_is_absent_and_a_store_waits_for_its_deleter),
		cmocka_unit_test(a_store_whose_key_is_deleted_before_it_swaps_inserts_it_again),
		cmocka_unit_test(a_store_whose_key_is_inserted_before_it_locks_replaces_it),
		cmocka_unit_test(a_compare_and_delete_spares_a_value_that_was_stored_meanwhile),
		cmocka_unit_test(no_store_is_lost_while_its_bucket_moves),
		cmocka_unit_test(a_clear_that_overtakes_a_promotion_wins),
		cmocka_unit_test(a_promotion_that_is_late_loses_nothing),
		cmocka_unit_test(drain_waits_for_a_pusher_that_has_not_called_call_rcu),
		cmocka_unit_test(what_is_pushed_just_before_a_queue_goes_idle_is_freed),
		cmocka_unit_test(drain_waits_for_the_sweep_of_a_clear),
		cmocka_unit_test(drain_waits_for_the_tables_of_a_sweep),
		cmocka_unit_test(drain_does_not_wait_for_sweeps_that_begin_later),
		cmocka_unit_test(a_kick_just_before_the_idle_hand_rests_is_not_lost),
		cmocka_unit_test(a_map_that_is_being_swept_does_not_begin_to_shrink),
		cmocka_unit_test(an_operation_begun_in_an_older_section_outlives_the_destroy),
	};

	test_begin();
	return test_end(cmocka_run_group_tests_name("stall", tests, NULL, NULL));
}
