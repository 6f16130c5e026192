/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_lin_random.c - the judge itself is judged: by random histories that were made from an order,
 * and so must be good, and by mutated ones on which it has to agree with a judge that tries all
 * orders (brute.h).
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "brute.h"
#include "lin.h"
#include "../rng.h"

#define FOREVER UINT64_MAX

static struct rng random_numbers = {1}; /* the same histories each time */

static uint32_t below(uint32_t n)
{
	return rng_below(&random_numbers, n);
}

enum { SPACING = 100, VALUES = 3 };

static struct operation random_operation(unsigned int keys)
{
	struct operation op = {.kind = below(OP_KINDS)};

	if (below(2)) /* ranges are many steps for the brute */
		op.kind = below(OP_CLEAR);
	if (op.kind < OP_CLEAR)
		op.key = below(keys);
	op.value = 1 + below(VALUES);
	op.expected = 1 + below(VALUES);
	return op;
}

/* What a range that is under way while @n operations happen may say. */
static void widen_range(struct operation *op, const struct naive *after, unsigned int index,
			unsigned int n, unsigned int keys)
{
	for (unsigned int key = 0; key < keys; key++) {
		unsigned int i = index + below(n - index);

		while (i > index && (uint64_t)i * SPACING + SPACING > op->returned)
			i--;
		op->visited[key] = after[i].value[key];
		op->visits[key] = op->visited[key] != 0;
	}
}

/* An operation takes effect at the time SPACING * (its index + 1). */
static void widen(struct operation *op, unsigned int index, uint32_t width)
{
	uint64_t instant = (uint64_t)SPACING * (index + 1);
	uint64_t before = below(width);

	op->invoked = before < instant ? instant - before : 0;
	op->returned = instant + below(width);
}

static bool may_fail(const struct operation *op)
{
	return op->kind == OP_STORE || op->kind == OP_SWAP || op->kind == OP_LOAD_OR_STORE ||
	       op->kind == OP_COMPARE_AND_SWAP || op->kind == OP_CLEAR;
}

/* Mostly does @op; or says that there was no memory; or does not return, done or not. */
static void do_or_fail(struct naive *map, struct operation *op, unsigned int keys)
{
	uint32_t fate = below(16);

	if (fate == 0 && may_fail(op)) {
		op->answer = -ENOMEM;
		return;
	}
	if (fate == 1 || fate == 2)
		op->returned = FOREVER;
	if (fate != 1)
		naive_do(map, op, keys);
}

/* A history that is good, since its operations were done in the order in which they stand. */
static void make_good(struct history *history, unsigned int keys, unsigned int n, uint32_t width)
{
	struct naive map = {{0}}, after[HISTORY_OPERATIONS];

	*history = (struct history){.keys = keys, .operations = n};
	history->others = below(2) ? below(5) : 0;
	for (unsigned int key = 0; key < keys; key++)
		map.value[key] = history->initial[key] = below(VALUES + 1);
	for (unsigned int i = 0; i < n; i++) {
		struct operation *op = &history->operation[i];

		*op = random_operation(keys);
		if (op->kind == OP_CLEAR && history->others)
			op->kind = OP_COUNT;
		widen(op, i, width);
		do_or_fail(&map, op, keys);
		after[i] = map;
	}
	for (unsigned int i = 0; i < n; i++) {
		struct operation *op = &history->operation[i];

		if (op->kind == OP_RANGE)
			widen_range(op, after, i, n, keys);
		if (op->kind == OP_COUNT)
			op->counted += history->others + below(brute_overlapping(history, op) + 1);
	}
}

static void good_histories_are_accepted(void **state)
{
	struct history history;

	(void)state;
	for (unsigned int i = 0; i < 200000; i++) {
		make_good(&history, 1 + below(HISTORY_KEYS), 1 + below(16), 1 + below(6 * SPACING));
		if (!lin_judge(&history)) {
			history_print(stderr, &history);
			fail_msg("history %u was made from an order, and judged bad", i);
		}
	}
}

static void long_histories_are_judged(void **state)
{
	struct history history;

	(void)state;
	for (unsigned int i = 0; i < 2000; i++) {
		make_good(&history, HISTORY_KEYS, HISTORY_OPERATIONS, 6 * SPACING);
		assert_true(lin_judge(&history));
	}
}

static bool has_result(const struct operation *op)
{
	return op->kind == OP_LOAD || op->kind == OP_SWAP || op->kind == OP_LOAD_OR_STORE ||
	       op->kind == OP_LOAD_AND_DELETE;
}

/* Changes something, so that the history may be bad. */
static void mutate(struct history *history)
{
	struct operation *op = &history->operation[below(history->operations)];
	unsigned int key = below(history->keys);

	switch (below(6)) {
	case 0:
		op->answer = op->answer == 0;
		break;
	case 1:
		if (!has_result(op) || op->answer < 0)
			break;
		op->result = below(VALUES + 1);
		if (op->kind != OP_LOAD_OR_STORE)
			op->answer = op->result != 0;
		break;
	case 2:
		op->visited[key] = below(VALUES + 1);
		op->visits[key] = (unsigned char)(below(8) ? op->visited[key] != 0 : 2);
		op->counted = below(history->keys + history->others + 2);
		break;
	case 3:
		op->value = 1 + below(VALUES);
		op->expected = 1 + below(VALUES);
		break;
	case 4:
		if (op->returned != FOREVER)
			op->invoked = op->returned = (op->invoked + op->returned) / 2;
		break;
	case 5:
		history->initial[key] = below(VALUES + 1);
		break;
	}
}

/* The brute does not look whether an answer is one that the function can give. */
static bool answers_fit(const struct history *history)
{
	for (unsigned int i = 0; i < history->operations; i++) {
		const struct operation *op = &history->operation[i];

		if (op->returned == FOREVER || op->kind == OP_COUNT || op->kind == OP_RANGE)
			continue;
		if (op->kind == OP_LOAD_OR_STORE && op->answer == 0 && op->result != op->value)
			return false;
		if ((op->kind == OP_STORE || op->kind == OP_CLEAR) && op->answer > 0)
			return false;
	}
	return true;
}

static void both_judges_agree(void **state)
{
	struct history history;
	unsigned int verdicts[2] = {0, 0};

	(void)state;
	for (unsigned int i = 0; i < 200000; i++) {
		bool verdict;

		make_good(&history, 1 + below(2), 1 + below(5), 1 + below(6 * SPACING));
		for (uint32_t n = 1 + below(2); n; n--)
			mutate(&history);
		verdict = answers_fit(&history) && brute_judge(&history);
		verdicts[verdict]++;
		if (lin_judge(&history) != verdict) {
			history_print(stderr, &history);
			fail_msg("history %u is %s by the brute", i, verdict ? "good" : "bad");
		}
	}
	print_message("of the mutated histories, %u were good and %u bad\n", verdicts[1],
		      verdicts[0]);
	assert_true(verdicts[0] > 20000 && verdicts[1] > 20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_histories_are_accepted),
		cmocka_unit_test(long_histories_are_judged),
		cmocka_unit_test(both_judges_agree),
	};

	return cmocka_run_group_tests_name("lin_random", tests, NULL, NULL);
}
