/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * scenario.c - how a case begins, ends and is judged; see scenario.h.
 */
#include "scenario.h"

#include <stdio.h>

#include "../lin/lin.h"
#include "actions.h"
#include "flavor.h"
#include "machine.h"
#include "record.h"
#include "values.h"

static const struct scenario *current;
static struct set judged;

/* Which value a thread stores at a place of its program. */
static uint32_t value_number(enum thread_id id, unsigned int place)
{
	return 10 * (id + 1u) + place;
}

static bool stores(unsigned int kind)
{
	return kind == OP_STORE || kind == OP_SWAP || kind == OP_LOAD_OR_STORE ||
	       kind == OP_COMPARE_AND_SWAP;
}

/* What a compare expects: the value at the beginning, or the one that the other thread stores. */
static uint32_t expected(enum thread_id id, unsigned int key)
{
	const struct program *other = &current->program[id == THREAD_A ? THREAD_B : THREAD_A];
	uint32_t initial = record_initial_of(key);

	for (unsigned int i = 0; i < other->n && !initial; i++)
		if (stores(other->action[i].kind))
			return value_number(id == THREAD_A ? THREAD_B : THREAD_A, i);
	return initial ? initial : value_number(id, 0);
}

static void run_program(enum thread_id self)
{
	const struct program *p = &current->program[self];

	for (unsigned int i = 0; i < p->n; i++)
		action_do(p->action[i].kind, p->action[i].key, value_number(self, i),
			  expected(self, p->action[i].key));
}

static void run_third(enum thread_id self)
{
	const struct state *s = current->state;

	action_do(s->kind, s->key, value_number(self, 0), expected(self, s->key));
}

/* The last look. No operation is under way, so nothing of this overlaps with anything. */
static void run_look(enum thread_id self)
{
	int err;

	(void)self;
	if (actions_destroyed())
		return;
	for (unsigned int key = 0; key < HISTORY_KEYS - 1; key++)
		action_do(OP_LOAD, key, 0, 0);
	action_do(OP_RANGE, 0, 0, 0);
	action_do(OP_COUNT, 0, 0, 0);
	err = rcumap__check(rig_map);
	if (err)
		machine_fail("invariant I%d does not hold", -err);
	action_do(DO_DESTROY, 0, 0, 0);
}

/*
 * The beginning
 */

static void at_seam(enum rcumap_seam at)
{
	if (machine_running() != THREAD_P || at != current->state->seam)
		return;
	rcumap__seam_hook = NULL;
	machine_park();
}

static void begin_third(void)
{
	value_make(value_number(THREAD_P, 0), current->state->key);
	machine_start(THREAD_P, run_third);
	actions_expect(THREAD_P, 1);
	rcumap__seam_hook = at_seam;
	machine_run(THREAD_P);
	if (rcumap__seam_hook)
		machine_fail("the third thread did not come to its seam");
}

static void begin_program(enum thread_id id)
{
	const struct program *p = &current->program[id];
	unsigned int recorded = 0;

	for (unsigned int i = 0; i < p->n; i++) {
		value_make(value_number(id, i), p->action[i].key);
		recorded += p->action[i].kind < OP_KINDS;
	}
	actions_expect(id, recorded);
	machine_start(id, run_program);
}

static void begin(const void *context)
{
	struct rig_shape shape;

	current = context;
	set_clear(&judged);
	shape = current->state->shape;
	shape.workers = current->workers;
	rig_reset(&shape);
	current->state->build();
	if (current->state->third)
		begin_third();
	else if (current->program[THREAD_P].n)
		begin_program(THREAD_P);
	begin_program(THREAD_A);
	begin_program(THREAD_B);
	machine_start(THREAD_W, flavor_worker_run);
	if (current->workers == 2)
		machine_start(THREAD_X, flavor_worker_run);
	machine_start(THREAD_F, run_look);
}

/*
 * The end
 */

/* Runs a thread until it has ended; others when it has to wait for them. */
static void run_to_end(enum thread_id id)
{
	while (!machine_failure() && !machine_finished(id)) {
		if (machine_enabled(id))
			machine_run(id);
		else if (machine_enabled(THREAD_W))
			machine_run(THREAD_W);
		else if (machine_enabled(THREAD_X))
			machine_run(THREAD_X);
		else
			machine_fail("the last look waits for ever");
	}
}

static void run_callbacks(void)
{
	for (enum thread_id i = THREAD_W; i <= THREAD_X; i++)
		while (!machine_failure() && machine_enabled(i)) {
			machine_run(i);
			i = THREAD_W;
		}
	if (!machine_failure() && flavor_callbacks())
		machine_fail("a callback waits for a section that nobody leaves");
}

static bool stored(uint32_t number)
{
	return number < VALUE_OTHERS ? record_stored(number) : true;
}

static void check_returned(void)
{
	for (uint32_t i = 0; i < VALUES; i++)
		if (value_of(i) && value_freed(i) != stored(i))
			machine_fail("value %u was %s, and was freed %u times", i,
				     stored(i) ? "stored" : "not stored", value_freed(i));
	if (memory_blocks() != values_alive())
		machine_fail("%zu blocks are left over", memory_blocks() - values_alive());
}

static void judge(void)
{
	struct history history;
	uint64_t hash;

	record_history(&history, &hash);
	if (!set_add(&judged, hash, 0) && !lin_judge(&history))
		machine_fail("no order of the operations explains the answers");
}

static void end(const void *context)
{
	(void)context;
	/* What a worker has read so far it may use to the end, though nobody stops it there any more. */
	flavor_open_all();
	run_to_end(THREAD_F);
	if (!machine_failure())
		run_callbacks();
	if (!machine_failure())
		check_returned();
	if (!machine_failure())
		judge();
}

struct subject scenario_subject(const struct scenario *scenario)
{
	return (struct subject){scenario, begin, end};
}

const struct set *scenario_histories(void)
{
	return &judged;
}

struct set scenario_take_histories(void)
{
	struct set histories = judged;

	judged = (struct set){0};
	return histories;
}

void scenario_print_history(void)
{
	struct history history;
	uint64_t hash;

	record_history(&history, &hash);
	history_print(stdout, &history);
}
