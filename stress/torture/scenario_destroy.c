/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * destroy-under-load: maps are destroyed with keys in them, with garbage and migrations under way,
 * and while operations that were called before are still inside.
 */
#include "counters.h"
#include "delay.h"
#include "fail.h"
#include "run.h"
#include "scenario.h"
#include "watch.h"

enum { ROUNDS = 1000 };

/* An operation that was called in an older section, and goes on after the destroy. */
struct witness {
	void (*call)(struct world *w);
	enum rcumap_seam seam; /* where it waits for that, besides the visits of a walk */
	struct world *w;
	pthread_t id;
	_Atomic(bool) arrived;
};

static _Atomic(bool) destroyed;
static _Thread_local struct witness *self;

static void wait_for_destroy(void)
{
	watch_store(&self->arrived, true);
	while (!watch_load(&destroyed))
		nap(100);
}

static int witness_visit(const void *key, size_t len, void *value, void *ctx)
{
	struct world *w = ctx;

	if (!watch_load(&self->arrived))
		wait_for_destroy();
	value_check(value, key_number(w->kind, key, len));
	count(COUNT_VISITS);
	return 0;
}

static void call_range(struct world *w)
{
	int answer = api.range(w->map, witness_visit, w);

	check(!answer, "range: %d", answer);
	count(COUNT_RANGES);
}

static void call_clear(struct world *w)
{
	check(!api.clear(w->map), "clear");
	count(COUNT_CLEARS);
}

/* What it inserts is for the destroy to free. */
static void call_swap(struct world *w)
{
	struct key_bytes b = key_make(w->kind, world_keys(w));
	int answer = api.swap(w->map, b.bytes, b.len, value_new(world_keys(w), 1), NULL);

	check(!answer, "swap: %d", answer);
}

static void call_delete(struct world *w)
{
	unsigned int number = w->owned + w->contended; /* pinned, until now */
	struct key_bytes b = key_make(w->kind, number);
	void *old;

	run.flavor->rcu->read_lock();
	if (api.load_and_delete(w->map, b.bytes, b.len, &old) == 1) { /* or it was cleared */
		value_check(old, number);
		value_take(old, w->mode);
	}
	run.flavor->rcu->read_unlock();
}

static void *witness_main(void *arg)
{
	self = arg;
	flavor_thread_begin(run.flavor, 1);
	if (self->seam != SEAMS)
		delay_stop_at(self->seam, wait_for_destroy);
	self->call(self->w);
	flavor_thread_end(run.flavor);
	return NULL;
}

/* Returns when it is inside. */
static void witness_start(struct witness *witness, struct world *w)
{
	witness->w = w;
	watch_store(&witness->arrived, false);
	check(!pthread_create(&witness->id, NULL, witness_main, witness), "no thread");
	while (!watch_load(&witness->arrived))
		thread_rest(100);
}

static void witness_join(struct witness *witness)
{
	run.flavor->rcu->thread_offline();
	pthread_join(witness->id, NULL);
	run.flavor->rcu->thread_online();
}

static void destroy_now(struct world *w)
{
	check(!api.destroy(w->map), "destroy");
	watch_store(&destroyed, true);
}

static void destroy_in_section(struct world *w)
{
	run.flavor->rcu->read_lock();
	destroy_now(w);
	nap(rng_below(delay_rng(), 1000));
	run.flavor->rcu->read_unlock();
}

static int destroy_visit(const void *key, size_t len, void *value, void *ctx)
{
	struct world *w = ctx;

	if (!watch_load(&destroyed))
		destroy_now(w);
	value_check(value, key_number(w->kind, key, len));
	return 0;
}

static void destroy_in_visit(struct world *w)
{
	check(!api.range(w->map, destroy_visit, w), "range");
}

/* The witnesses are inside when they are told to go on, a little early. */
static void destroy_and_wait(struct world *w)
{
	watch_store(&destroyed, true);
	check(!api.destroy_wait(w->map), "destroy_wait");
	check(!memory_held(&w->memory), "destroy_wait leaves %zu bytes", memory_held(&w->memory));
}

static void destroy(struct world *w)
{
	static void (*const ways[])(struct world * w) = {
		destroy_now,
		destroy_in_section,
		destroy_in_visit,
		destroy_and_wait,
	};
	struct witness witnesses[] = {
		{.call = call_range, .seam = SEAMS},
		{.call = call_range, .seam = SEAMS},
		{.call = call_delete, .seam = SEAM_REMOVE},
		{.call = call_swap, .seam = SEAM_PUT_SLOW},
		{.call = call_clear, .seam = SEAM_CLEAR},
	};
	unsigned int n = api_is_instrumented() ? sizeof(witnesses) / sizeof(witnesses[0]) : 2;

	watch_store(&destroyed, false);
	for (unsigned int i = 0; i < n; i++)
		witness_start(&witnesses[i], w);
	watch_store(&w->forgets, true);
	ways[rng_below(delay_rng(), sizeof(ways) / sizeof(ways[0]))](w);
	for (unsigned int i = 0; i < n; i++)
		witness_join(&witnesses[i]);
	for (int i = 0; i < ROUNDS && memory_held(&w->memory); i++)
		world_wait_round();
	world_free(w);
}

void drive_destroy(void)
{
	struct population population = run.scenario->population;
	unsigned int index = 0;

	population.owned = run.keys;
	while (!run_is_over()) {
		struct world *w = world_new(index++, population, false);

		threads_start(&w, 1);
		thread_rest(2000 + rng_below(delay_rng(), 10000));
		threads_join();
		destroy(w);
	}
}
