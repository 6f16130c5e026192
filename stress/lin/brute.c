/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * See brute.h. It shares no code with lin.c, and is as simple as can be: all permutations, and only
 * then whether one respects the times and gives the answers.
 */
#include "brute.h"

#include <string.h>

enum { STEPS = 9 };

/* An operation, or what a range says of one key. */
struct step {
	struct operation op;
	unsigned int overlapping; /* count */
};

struct brute {
	const struct history *history;
	unsigned int steps;
	struct step step[STEPS];
};

static bool pending(const struct operation *op)
{
	return op->returned == UINT64_MAX;
}

/*
 * The naive map
 */

static void do_compare(uint32_t *value, struct operation *op, uint32_t then)
{
	op->answer = *value == op->expected;
	if (op->answer)
		*value = then;
}

static void do_all_keys(struct naive *map, struct operation *op, unsigned int keys)
{
	op->answer = 0;
	op->counted = 0;
	for (unsigned int key = 0; key < keys; key++) {
		op->visited[key] = map->value[key];
		op->visits[key] = map->value[key] != 0;
		op->counted += map->value[key] != 0;
		if (op->kind == OP_CLEAR)
			map->value[key] = 0;
	}
}

static void do_on_value(uint32_t *value, struct operation *op)
{
	uint32_t was = *value;

	op->result = was;
	op->answer = was != 0;
	if (op->kind == OP_STORE || op->kind == OP_SWAP)
		*value = op->value;
	if (op->kind == OP_LOAD_OR_STORE && !was)
		*value = op->result = op->value;
	if (op->kind == OP_LOAD_AND_DELETE || op->kind == OP_DELETE)
		*value = 0;
	if (op->kind == OP_STORE)
		op->answer = 0;
	if (op->kind == OP_STORE || op->kind == OP_DELETE)
		op->result = 0;
}

void naive_do(struct naive *map, struct operation *op, unsigned int keys)
{
	switch (op->kind) {
	case OP_CLEAR:
	case OP_RANGE:
	case OP_COUNT:
		do_all_keys(map, op, keys);
		break;
	case OP_COMPARE_AND_SWAP:
		do_compare(&map->value[op->key], op, op->value);
		break;
	case OP_COMPARE_AND_DELETE:
		do_compare(&map->value[op->key], op, 0);
		break;
	default:
		do_on_value(&map->value[op->key], op);
		break;
	}
}

unsigned int brute_overlapping(const struct history *history, const struct operation *op)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < history->operations; i++) {
		const struct operation *other = &history->operation[i];
		bool overlap = other->invoked <= op->returned && op->invoked <= other->returned;
		int answer = pending(other) ? 1 : other->answer;

		if (!overlap || answer < 0)
			continue;
		if (other->kind == OP_STORE || other->kind == OP_CLEAR)
			n++;
		else if (other->kind == OP_SWAP || other->kind == OP_LOAD_OR_STORE)
			n += pending(other) || answer == 0;
		else if (other->kind == OP_DELETE || other->kind == OP_LOAD_AND_DELETE ||
			 other->kind == OP_COMPARE_AND_DELETE)
			n += answer == 1;
	}
	return n;
}

/*
 * The permutations
 */

static bool same_answer(const struct step *step, const struct operation *naive, uint32_t others)
{
	const struct operation *op = &step->op;
	int off = (int)(naive->counted + others) - (int)op->counted;

	if (op->kind == OP_COUNT)
		return (off < 0 ? -off : off) <= (int)step->overlapping;
	return naive->answer == op->answer && naive->result == op->result;
}

/* Whether the steps, in this order, give these answers. */
static bool runs(const struct brute *b, const unsigned int *order, unsigned int n)
{
	struct naive map;

	memcpy(map.value, b->history->initial, sizeof(map.value));
	for (unsigned int i = 0; i < n; i++) {
		const struct step *step = &b->step[order[i]];
		struct operation op = step->op;

		naive_do(&map, &op, b->history->keys);
		if (!pending(&step->op) && !same_answer(step, &op, b->history->others))
			return false;
		/* What a pending range has visited is known. */
		if (pending(&step->op) && op.kind == OP_LOAD && op.result != step->op.result)
			return false;
	}
	return true;
}

static bool in_time(const struct brute *b, const unsigned int *order, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		for (unsigned int j = i + 1; j < n; j++)
			if (b->step[order[j]].op.returned < b->step[order[i]].op.invoked)
				return false;
	return true;
}

/* Tries all permutations of order[at] to order[n - 1]. */
static bool permute(const struct brute *b, unsigned int *order, unsigned int at, unsigned int n)
{
	bool found = at == n && in_time(b, order, n) && runs(b, order, n);

	for (unsigned int i = at; !found && i < n; i++) {
		unsigned int picked = order[i];

		order[i] = order[at];
		order[at] = picked;
		found = permute(b, order, at + 1, n);
		order[at] = order[i];
		order[i] = picked;
	}
	return found;
}

/* Tries with those pending steps left out whose bit is set. */
static bool try_without(const struct brute *b, unsigned int left_out)
{
	unsigned int order[STEPS], n = 0;

	for (unsigned int i = 0; i < b->steps; i++)
		if (!(left_out >> i & 1))
			order[n++] = i;
	return permute(b, order, 0, n);
}

static bool may_leave_out(const struct brute *b, unsigned int left_out)
{
	for (unsigned int i = 0; i < b->steps; i++)
		if ((left_out >> i & 1) &&
		    (!pending(&b->step[i].op) || b->step[i].op.kind == OP_LOAD))
			return false;
	return true;
}

static void add_range(struct brute *b, const struct operation *range)
{
	for (unsigned int key = 0; key < b->history->keys; key++) {
		struct operation load = *range;

		load.kind = OP_LOAD;
		load.key = key;
		load.result = range->visited[key];
		load.answer = load.result != 0;
		if (load.answer || (!pending(range) && range->answer == 0))
			b->step[b->steps++].op = load;
	}
}

static void add_step(struct brute *b, const struct operation *op)
{
	bool looks = op->kind == OP_LOAD || op->kind == OP_COUNT;

	if (op->kind == OP_RANGE) {
		add_range(b, op);
	} else if (pending(op) ? !looks : op->answer >= 0) {
		b->step[b->steps].op = *op;
		b->step[b->steps++].overlapping = brute_overlapping(b->history, op);
	}
}

bool brute_judge(const struct history *history)
{
	struct brute b = {.history = history};

	for (unsigned int i = 0; i < history->operations; i++) {
		const struct operation *op = &history->operation[i];

		for (unsigned int key = 0; op->kind == OP_RANGE && key < history->keys; key++)
			if (op->visits[key] != (op->visited[key] ? 1 : 0))
				return false;
		add_step(&b, op);
	}
	for (unsigned int left_out = 0; left_out < 1u << b.steps; left_out++)
		if (may_leave_out(&b, left_out) && try_without(&b, left_out))
			return true;
	return false;
}
