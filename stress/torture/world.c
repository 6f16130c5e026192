/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * A world: made, checked at rest, emptied, taken down.
 */
#include "world.h"

#include <pthread.h>
#include <stdlib.h>

#include "counters.h"
#include "delay.h"
#include "fail.h"
#include "run.h"
#include "scenario.h"
#include "threads.h"
#include "watch.h"

/*
 * Rounds within which what was retired is freed, and those for a shrink, which is 32-fold at most;
 * the last one of them is for the table that it replaces.
 */
enum { RETIRE_ROUNDS = 4, SHRINK_ROUNDS = 8, SHRINK_LOG2 = 5 };

/* Rounds that a check of invariants may be repeated for: the idle hand may be at work. */
enum { CHECK_ROUNDS = 64 };

/* Counts the callbacks that are armed, and passes them on. */
static void counting_call_rcu(struct rcu_head *rcu, void (*func)(struct rcu_head *rcu))
{
	count(COUNT_CALL_RCU);
	run.flavor->rcu->update_call_rcu(rcu, func);
}

/* The flavor that maps are given. */
static const struct rcu_flavor_struct *counting_flavor(void)
{
	static struct rcu_flavor_struct flavor;

	if (!flavor.update_call_rcu) {
		flavor = *run.flavor->rcu;
		flavor.update_call_rcu = counting_call_rcu;
	}
	return &flavor;
}

static enum key_kind world_kind(unsigned int index)
{
	return run.key_free ? (run.key + index) % KEY_KINDS : run.key;
}

/* Chains of colliding keys are walked from end to end. */
static unsigned int at_most(unsigned int keys, enum key_kind kind)
{
	return kind == KEY_COLLIDE && keys > 256 ? 256 : keys;
}

/* So that each thread can own some. */
static unsigned int dealt_out(unsigned int keys)
{
	return (keys + run.threads - 1) / run.threads * run.threads;
}

static void world_make_map(struct world *w)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	int err;

	key_attr(&attr, w->kind);
	value_attr(&attr, w->mode, &w->forgets);
	memory_attr(&attr, &w->memory);
	err = api.create(&w->map, &attr, counting_flavor(), run.flavor->default_worker);
	check(!err, "create: %d", err);
	count(COUNT_MAPS);
	w->new_bytes = memory_held(&w->memory);
}

struct world *world_new(unsigned int index, struct population population, bool clears)
{
	struct world *w = calloc(1, sizeof(*w));

	check(w, "no memory for a world");
	w->kind = world_kind(index);
	w->mode = run.value;
	w->clears = clears;
	watch_store(&w->forgets, clears);
	w->owned = dealt_out(at_most(population.owned, w->kind));
	w->contended = population.contended;
	w->pinned = dealt_out(population.pinned);
	w->keys = calloc(world_keys(w) + 1, sizeof(*w->keys));
	check(w->keys, "no memory for keys");
	world_make_map(w);
	for (unsigned int i = w->owned + w->contended; i < world_keys(w); i++)
		owned_put(w, i);
	return w;
}

void world_wait_round(void)
{
	run.flavor->rcu->thread_offline();
	run.flavor->rcu->barrier();
	run.flavor->rcu->thread_online();
}

static void check_invariants(struct world *w)
{
	int broken = api.check_invariants ? api.check_invariants(w->map) : 0;

	for (int i = 0; broken && i < CHECK_ROUNDS; i++) {
		world_wait_round();
		broken = api.check_invariants(w->map);
	}
	check(!broken, "invariant I%d of lib/internal.h does not hold", -broken);
}

/* Returns whether the key is present. */
static bool check_contended(struct world *w, unsigned int number)
{
	struct key_bytes b = key_make(w->kind, number);
	unsigned int climbed = watch_load(&w->keys[number].done);
	struct value *value;

	run.flavor->rcu->read_lock();
	value = api.load(w->map, b.bytes, b.len);
	if (value)
		value_check(value, number);
	if (climbed)
		check(value && value->generation == climbed,
		      "key %u was swapped %u times, but is of generation %u", number, climbed,
		      value ? value->generation : 0);
	run.flavor->rcu->read_unlock();
	return value;
}

static bool check_key(struct world *w, unsigned int number)
{
	if (world_contends(w, number))
		return check_contended(w, number);
	owned_look(w, number);
	owned_read(w, number);
	return w->keys[number].value;
}

static int check_visit(const void *key, size_t len, void *value, void *ctx)
{
	struct world *w = ctx;
	unsigned int number = key_number(w->kind, key, len);

	check(number < world_keys(w), "range visits key %u, which is deleted", number);
	value_check(value, number);
	check(world_contends(w, number) || value == w->keys[number].value,
	      "range visits key %u with another value", number);
	watch_add(&w->keys[number].seen, 1); /* visits: at rest there is no other use for it */
	return 0;
}

