/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_parked.c - a reader that stays in its section for long, and a writer that is stopped with a
 * stripe held. Nothing is reclaimed meanwhile: what is held is what is in the map and what has left
 * it since, to the block. Afterwards all of it is freed.
 */
#include "seams.h"
#include "subject.h"

#include <semaphore.h>
#include <time.h>
#include <unistd.h>

#include "../lib/table.h"

/* MOST changes, so that a fast machine does not run out of memory meanwhile. */
enum { KEYS = 1000, CHURNED = 1000000, MOST = 100000 };

static int count_visit(const void *key, size_t len, void *value, void *ctx)
{
	(void)key, (void)len, (void)value;
	++*(size_t *)ctx;
	return 0;
}

/* What has left the map since all was drained. */
struct retired {
	size_t entries;
	size_t values; /* replaced, each with a note */
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* For so long a thread is kept where it is: time for many rounds of the worker. */
static double seconds(void)
{
	return (double)test_scale(2000, 400) / 1000;
}

/* Held: an entry for each key, what was retired, with a note for each value replaced. */
static void check_held(struct subject *s, const struct retired *retired)
{
	size_t gone = atomic_load(&s->pool.made) - atomic_load(&s->pool.freed) - s->keys;

	check_size(test_alloc_rest(&s->alloc).blocks, s->keys + retired->entries + retired->values);
	check_size(gone, retired->entries + retired->values);
}

static void replace(struct subject *s, uint64_t n, struct retired *retired)
{
	subject_store(s, n, 2);
	retired->values++;
}

static void insert_and_delete(struct subject *s, uint64_t n, struct retired *retired)
{
	subject_store(s, n, 1);
	check_int(rcumap_delete(s->map, &n, sizeof(n)), 1);
	retired->entries++;
}

/* All that was retired is freed, also what waited for the one that was stopped. */
static void check_drains(struct subject *s)
{
	struct retired none = {0};

	check_int(rcumap_drain(s->map), 0);
	check_held(s, &none);
	for (uint64_t i = 0; i < s->keys; i++)
		check_int(rcumap_delete(s->map, &i, sizeof(i)), 1);
	check_int(rcumap_drain(s->map), 0);
	check_size(test_alloc_rest(&s->alloc).blocks, 0);
	check_size(atomic_load(&s->pool.freed), atomic_load(&s->pool.made));
	check_size(rcumap_count(s->map), 0);
	subject_unmake(s);
}

struct reader {
	struct subject *subject;
	sem_t inside, leave;
};

/* What it found stays as it was, however long ago that left the map. */
static void read_for_long(unsigned int index, void *arg)
{
	struct reader *reader = arg;
	struct subject *s = reader->subject;
	void *values[KEYS];

	(void)index;
	rcu_read_lock();
	for (uint64_t i = 0; i < KEYS; i++)
		values[i] = rcumap_load(s->map, &i, sizeof(i));
	sem_post(&reader->inside);
	while (sem_wait(&reader->leave))
		;
	for (uint64_t i = 0; i < KEYS; i++)
		check_size(value_check(values[i], i), 1);
	rcu_read_unlock();
}

static void flood(struct subject *s, struct retired *retired)
{
	double end = now() + seconds();
	struct rng rng = rng_make(0);

	for (size_t left = MOST; left && now() < end; left--) {
		if (rng_below(&rng, 2))
			replace(s, rng_below(&rng, KEYS), retired);
		else
			insert_and_delete(s, CHURNED + rng_below(&rng, KEYS), retired);
		if (!(left % 1000))
			check_held(s, retired);
	}
	while (now() < end)
		usleep(1000);
}

static void behind_a_parked_reader_only_what_was_retired_is_held(void **state)
{
	struct subject s;
	struct reader reader = {.subject = &s};
	struct retired retired = {0};
	struct test_threads *threads;

	(void)state;
	subject_make(&s, NULL, false, KEYS);
	check_int(rcumap_drain(s.map), 0);
	sem_init(&reader.inside, 0, 0);
	sem_init(&reader.leave, 0, 0);
	threads = test_threads_start(1, read_for_long, &reader);
	while (sem_wait(&reader.inside))
		;
	flood(&s, &retired);
	check_that(retired.entries && retired.values, "there was no flood");
	check_held(&s, &retired);
	sem_post(&reader.leave);
	test_threads_join(threads);
	check_drains(&s);
}

static void delete_key(void *arg)
{
	struct subject *s = arg;
	uint64_t n = KEYS - 1;

	check_int(rcumap_delete(s->map, &n, sizeof(n)), 1);
}

static bool stripe_is_free(struct subject *s, uint64_t n)
{
	struct table *t = subject_snapshot(s);
	struct stripe *stripe;

	stripe = table_stripe(t, table_index(t, hash_key(s->map, t->seed, &n, sizeof(n))));
	if (pthread_mutex_trylock(&stripe->lock))
		return false;
	pthread_mutex_unlock(&stripe->lock);
	return true;
}

/* Loads and replaces every key, and inserts and deletes in all stripes but the one that is held. */
static void work_around(struct subject *s, struct retired *retired)
{
	double end = now() + seconds();
	size_t avoided = 0;

	for (uint64_t i = 0; i < MOST && now() < end; i++) {
		uint64_t n = i % KEYS, churned = CHURNED + i % KEYS;

		check_that(subject_generation(s, n), "a key is lost");
		replace(s, n, retired);
		if (stripe_is_free(s, churned))
			insert_and_delete(s, churned, retired);
		else
			avoided++;
		if (!(i % 1000))
			check_held(s, retired);
	}
	check_that(avoided, "no stripe was held");
	while (now() < end)
		usleep(1000);
}

static void behind_a_stopped_writer_the_others_go_on_and_only_what_was_retired_is_held(void **state)
{
	struct subject s;
	struct retired retired = {0};
	struct stopped *writer;
	size_t visits = 0;

	(void)state;
	subject_make(&s, NULL, false, KEYS);
	check_int(rcumap_range(s.map, count_visit, &visits), 0); /* finishes a migration */
	check_int(rcumap_drain(s.map), 0);
	writer = stopped_start(SEAM_STRIPE_HELD, delete_key, &s);
	work_around(&s, &retired);
	check_that(retired.entries && retired.values, "the others did not go on");
	check_held(&s, &retired);
	stopped_finish(writer);
	s.keys--;
	check_drains(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(behind_a_parked_reader_only_what_was_retired_is_held),
		cmocka_unit_test(
			behind_a_stopped_writer_the_others_go_on_and_only_what_was_retired_is_held),
	};

	test_begin();
	return test_end(cmocka_run_group_tests_name("parked", tests, NULL, NULL));
}
