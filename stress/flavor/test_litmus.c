/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_litmus.c - orders that callers rely on (rcumap.h, "Ordering"), between two threads: one
 * writes a note in plain memory, then changes the map; the other is told of the change by the map,
 * and reads the note. On x86 that works in any case; built for ThreadSanitizer, which follows the
 * flavor c11, an order that is missing is a data race on the note.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <rcumap.h>

#include "../../lib/seam.h"
#include "flavors.h"

enum { ROUNDS = 3000 };

static const char key[] = "key";
static struct rcumap *map;
static unsigned int note[ROUNDS + 1]; /* plain: the map has to order its accesses */
static unsigned int value[ROUNDS + 1];
static _Atomic bool over; /* relaxed, so that it orders nothing */
static size_t told;

static void fail(const char *what)
{
	fprintf(stderr, "test_litmus: %s\n", what);
	exit(1);
}

static void read_note(unsigned int round)
{
	told++;
	if (note[round] != round)
		fail("a note is not there");
}

/* What the key has, in the caller's section; 0 if it is absent. */
static unsigned int load_round(void)
{
	const unsigned int *v = rcumap_load(map, key, sizeof(key));

	return v ? (unsigned int)(v - value) : 0;
}

static void store_round(unsigned int round)
{
	if (rcumap_store(map, key, sizeof(key), &value[round]))
		fail("no memory");
}

/* Lets the other thread go while this one is in the middle of an operation. */
static void yield_at_seam(enum rcumap_seam at)
{
	if (at == SEAM_VALUE_READ)
		sched_yield();
}

/* A compare-and-swap that fails is ordered after the store that it lost to. */

static void store_notes(void)
{
	for (unsigned int round = 1; round <= ROUNDS; round++) {
		note[round] = round;
		store_round(round);
		sched_yield();
	}
}

static void lose_compares(void)
{
	unsigned int round;

	flavor_c11.rcu->read_lock();
	round = load_round();
	if (round && round < ROUNDS &&
	    rcumap_compare_and_swap(map, key, sizeof(key), &value[round], &value[round]) == 0)
		read_note(round + 1);
	flavor_c11.rcu->read_unlock();
}

/* A miss is ordered after the delete, or the clear, that made the key absent. */

static bool clears;

static void delete_after_notes(void)
{
	for (unsigned int round = 1; round <= ROUNDS; round++) {
		store_round(round);
		sched_yield();
		note[round] = round;
		if (clears ? rcumap_clear(map) : !rcumap_delete(map, key, sizeof(key)))
			fail("it can't be deleted");
		sched_yield();
	}
}

static void miss_after_hit(void)
{
	unsigned int round, now;

	flavor_c11.rcu->read_lock();
	now = round = load_round();
	for (int tries = 0; now == round && tries < 100; tries++)
		now = load_round();
	if (round && !now)
		read_note(round);
	flavor_c11.rcu->read_unlock();
}

static void *writer_main(void *write)
{
	flavor_thread_begin(&flavor_c11, 0);
	((void (*)(void))write)();
	atomic_store_explicit(&over, true, memory_order_relaxed);
	flavor_thread_end(&flavor_c11);
	return NULL;
}

static void run(const char *name, void (*write)(void), void (*observe)(void))
{
	pthread_t writer;

	for (unsigned int round = 0; round <= ROUNDS; round++)
		note[round] = 0;
	told = 0;
	over = false;
	flavor_thread_begin(&flavor_c11, 0);
	if (rcumap_create_flavor(&map, NULL, flavor_c11.rcu, flavor_c11.default_worker))
		fail("no memory");
	if (pthread_create(&writer, NULL, writer_main, (void *)write))
		fail("no thread");
	while (!atomic_load_explicit(&over, memory_order_relaxed))
		observe();
	pthread_join(writer, NULL);
	if (rcumap_destroy_wait(map))
		fail("it can't be destroyed");
	flavor_thread_end(&flavor_c11);
	printf("%s: told %zu times of %d\n", name, told, ROUNDS);
}

int main(void)
{
	rcumap__seam_hook = yield_at_seam;
	run("a compare-and-swap that fails", store_notes, lose_compares);
	if (!told)
		fail("no compare-and-swap has failed");
	run("a miss after a delete", delete_after_notes, miss_after_hit);
	clears = true;
	run("a miss after a clear", delete_after_notes, miss_after_hit);
	return 0;
}
