/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Steps: the operations on the whole map, and its life.
 */
#include "steps.h"

#include <errno.h>

#include "../../lib/internal.h"
#include "../../lib/migrate.h"

struct range {
	struct walk walk;
	size_t left; /* visits until it stops; 0: it does not */
};

int visit(const void *key, size_t len, void *value, void *ctx)
{
	struct range *range = ctx;
	unsigned int number = key_number(&fuzz.shape, key, len);

	fuzz_check(number < fuzz.shape.keys, "a visit of a key of %zu bytes that is none", len);
	walk_visit(&fuzz.model, number, value);
	keep(key, number, value);
	nested_steps();
	fuzz_check(key_number(&fuzz.shape, key, len) == number, "a key changed during its visit");
	fuzz_check(((struct value *)value)->state != VALUE_FREED,
		   "a value was freed during its visit");
	return range->left && !--range->left ? (int)number + 1 : 0;
}

void step_range(void)
{
	struct range range;
	struct call call = call_begin();
	int answer;

	range.left = take();
	fuzz.steps_in = take() % 8;
	walk_begin(&fuzz.model, &range.walk);
	answer = rcumap_range(fuzz.map, visit, &range);
	if (!call_starved(&call, answer) && answer)
		fuzz_check(!range.left && answer > 0 && range.walk.visits[answer - 1],
			   "range gives %d", answer);
	walk_end(&fuzz.model, answer == 0);
	fuzz.steps_in = 0;
	fuzz.effort -= fuzz.model.count < fuzz.effort ? fuzz.model.count : fuzz.effort;
}

void step_clear(void)
{
	struct call call = call_begin();
	int answer = rcumap_clear(fuzz.map);

	if (call_starved(&call, answer))
		return;
	fuzz_check(!answer, "clear gives %d", answer);
	model_clear(&fuzz.model, call.began);
}

void step_count(void)
{
	size_t count = rcumap_count(fuzz.map);

	fuzz_check(count == fuzz.model.count, "count gives %zu, not %zu", count, fuzz.model.count);
}

void step_check(void)
{
	int broken = rcumap__check(fuzz.map);

	fuzz_check(!broken, "invariant I%d of lib/internal.h does not hold", -broken);
	value_check_links();
	step_count();
}

/* The blocks of a map at rest: itself, its one table, the overflow buckets of that. */
static size_t large_blocks_at_rest(void)
{
	const struct table *t = fuzz.map->snapshot;
	size_t blocks = 2;

	for (size_t i = 0; i < (size_t)1 << t->stripes_log2; i++)
		for (const struct chunk *c = t->stripes[i].chunks; c; c = c->next)
			blocks++;
	return blocks;
}

/* What a drain promises: that what was retired before it is freed. @calm: it was all there was. */
static void check_drained(uint64_t began, bool calm)
{
	value_check_freed(began);
	if (!calm || !fuzz.shape.hooks)
		return;
	fuzz_check(memory_small_blocks() == fuzz.model.count, "%zu entries and notes, not %zu",
		   memory_small_blocks(), fuzz.model.count);
	fuzz_check(memory_large_blocks() == large_blocks_at_rest(), "%zu large blocks, not %zu",
		   memory_large_blocks(), large_blocks_at_rest());
}

void step_drain(void)
{
	uint64_t began = toy_now();
	bool calm;
	int answer;

	if (!may_wait()) {
		answer = rcumap_drain(fuzz.map);
		fuzz_check(answer == -EDEADLK, "drain where it can't wait gives %d", answer);
		return;
	}
	forget_kept();
	fuzz.steps_in = take() % 8;
	calm = !fuzz.steps_in && !rcumap__migrate_due_rcu(fuzz.map);
	answer = rcumap_drain(fuzz.map);
	fuzz.steps_in = 0;
	fuzz_check(!answer, "drain gives %d", answer);
	if (!fuzz.old_maps)
		check_drained(began, calm);
}

/* Rekeys are the library's own affair so far. */
void step_rekey(void)
{
	uint64_t seed = take() * UINT64_C(0x9e3779b97f4a7c15);
	struct call call = call_begin();
	bool open = !toy_in_section();
	bool amended = fuzz.map->snapshot->dirty;
	int answer;

	if (open)
		toy_open();
	answer = rcumap__migrate_rekey_rcu(fuzz.map, seed);
	if (!call_starved(&call, answer))
		fuzz_check(answer == (amended ? -EBUSY : 0), "rekey gives %d", answer);
	if (open)
		toy_close();
}

/* value_free may use its map, but not when that is destroyed. */
void value_freed(void)
{
	if (fuzz.steps_in)
		nested_steps();
}

void make_map(void)
{
	struct rcumap_attr attr = shape_attr(&fuzz.shape, value_freed);
	struct call call = call_begin();
	int answer = rcumap_create_flavor(&fuzz.map, &attr, &toy_flavor, toy_worker);

	if (call_starved(&call, answer)) {
		fuzz_check(!fuzz.map, "a failed create gives a map");
		memory_fail_mask(0);
		memory_fail_nth(0);
		answer = rcumap_create_flavor(&fuzz.map, &attr, &toy_flavor, toy_worker);
	}
	fuzz_check(!answer, "create gives %d", answer);
}

/* Another map instead, while the callbacks of the old one are still to come. */
void step_replace_map(void)
{
	uint64_t began = toy_now();

	if (fuzz.nested)
		return;
	fuzz_check(rcumap_destroy(fuzz.map) == 0, "destroy");
	model_clear(&fuzz.model, began);
	fuzz.old_maps++;
	make_map();
}

void step_destroy_wait(void)
{
	uint64_t began = toy_now();

	if (!may_wait()) {
		fuzz_check(rcumap_destroy_wait(fuzz.map) == -EDEADLK,
			   "destroy_wait where it can't wait");
		return;
	}
	forget_kept();
	model_clear(&fuzz.model, began);
	fuzz_check(rcumap_destroy_wait(fuzz.map) == 0, "destroy_wait");
	if (!fuzz.old_maps) {
		supply_end();
		fuzz_check(!toy_queued(), "a callback of a map that is gone");
	}
	make_map();
}
