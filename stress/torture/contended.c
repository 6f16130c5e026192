/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Keys that all threads write at once. What each operation answers must fit with itself, and every
 * value leaves the map to one of them alone.
 */
#include "counters.h"
#include "delay.h"
#include "fail.h"
#include "run.h"
#include "scenario.h"
#include "threads.h"

/* The key that a step is about. */
struct target {
	struct world *w;
	unsigned int number;
	struct key_bytes b;
};

static void take(const struct target *at, struct value *value)
{
	value_check(value, at->number);
	value_take(value, at->w->mode);
}

/* For one that was not stored. */
static void drop(struct value *value, int answer)
{
	if (answer < 0)
		count(COUNT_NOMEM);
	value_drop(value);
}

static void step_swap(const struct target *at)
{
	struct value *fresh = value_new(at->number, 0);
	void *old;
	int answer = api.swap(at->w->map, at->b.bytes, at->b.len, fresh, &old);

	check(answer >= 0 || world_refuses(at->w), "swap of key %u: %d", at->number, answer);
	check((answer == 1) == !!old, "swap of key %u answers %d and a value", at->number, answer);
	if (answer < 0)
		drop(fresh, answer);
	else
		count(old ? COUNT_REPLACED : COUNT_INSERTED);
	if (old)
		take(at, old);
}

static void step_load_or_store(const struct target *at)
{
	struct value *fresh = value_new(at->number, 0);
	void *actual;
	int answer = api.load_or_store(at->w->map, at->b.bytes, at->b.len, fresh, &actual);

	check(answer >= 0 || world_refuses(at->w), "load_or_store of key %u: %d", at->number,
	      answer);
	check((answer == 0) == (actual == fresh), "load_or_store of key %u: %d and another value",
	      at->number, answer);
	if (answer == 0)
		count(COUNT_INSERTED);
	else
		drop(fresh, answer);
	if (answer == 1)
		value_check(actual, at->number);
}

static void step_delete(const struct target *at)
{
	void *old;
	int answer = api.load_and_delete(at->w->map, at->b.bytes, at->b.len, &old);

	check(answer >= 0 && answer == !!old, "load_and_delete of key %u: %d", at->number, answer);
	if (!old)
		return;
	count(COUNT_DELETED);
	take(at, old);
}

static struct value *step_load(const struct target *at)
{
	struct value *value = api.load(at->w->map, at->b.bytes, at->b.len);

	count(value ? COUNT_HIT : COUNT_MISS);
	if (value)
		value_check(value, at->number);
	return value;
}

static void step_compare_and_swap(const struct target *at)
{
	struct value *old = step_load(at), *fresh;
	int answer;

	if (!old)
		return;
	fresh = value_new(at->number, 0);
	answer = api.compare_and_swap(at->w->map, at->b.bytes, at->b.len, old, fresh);
	check(answer >= 0 || world_refuses(at->w), "compare_and_swap of key %u: %d", at->number,
	      answer);
	count(answer == 1 ? COUNT_SWAPPED : COUNT_NOT_SWAPPED);
	if (answer == 1)
		take(at, old);
	else
		drop(fresh, answer);
}

static void step_compare_and_delete(const struct target *at)
{
	struct value *old = step_load(at);
	int answer;

	if (!old)
		return;
	answer = api.compare_and_delete(at->w->map, at->b.bytes, at->b.len, old);
	check(answer >= 0, "compare_and_delete of key %u: %d", at->number, answer);
	if (answer != 1)
		return;
	count(COUNT_DELETED);
	take(at, old);
}

static void step_hold(const struct target *at)
{
	struct value *value = step_load(at);

	if (value && rng_one_in(delay_rng(), 16))
		nap(200);
	if (value)
		value_check(value, at->number);
}

void contend(struct thread *t)
{
	static void (*const steps[])(const struct target *at) = {
		step_swap,
		step_load_or_store,
		step_delete,
		step_compare_and_swap,
		step_compare_and_delete,
		step_hold,
	};
	struct world *w = t->world;
	struct target at = {.w = w, .number = w->owned + rng_below(&t->rng, w->contended)};

	at.b = key_make(w->kind, at.number);
	run.flavor->rcu->read_lock();
	steps[rng_below(&t->rng, sizeof(steps) / sizeof(steps[0]))](&at);
	run.flavor->rcu->read_unlock();
}

const struct role role_contender = {"contender", contend, false};
