/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_schedules.c - whether the scheduler finds what there is to be found: programs of a few steps
 * with a known mistake, each of which needs a known number of preemptions; whether the reductions of
 * explore.h lose an outcome; and whether a schedule that was printed can be replayed.
 *
 * The programs use the same macros as the library's sources do.
 */
#include "points.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <urcu/call-rcu.h>
#include <urcu/flavor.h>

#include "cases.h"
#include "flavor.h"
#include "machine.h"

static unsigned int failures;

static void expect(bool holds, const char *what, const char *detail)
{
	printf("%s %s%s%s\n", holds ? "ok  " : "FAIL", what, *detail ? ": " : "", detail);
	failures += !holds;
}

/*
 * Programs
 */

/* What they share. */
struct toy {
	_Atomic(unsigned int) number;
	_Atomic(struct object *) object;
	pthread_mutex_t lock[2];
};

struct object {
	_Atomic(unsigned int) magic;
	struct rcu_head rcu;
};

enum { MAGIC = 4711 };

static struct toy *toy;

/* What the threads run, and what has to hold in the end. */
struct toy_program {
	void (*run[2])(enum thread_id self);
	unsigned int number;
};

static void toy_begin(const void *context)
{
	const struct toy_program *p = context;
	struct object *object;

	memory_reset();
	machine_reset();
	flavor_reset(1);
	machine_on_step = NULL;
	toy = memory_alloc(THREAD_SETUP, sizeof(*toy), 64);
	object = memory_alloc(THREAD_SETUP, sizeof(*object), 64);
	atomic_init(&object->magic, MAGIC);
	atomic_init(&toy->object, object);
	machine_start(THREAD_A, p->run[0]);
	machine_start(THREAD_B, p->run[1]);
	machine_start(THREAD_W, flavor_worker_run);
}

static void toy_end(const void *context)
{
	const struct toy_program *p = context;

	if (atomic_load(&toy->number) != p->number)
		machine_fail("the number is %u", atomic_load(&toy->number));
}

static struct explore_result toy_explore(const struct toy_program *p, unsigned int preemptions)
{
	struct explore_options options = {.preemptions = preemptions};
	struct subject subject = {p, toy_begin, toy_end};
	static struct explore_result result;

	explore(&subject, &options, &result);
	return result;
}

/* The mistake shows with so many preemptions, not with fewer, and again when it is replayed. */
static void expect_found(const struct toy_program *p, unsigned int preemptions, const char *what)
{
	struct subject subject = {p, toy_begin, toy_end};
	static struct explore_result found, replayed;
	static struct schedule schedule;

	if (preemptions)
		expect(!toy_explore(p, preemptions - 1).failed, "not found with fewer preemptions",
		       what);
	found = toy_explore(p, preemptions);
	expect(found.failed, what, found.message);
	expect(schedule_parse(&schedule, found.schedule), "the schedule is one", found.schedule);
	explore_replay(&subject, &schedule, &replayed);
	expect(replayed.failed && !strcmp(replayed.message, found.message), "it replays",
	       replayed.message);
}

static void expect_clean(const struct toy_program *p, const char *what)
{
	struct explore_result result = toy_explore(p, EXPLORE_UNBOUNDED);

	expect(!result.failed, what, result.failed ? result.message : "");
}

static void increment_by_store(enum thread_id self)
{
	unsigned int n = atomic_load_explicit(&toy->number, memory_order_relaxed);

	(void)self;
	atomic_store_explicit(&toy->number, n + 1, memory_order_relaxed);
}

static void increment(enum thread_id self)
{
	(void)self;
	(void)atomic_fetch_add_explicit(&toy->number, 1, memory_order_relaxed);
}

static void increment_twice(enum thread_id self)
{
	increment_by_store(self);
	increment_by_store(self);
}

static void test_lost_update(void)
{
	static const struct toy_program racy = {{increment_by_store, increment_by_store}, 2};
	static const struct toy_program sound = {{increment, increment}, 2};
	static const struct toy_program mixed = {{increment_twice, increment}, 3};

	expect_found(&racy, 1, "a lost update");
	expect_found(&mixed, 1, "a lost update of an atomic increment");
	expect_clean(&sound, "atomic increments");
}

static void look_twice(enum thread_id self)
{
	unsigned int n = atomic_load_explicit(&toy->number, memory_order_relaxed);

	(void)self;
	if (n == 1 && atomic_load_explicit(&toy->number, memory_order_relaxed) == 2)
		machine_fail("seen 1, then 2");
}

static void count_to_two(enum thread_id self)
{
	increment(self);
	increment(self);
}

/* A must be preempted at 1, and B between its reads. */
static void test_two_preemptions(void)
{
	static const struct toy_program p = {{count_to_two, look_twice}, 2};

	expect_found(&p, 2, "a window between two reads");
}

