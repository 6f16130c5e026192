/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Keys whose generations are counted up by compare-and-swap: none is lost, and nobody sees one go
 * backwards.
 */
#include "counters.h"
#include "fail.h"
#include "run.h"
#include "scenario.h"
#include "threads.h"
#include "watch.h"

static void check_climbs(struct thread *t, unsigned int number, const struct value *value)
{
	unsigned int *newest = &t->climbed[number - t->world->owned];

	value_check(value, number);
	check(value->generation >= *newest, "key %u: generation %u was seen, and then %u", number,
	      *newest, value->generation);
	*newest = value->generation;
}

/* Puts the next generation in, after @old. Returns whether it did. */
static bool climb(struct world *w, unsigned int number, struct value *old)
{
	struct key_bytes b = key_make(w->kind, number);
	struct value *fresh = value_new(number, old ? old->generation + 1 : 1);
	int answer;

	if (old)
		answer = api.compare_and_swap(w->map, b.bytes, b.len, old, fresh);
	else
		answer = !api.load_or_store(w->map, b.bytes, b.len, fresh, NULL);
	if (answer == 1)
		return true;
	value_drop(fresh);
	return false;
}

static void climber_step(struct thread *t)
{
	struct world *w = t->world;
	unsigned int number = w->owned + rng_below(&t->rng, w->contended);
	struct key_bytes b = key_make(w->kind, number);
	struct value *old;
	bool climbed;

	run.flavor->rcu->read_lock();
	old = api.load(w->map, b.bytes, b.len);
	if (old)
		check_climbs(t, number, old);
	climbed = climb(w, number, old);
	if (climbed && old)
		value_take(old, w->mode);
	run.flavor->rcu->read_unlock();
	count(climbed ? COUNT_SWAPPED : COUNT_NOT_SWAPPED);
	if (climbed)
		watch_add(&w->keys[number].done, 1); /* world_check_at_rest() compares */
}

const struct role role_climber = {"climber", climber_step, false};

static void watcher_step(struct thread *t)
{
	struct world *w = t->world;
	unsigned int number = w->owned + rng_below(&t->rng, w->contended);
	struct key_bytes b = key_make(w->kind, number);
	struct value *value;

	run.flavor->rcu->read_lock();
	value = api.load(w->map, b.bytes, b.len);
	if (value)
		check_climbs(t, number, value);
	else
		check(!t->climbed[number - w->owned], "key %u is missed, after it was seen",
		      number);
	count(value ? COUNT_HIT : COUNT_MISS);
	run.flavor->rcu->read_unlock();
}

const struct role role_watcher = {"watcher", watcher_step, false};