/* Range and count tell of each key once. */
static void check_whole(struct world *w, size_t present)
{
	size_t counted_keys = api.count(w->map), visits = 0;
	int err;

	for (unsigned int i = 0; i < world_keys(w); i++)
		watch_store(&w->keys[i].seen, 0);
	err = api.range(w->map, check_visit, w);
	check(!err, "range: %d", err);
	for (unsigned int i = 0; i < world_keys(w); i++) {
		check(watch_load(&w->keys[i].seen) <= 1, "range visits key %u twice", i);
		visits += watch_load(&w->keys[i].seen);
		watch_store(&w->keys[i].seen, 0);
	}
	check(counted_keys == present, "%zu keys are counted, %zu are present", counted_keys,
	      present);
	check(visits == present, "range visits %zu keys, %zu are present", visits, present);
}

void world_check_at_rest(struct world *w)
{
	size_t present = 0;

	check(!api.drain(w->map), "drain");
	check_invariants(w);
	for (unsigned int i = 0; i < world_keys(w); i++)
		present += check_key(w, i);
	check_whole(w, present);
}

static void remove_contended(struct world *w, unsigned int number)
{
	struct key_bytes b = key_make(w->kind, number);
	void *old;

	run.flavor->rcu->read_lock();
	if (api.load_and_delete(w->map, b.bytes, b.len, &old) == 1)
		value_take(old, w->mode);
	run.flavor->rcu->read_unlock();
}

void world_empty(struct world *w)
{
	for (unsigned int i = 0; i < world_keys(w); i++) {
		if (world_contends(w, i))
			remove_contended(w, i);
		else
			owned_remove(w, i);
		flavor_quiescent(run.flavor);
	}
	check(!api.count(w->map), "%zu keys are counted when all are deleted", api.count(w->map));
}

/* What the promise allows to a map that may have held all its keys. */
static unsigned int shrink_rounds(const struct world *w)
{
	unsigned int log2 = 0;

	while (1u << log2 < world_keys(w))
		log2++;
	return RETIRE_ROUNDS + (log2 / SHRINK_LOG2 + 1) * SHRINK_ROUNDS;
}

/* Nothing calls itself for ever; to be told only if there is one map. */
static void check_comes_to_rest(void)
{
	uint64_t calls = counted(COUNT_CALL_RCU);
	unsigned int quiet = 0;

	for (int i = 0; i < CHECK_ROUNDS && quiet < RETIRE_ROUNDS; i++) {
		world_wait_round();
		quiet = counted(COUNT_CALL_RCU) == calls ? quiet + 1 : 0;
		calls = counted(COUNT_CALL_RCU);
	}
	check(quiet == RETIRE_ROUNDS, "callbacks are armed for ever, though nobody calls");
}

void world_check_shrinks(struct world *w)
{
	unsigned int rounds = shrink_rounds(w);
	size_t limit = w->new_bytes + w->new_bytes / 10;

	for (unsigned int i = 0; i < rounds && memory_held(&w->memory) > limit; i++)
		world_wait_round();
	check(memory_held(&w->memory) <= limit,
	      "an empty map holds %zu bytes after %u rounds, and held %zu when it was new",
	      memory_held(&w->memory), rounds, w->new_bytes);
	if (!run.scenario->worlds)
		check_comes_to_rest();
	check_invariants(w);
	count(COUNT_SHRUNK);
}

void world_free(struct world *w)
{
	check(!memory_held(&w->memory), "%zu bytes are not freed", memory_held(&w->memory));
	world_wait_round(); /* the callback that freed the last ones may still run */
	free(w->keys);
	free(w);
}

void world_destroy(struct world *w)
{
	watch_store(&w->forgets, true);
	check(!api.destroy_wait(w->map), "destroy_wait");
	world_free(w);
}

static void world_end(struct world *w)
{
	atomic_store_explicit(&w->memory.refuse, 0, memory_order_relaxed);
	world_check_at_rest(w);
	if (run.scenario->refuse)
		owned_put(w, 0); /* the idle hand may have given up, until the next delete */
	world_empty(w);
	world_check_shrinks(w);
	world_destroy(w);
}

static void *world_end_main(void *arg)
{
	flavor_thread_begin(run.flavor, 0);
	world_end(arg);
	flavor_thread_end(run.flavor);
	return NULL;
}

/* All at the same time: each waits for many rounds. */
void worlds_end(struct world **worlds, unsigned int n)
{
	pthread_t ids[WORLDS_MAX];

	run.flavor->rcu->thread_offline();
	for (unsigned int i = 0; i < n; i++)
		check(!pthread_create(&ids[i], NULL, world_end_main, worlds[i]), "no thread");
	for (unsigned int i = 0; i < n; i++)
		pthread_join(ids[i], NULL);
	run.flavor->rcu->thread_online();
}