static void lock_in_order(unsigned int first)
{
	pthread_mutex_lock(&toy->lock[first]);
	pthread_mutex_lock(&toy->lock[!first]);
	pthread_mutex_unlock(&toy->lock[!first]);
	pthread_mutex_unlock(&toy->lock[first]);
}

static void lock_01(enum thread_id self)
{
	(void)self;
	lock_in_order(0);
}

static void lock_10(enum thread_id self)
{
	(void)self;
	lock_in_order(1);
}

static void test_deadlock(void)
{
	static const struct toy_program crossed = {{lock_01, lock_10}, 0};
	static const struct toy_program ordered = {{lock_01, lock_01}, 0};

	expect_found(&crossed, 1, "a deadlock of two locks");
	expect_clean(&ordered, "two locks in order");
}

static void read_object(enum thread_id self)
{
	struct object *o;

	(void)self;
	flavor_lock();
	o = atomic_load_explicit(&toy->object, memory_order_acquire);
	if (o && atomic_load_explicit(&o->magic, memory_order_relaxed) != MAGIC)
		machine_fail("the object is not one");
	flavor_unlock();
}

static void free_object(struct object *o)
{
	machine_access_block(o, sizeof(*o), "free");
	memory_free(o, sizeof(*o));
}

static void free_object_cb(struct rcu_head *rcu)
{
	free_object((struct object *)((char *)rcu - offsetof(struct object, rcu)));
}

static struct object *take_object(void)
{
	return atomic_exchange_explicit(&toy->object, NULL, memory_order_acq_rel);
}

static void free_at_once(enum thread_id self)
{
	(void)self;
	free_object(take_object());
}

static void free_after_grace_period(enum thread_id self)
{
	(void)self;
	flavor_mock.update_call_rcu(&take_object()->rcu, free_object_cb);
}

/* The grace period begins before the object is taken out. */
static void free_early(enum thread_id self)
{
	struct object *o = atomic_load_explicit(&toy->object, memory_order_acquire);

	(void)self;
	flavor_mock.update_call_rcu(&o->rcu, free_object_cb);
	take_object();
}

static void test_grace_periods(void)
{
	static const struct toy_program at_once = {{read_object, free_at_once}, 0};
	static const struct toy_program early = {{read_object, free_early}, 0};
	static const struct toy_program sound = {{read_object, free_after_grace_period}, 0};

	expect_found(&at_once, 1, "free without a grace period");
	expect_found(&early, 1, "a grace period that begins too early");
	expect_clean(&sound, "free after a grace period");
}

/*
 * Reductions
 */

/*
 * Explores a case with and without reductions. Without, some take very long, and are given up. Those
 * that are compared are counted.
 */
static void explore_both(const struct scenario *s, unsigned int preemptions, unsigned int *compared)
{
	struct explore_options options = {.preemptions = preemptions};
	struct subject subject = scenario_subject(s);
	static struct explore_result with, without;
	struct set histories;
	char what[SCENARIO_NAME + 80];

	explore(&subject, &options, &with);
	histories = scenario_take_histories();
	options.without_reduction = true;
	options.limit = 30000;
	explore(&subject, &options, &without);
	snprintf(what, sizeof(what), "%s, %u preemptions: %zu histories of %lu, of %lu executions",
		 s->name, preemptions, histories.used, with.explored, without.explored);
	if (with.failed || without.failed)
		expect(false, what, with.failed ? with.message : without.message);
	else if (without.cut_off)
		printf("not compared %s\n", what);
	else
		expect(set_equal(&histories, scenario_histories()), what, "");
	*compared += !without.cut_off;
	set_clear(&histories);
}

/* Every so many cases, with 1 and 2 preemptions. */
static void test_reductions(unsigned int step_1, unsigned int step_2)
{
	unsigned int compared = 0;
	struct scenario s;

	for (unsigned int i = 0; i < cases_number(); i++) {
		s = case_at(i);
		if (i % step_1 == 0)
			explore_both(&s, 1, &compared);
		if (i % step_2 == 0)
			explore_both(&s, 2, &compared);
	}
	expect(compared > 10, "some cases are small enough to be compared", "");
}

int main(int argc, char **argv)
{
	const char *check = getenv("CHECK");
	bool quick = check && !strcmp(check, "quick");
	bool all = argc == 2 && !strcmp(argv[1], "--all");

	if (machine_unusable()) {
		printf("skipped: %s\n", machine_unusable());
		return 77;
	}
	machine_catch_signals();
	test_lost_update();
	test_two_preemptions();
	test_deadlock();
	test_grace_periods();
	if (all)
		test_reductions(1, 1);
	else
		test_reductions(quick ? 97 : 37, quick ? 193 : 71);
	printf("%s\n", failures ? "FAIL" : "PASS");
	return failures != 0;
}
