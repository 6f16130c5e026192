/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * A run: what is chosen for it, and how it goes.
 */
#include "run.h"

#include <time.h>

#include "counters.h"
#include "delay.h"
#include "fail.h"
#include "options.h"
#include "quarantine.h"
#include "scenario.h"
#include "watch.h"

enum { POLL_US = 2000 };

/* Phases of filling and deleting in a run, at least, and how long each is at most. */
enum { PHASES = 8, PHASE_MS = 100, PHASE_LEAST_MS = 50 };

/* A run goes on until everything has moved that must, but not longer than this. */
#define PATIENCE 10.0

struct run run;

static double began;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double run_clock(void)
{
	return now() - began;
}

/* So that runs of one seed differ from scenario to scenario. */
static uint64_t name_number(const char *name)
{
	uint64_t n = 0;

	while (*name)
		n = n * 31 + (unsigned char)*name++;
	return n;
}

static enum key_kind choose_key(const struct options *o, const struct scenario *s, struct rng *rng)
{
	enum key_kind kind = (enum key_kind)rng_below(rng, KEY_KINDS);

	if (o->key != KEY_KINDS)
		return o->key;
	return s->collides && kind != KEY_COLLIDE ? KEY_COLLIDE - 1 : kind; /* it or the next */
}

/* Values that leave the map without being returned need a value_free. */
static enum value_mode choose_value(const struct options *o, const struct scenario *s,
				    struct rng *rng)
{
	enum value_mode mode = (enum value_mode)rng_below(rng, VALUE_MODES);

	if (o->value != VALUE_MODES)
		mode = o->value;
	return mode == VALUE_OWN && (s->clears || s->forgets) ? VALUE_NOTE : mode;
}

void run_choose(const struct options *o, const struct scenario *s, const struct flavor *flavor)
{
	struct rng rng = rng_make(o->seed, name_number(s->name));

	run = (struct run){
		.scenario = s,
		.flavor = flavor,
		.seed = o->seed,
		.seconds = o->seconds,
		.threads = o->threads,
		.key_free = o->key == KEY_KINDS,
		.require = o->require,
	};
	run.key = choose_key(o, s, &rng);
	run.value = choose_value(o, s, &rng);
	run.keys = s->population.owned / (1 + rng_below(&rng, 4));
	if (o->keys)
		run.keys = o->keys;
	run.delay = s->delay + rng_below(&rng, DELAY_LEVELS - s->delay);
	if (o->delay >= 0)
		run.delay = (unsigned int)o->delay;
	run.focus = s->focus[0] ? s->focus[rng_below(&rng, FOCUS_MAX)]
				: (enum rcumap_seam)rng_below(&rng, SEAMS);
}

/* Whether some keys of the run collide. */
static bool run_collides(void)
{
	return run.key == KEY_COLLIDE || (run.key_free && run.scenario->collides);
}

static bool must_move(unsigned int counter)
{
	if (counter_is_inside(counter) && !api_is_instrumented())
		return false;
	if (counter == SEAM_CHAINED || counter == SEAM_CHUNK || counter == SEAM_UNDO)
		return run_collides();
	return true;
}

/* A counter that the scenario must move and has not; or COUNTERS. */
static unsigned int unmoved(void)
{
	const unsigned int *moves = run.scenario->moves;

	for (int i = 0; i < MOVES_MAX && moves[i]; i++)
		if (must_move(moves[i]) && !counted(moves[i]))
			return moves[i];
	return COUNTERS;
}

bool run_is_over(void)
{
	if (run_clock() < run.seconds)
		return false;
	return unmoved() == COUNTERS || run_clock() > run.seconds + PATIENCE;
}

static void check_moved(void)
{
	unsigned int counter = unmoved();

	if (counter == COUNTERS && run.require != COUNTERS && !counted(run.require))
		counter = run.require;
	check(counter == COUNTERS, "%s stayed at zero", counter_name(counter));
}

/* Fills at first, and then in every other phase, which is long enough for the map to change size. */
static bool phase_fills(void)
{
	double phase = run.seconds / PHASES;

	if (phase > PHASE_MS * 1e-3)
		phase = PHASE_MS * 1e-3;
	if (phase < PHASE_LEAST_MS * 1e-3)
		phase = PHASE_LEAST_MS * 1e-3;
	return (unsigned long)(run_clock() / phase) % 2 == 0;
}

void drive_roles(void)
{
	static struct world *worlds[WORLDS_MAX];
	const struct scenario *s = run.scenario;
	struct population population = s->population;
	unsigned int n = s->worlds ? s->worlds : 1;

	population.owned = s->worlds > 2 ? population.owned : run.keys;
	for (unsigned int i = 0; i < n; i++) {
		worlds[i] = world_new(i, population, s->clears);
		atomic_store_explicit(&worlds[i]->memory.refuse, s->refuse, memory_order_relaxed);
	}
	threads_start(worlds, n);
	while (!run_is_over()) {
		thread_rest(POLL_US);
		threads_renew();
		threads_set_fill(phase_fills());
	}
	threads_join();
	worlds_end(worlds, n);
}

/* Every value that was made has been freed, and every block. */
static void check_conservation(void)
{
	world_wait_round(); /* values that their takers free */
	check(counted(COUNT_VALUES) == counted(COUNT_VALUES_FREED),
	      "%llu values were made, %llu are freed", (unsigned long long)counted(COUNT_VALUES),
	      (unsigned long long)counted(COUNT_VALUES_FREED));
	check(counted(COUNT_ALLOCS) == counted(COUNT_FREES),
	      "%llu blocks were allocated, %llu freed", (unsigned long long)counted(COUNT_ALLOCS),
	      (unsigned long long)counted(COUNT_FREES));
}

void run_do(void)
{
	began = now();
	delay_begin(run.delay, run.focus, run.seed);
	flavor_thread_begin(run.flavor, 0);
	ages_begin();
	if (run.scenario->drive)
		run.scenario->drive();
	else
		drive_roles();
	run.flavor->rcu->thread_offline();
	ages_end();
	run.flavor->rcu->thread_online();
	check_conservation();
	flavor_thread_end(run.flavor);
	quarantine_empty();
	check_moved();
}
