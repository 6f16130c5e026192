/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * actions.c - what the threads of a case do to the map; see actions.h.
 */
#include "actions.h"

#include <string.h>

#include "../../lib/table.h"
#include "../lin/lin.h"
#include "flavor.h"
#include "machine.h"
#include "record.h"
#include "rig.h"
#include "state.h"
#include "values.h"

static struct {
	bool destroyed;
	unsigned char expected[THREADS];
	/* By the drain that each thread is in: values that have to be freed when it returns. */
	uint64_t due[THREADS][VALUES / 64];
} actions;

STATE(actions);

/*
 * Operations. What they answer is looked at in a section that was opened before.
 */

static void do_load(struct operation *op, const void *key)
{
	flavor_lock();
	op->result = value_look(rcumap_load(rig_map, key, sizeof(uint64_t)), op->key);
	op->answer = op->result != 0;
	flavor_unlock();
}

static void do_store(struct operation *op, const void *key)
{
	op->answer = rcumap_store(rig_map, key, sizeof(uint64_t), value_of(op->value));
}

static void do_swap(struct operation *op, const void *key)
{
	void *old;

	flavor_lock();
	op->answer = rcumap_swap(rig_map, key, sizeof(uint64_t), value_of(op->value), &old);
	op->result = value_look(old, op->key);
	flavor_unlock();
}

static void do_load_or_store(struct operation *op, const void *key)
{
	void *actual;

	flavor_lock();
	op->answer =
		rcumap_load_or_store(rig_map, key, sizeof(uint64_t), value_of(op->value), &actual);
	op->result = value_look(actual, op->key);
	flavor_unlock();
}

static void do_load_and_delete(struct operation *op, const void *key)
{
	void *old;

	flavor_lock();
	op->answer = rcumap_load_and_delete(rig_map, key, sizeof(uint64_t), &old);
	op->result = value_look(old, op->key);
	flavor_unlock();
}

static void do_delete(struct operation *op, const void *key)
{
	op->answer = rcumap_delete(rig_map, key, sizeof(uint64_t));
}

/* What is compared with need not have been loaded in this section: no address is used twice. */
static void do_compare_and_swap(struct operation *op, const void *key)
{
	op->answer = rcumap_compare_and_swap(rig_map, key, sizeof(uint64_t), value_of(op->expected),
					     value_of(op->value));
}

static void do_compare_and_delete(struct operation *op, const void *key)
{
	op->answer =
		rcumap_compare_and_delete(rig_map, key, sizeof(uint64_t), value_of(op->expected));
}

static void do_clear(struct operation *op, const void *key)
{
	(void)key;
	op->answer = rcumap_clear(rig_map);
}

static int visit(const void *key, size_t len, void *value, void *ctx)
{
	struct operation *op = ctx;

	for (unsigned int i = 0; i < RIG_KEYS; i++) {
		if (memcmp(key, rig_key(i), len))
			continue;
		if (i < HISTORY_KEYS) {
			op->visited[i] = value_look(value, i);
			op->visits[i]++;
		}
		return 0;
	}
	machine_fail("range visits a key that was never stored");
	return 1;
}

static void do_range(struct operation *op, const void *key)
{
	(void)key;
	op->answer = rcumap_range(rig_map, visit, op);
}

/*
 * Fillers leave the map together or not at all, and are many, so it is known whether they count. In
 * the smaller buckets of 32-bit machines they may be as few as keys: then the count says nothing.
 */
static void do_count(struct operation *op, const void *key)
{
	unsigned int counted;

	(void)key;
	counted = (unsigned int)rcumap_count(rig_map);
	if (BUCKET_SLOTS < 7 && rig_fillers() && counted <= HISTORY_KEYS &&
	    counted * 2 >= rig_fillers())
		op->answer = -1;
	if (counted * 2 >= rig_fillers())
		counted -= counted < rig_fillers() ? counted : rig_fillers();
	op->counted = counted;
}

