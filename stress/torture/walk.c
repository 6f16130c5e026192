/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Walks over the whole map, and what is done to the whole map.
 */
#include <errno.h>
#include <stdlib.h>

#include "counters.h"
#include "delay.h"
#include "fail.h"
#include "run.h"
#include "scenario.h"
#include "threads.h"
#include "watch.h"

enum { DEPTH_MAX = 2, ENDED = 77 };

struct walk {
	struct thread *t;
	unsigned char *visits; /* of each key */
	unsigned int left;     /* visits until it ends itself */
};

static int walk(struct thread *t);

/* What a visit callback may do. */
static void inside_visit(struct thread *t)
{
	struct world *w = t->world;

	if (rng_one_in(&t->rng, 256))
		nap(rng_below(&t->rng, 200));
	if (w->contended && rng_one_in(&t->rng, 16))
		contend(t);
	if (rng_one_in(&t->rng, 512))
		check(api.drain(w->map) == -EDEADLK, "a drain in a visit");
	if (t->depth < DEPTH_MAX && rng_one_in(&t->rng, 512))
		(void)walk(t);
}

static int visit(const void *key, size_t len, void *value, void *ctx)
{
	struct walk *of = ctx;
	struct world *w = of->t->world;
	unsigned int number = key_number(w->kind, key, len);

	count(COUNT_VISITS);
	value_check(value, number);
	if (number >= world_keys(w)) /* of a drainer */
		return 0;
	check(!of->visits[number]++, "range visits key %u twice", number);
	inside_visit(of->t);
	return --of->left ? 0 : ENDED;
}

static int walk(struct thread *t)
{
	struct world *w = t->world;
	struct walk of = {.t = t, .left = rng_one_in(&t->rng, 8) ? 10 : world_keys(w) + 1};
	int answer;

	of.visits = calloc(world_keys(w), 1);
	check(of.visits, "no memory for a walk");
	t->depth++;
	answer = api.range(w->map, visit, &of);
	t->depth--;
	check(!answer || answer == ENDED || (answer == -ENOMEM && world_refuses(w)), "range: %d",
	      answer);
	for (unsigned int i = w->owned + w->contended; !answer && !w->clears && i < world_keys(w);
	     i++)
		check(of.visits[i], "range does not visit key %u, which is never absent", i);
	free(of.visits);
	count(COUNT_RANGES);
	return answer;
}

static void walker_step(struct thread *t)
{
	(void)walk(t);
	(void)api.count(t->world->map); /* exact at rest only */
	thread_rest(rng_below(&t->rng, 500));
}

const struct role role_walker = {"walker", walker_step, false};

static void rekeyer_step(struct thread *t)
{
	int answer;

	run.flavor->rcu->read_lock();
	answer = api.rekey_rcu(t->world->map, rng_next(&t->rng));
	run.flavor->rcu->read_unlock();
	check(!answer || answer == -EBUSY || (answer == -ENOMEM && world_refuses(t->world)),
	      "rekey: %d", answer);
	if (!answer)
		count(COUNT_REKEYS);
	thread_rest(rng_below(&t->rng, 1000));
}

const struct role role_rekeyer = {"rekeyer", rekeyer_step, false};

/* Inserts a key that nobody else uses. NULL: there was no memory. */
static struct value *insert_private(struct thread *t)
{
	unsigned int number = world_keys(t->world) + t->number;
	struct key_bytes b = key_make(t->world->kind, number);
	struct value *value = value_new(number, 1);

	if (!api.load_or_store(t->world->map, b.bytes, b.len, value, NULL))
		return value;
	value_drop(value);
	return NULL;
}

/* Deletes it, unless a clear was faster. @freed becomes true when its value is freed. */
static bool delete_private(struct thread *t, struct value *value, _Atomic(bool) *freed)
{
	unsigned int number = world_keys(t->world) + t->number;
	struct key_bytes b = key_make(t->world->kind, number);
	void *old;

	if (api.load_and_delete(t->world->map, b.bytes, b.len, &old) != 1)
		return false;
	check(old == value, "another value of key %u is deleted", number);
	value->freed = freed;
	value_take(value, t->world->mode);
	return true;
}

static void check_drain(struct thread *t, const _Atomic(bool) *freed)
{
	check(!api.drain(t->world->map), "drain");
	check(watch_load(freed), "a value that left the map before a drain is not freed after it");
	count(COUNT_DRAINS);
}

/* What was deleted before a drain is freed when it returns. */
static void drainer_step(struct thread *t)
{
	_Atomic(bool) freed = false;
	struct value *value;
	bool deleted;

	run.flavor->rcu->read_lock();
	value = insert_private(t);
	deleted = value && delete_private(t, value, &freed);
	run.flavor->rcu->read_unlock();
	if (deleted)
		check_drain(t, &freed);
	thread_rest(rng_below(&t->rng, 5000));
}

const struct role role_drainer = {"drainer", drainer_step, false};

static void clear(struct world *w)
{
	unsigned int number = watch_load(&w->clears_begun) + 1;

	watch_store(&w->clears_begun, number);
	check(!api.clear(w->map), "clear");
	watch_store(&w->clears_over, number);
	count(COUNT_CLEARS);
}

/* Likewise what was cleared. Nobody else clears, so that the key is there until we do. */
static void clearer_step(struct thread *t)
{
	_Atomic(bool) freed = false;
	struct value *value = rng_one_in(&t->rng, 16) ? insert_private(t) : NULL;

	if (value) {
		value->freed = &freed;
		thread_rest(rng_below(&t->rng, 200000)); /* so that the sweep takes some rounds */
	}
	clear(t->world);
	if (value)
		check_drain(t, &freed);
	thread_rest(rng_below(&t->rng, 3000));
}

const struct role role_clearer = {"clearer", clearer_step, false};
