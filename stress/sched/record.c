/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * record.c - the history of an execution; see record.h.
 *
 * The interval of an operation is from its first step on a shared word to its last (machine.h). What
 * is part of the state is the order that follows from these, not the times: two executions that led
 * to the same answers in the same order are to be the same.
 */
#include "record.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "machine.h"
#include "state.h"

/* Where the operations of a thread are: its first, and how many. */
enum { PER_THREAD = 4, AT_END = 8, RECORDS = 3 * PER_THREAD + AT_END };

static struct {
	struct operation op[RECORDS]; /* times are 0 */
	uint32_t before[RECORDS];     /* those that had returned, a bit for each */
	uint32_t began, returned;
	unsigned char invoked[THREADS]; /* how many each thread has invoked */
	uint32_t initial[HISTORY_KEYS];
} record;

static struct {
	uint32_t first[RECORDS], last[RECORDS];
} times;

STATE(record);
TALLY(times);

void record_reset(void)
{
	memset(&record, 0, sizeof(record));
	memset(&times, 0, sizeof(times));
}

void record_initial(unsigned int key, uint32_t value)
{
	record.initial[key] = value;
}

uint32_t record_initial_of(unsigned int key)
{
	return record.initial[key];
}

/* The latest operation of the thread. */
static unsigned int latest(enum thread_id id)
{
	unsigned int base = id == THREAD_F ? 3 * PER_THREAD : id * PER_THREAD;

	return base + record.invoked[id] - 1;
}

struct operation *record_invoke(enum operation_kind kind, unsigned int key)
{
	enum thread_id id = machine_running();
	struct operation *op;

	record.invoked[id]++;
	op = &record.op[latest(id)];
	op->kind = kind;
	op->thread = id;
	op->key = key;
	return op;
}

static bool has(uint32_t set, unsigned int i)
{
	return set >> i & 1;
}

void record_step(enum thread_id id)
{
	unsigned int i = latest(id);
	uint32_t now;

	if (id == THREAD_W || id == THREAD_X || !record.invoked[id] || has(record.returned, i))
		return;
	now = machine_tick();
	if (!has(record.began, i)) {
		record.began |= UINT32_C(1) << i;
		record.before[i] = record.returned;
		times.first[i] = now;
	}
	times.last[i] = now;
}

void record_return(void)
{
	enum thread_id id = machine_running();
	unsigned int i = latest(id);

	/* It has touched nothing that others touch, but when it happens is part of what is judged. */
	if (!has(record.began, i))
		machine_access(&memory.clock, ACCESS_UPDATE, "the time", "record_return");
	record.returned |= UINT32_C(1) << i;
	machine_mark();
}

unsigned int record_under_way(void)
{
	unsigned int invoked = 0;

	for (enum thread_id i = 0; i < THREADS; i++)
		invoked += record.invoked[i];
	return invoked - (unsigned int)__builtin_popcount(record.returned);
}

unsigned int record_began(enum thread_id id)
{
	unsigned int invoked = record.invoked[id];

	return invoked && !has(record.began, latest(id)) ? invoked - 1 : invoked;
}

static bool op_stored(const struct operation *op)
{
	switch (op->kind) {
	case OP_STORE:
	case OP_SWAP:
		return op->answer >= 0;
	case OP_LOAD_OR_STORE:
		return op->answer == 0;
	case OP_COMPARE_AND_SWAP:
		return op->answer == 1;
	default:
		return false;
	}
}

bool record_stored(uint32_t value)
{
	for (unsigned int key = 0; key < HISTORY_KEYS; key++)
		if (record.initial[key] == value)
			return true;
	for (unsigned int i = 0; i < RECORDS; i++)
		if (has(record.returned, i) && record.op[i].value == value &&
		    op_stored(&record.op[i]))
			return true;
	return false;
}

/* Those that had returned before operation @i was invoked, by the times. */
static uint32_t before(unsigned int i)
{
	uint32_t set = 0;

	for (unsigned int j = 0; j < RECORDS; j++)
		if (has(record.returned, j) && times.last[j] < times.first[i])
			set |= UINT32_C(1) << j;
	return set;
}

void record_history(struct history *to, uint64_t *hash)
{
	uint32_t order;

	memset(to, 0, sizeof(*to));
	to->keys = HISTORY_KEYS;
	memcpy(to->initial, record.initial, sizeof(to->initial));
	*hash = 0;
	for (unsigned int i = 0; i < RECORDS; i++) {
		if (!has(record.returned, i))
			continue;
		order = before(i);
		*hash = XXH3_64bits_withSeed(&record.op[i], sizeof(record.op[i]), *hash);
		*hash = XXH3_64bits_withSeed(&order, sizeof(order), *hash);
		to->operation[to->operations] = record.op[i];
		to->operation[to->operations].invoked = times.first[i];
		to->operation[to->operations++].returned = times.last[i];
	}
}