static void (*const operations[])(struct operation *op, const void *key) = {
	[OP_LOAD] = do_load,
	[OP_STORE] = do_store,
	[OP_SWAP] = do_swap,
	[OP_LOAD_OR_STORE] = do_load_or_store,
	[OP_LOAD_AND_DELETE] = do_load_and_delete,
	[OP_DELETE] = do_delete,
	[OP_COMPARE_AND_SWAP] = do_compare_and_swap,
	[OP_COMPARE_AND_DELETE] = do_compare_and_delete,
	[OP_CLEAR] = do_clear,
	[OP_RANGE] = do_range,
	[OP_COUNT] = do_count,
};

const char *action_name(unsigned int kind)
{
	static const char *const others[] = {
		[DO_DRAIN] = "drain",
		[DO_DESTROY] = "destroy",
		[DO_DESTROY_WAIT] = "destroy_wait",
	};

	return kind < OP_KINDS ? operation_name(kind) : others[kind];
}

/* Whether the value can be loaded from the map. Called between steps, hence not seen by others. */
static bool value_in_table(const struct table *t, uint32_t number)
{
	for (size_t i = 0; i < table_buckets(t); i++) {
		struct place at = {&t->buckets[i], 0};
		struct entry *e;

		if (atomic_load(&at.bucket->header) & BUCKET_MOVED)
			continue;
		while ((e = bucket_next(&at)))
			if (atomic_load(&e->value) == value_of(number))
				return true;
	}
	return false;
}

static bool value_in_map(uint32_t number)
{
	for (const struct table *t = atomic_load(&rig_map->snapshot); t; t = atomic_load(&t->dirty))
		if (value_in_table(t, number))
			return true;
	return false;
}

static void set_due(uint64_t *due, uint32_t number)
{
	due[number / 64] |= UINT64_C(1) << number % 64;
}

static bool is_due(const uint64_t *due, uint32_t number)
{
	return due[number / 64] >> number % 64 & 1;
}

/*
 * Drain: what is in no table when it begins, and was stored by an operation that has returned, was
 * retired before, if no operation is under way; so it has to be freed by the end.
 */
static void do_drain(void)
{
	uint64_t *due = actions.due[machine_running()];

	for (uint32_t i = 0; i < VALUES && !record_under_way(); i++)
		if (value_of(i) && record_stored(i) && !value_in_map(i))
			set_due(due, i);
	if (rcumap_drain(rig_map))
		machine_fail("drain");
	for (uint32_t i = 0; i < VALUES; i++)
		if (is_due(due, i) && !value_freed(i))
			machine_fail("drain returns before value %u is freed", i);
	memset(due, 0, sizeof(actions.due[0]));
}

/* No operation may begin after a destroy has; those under way may go on. */
static bool others_have_begun(enum thread_id self)
{
	for (enum thread_id i = THREAD_A; i <= THREAD_P; i++)
		if (i != self && record_began(i) < actions.expected[i])
			return false;
	return true;
}

static void do_destroy(unsigned int kind)
{
	machine_wait(others_have_begun);
	actions.destroyed = true;
	if (kind == DO_DESTROY) {
		if (rcumap_destroy(rig_map))
			machine_fail("destroy");
		return;
	}
	if (rcumap_destroy_wait(rig_map))
		machine_fail("destroy_wait");
	if (memory_blocks() != values_alive())
		machine_fail("destroy_wait returns before all is freed");
}

void action_do(unsigned int kind, unsigned int key, uint32_t value, uint32_t expected)
{
	struct operation *op;

	if (kind == DO_DRAIN) {
		do_drain();
	} else if (kind == DO_DESTROY || kind == DO_DESTROY_WAIT) {
		do_destroy(kind);
	} else {
		op = record_invoke(kind, key);
		op->value = value;
		op->expected = expected;
		operations[kind](op, rig_key(key));
		record_return();
	}
	if (flavor_sections(machine_running()))
		machine_fail("%s leaves a section open", action_name(kind));
	if (machine_holds_mutex())
		machine_fail("%s returns with a mutex locked", action_name(kind));
}

void actions_expect(enum thread_id id, unsigned int operations_of_history)
{
	actions.expected[id] = (unsigned char)operations_of_history;
}

void actions_reset(void)
{
	memset(&actions, 0, sizeof(actions));
}

bool actions_destroyed(void)
{
	return actions.destroyed;
}
