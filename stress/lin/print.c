/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Prints a history for people: one line for each operation, as a call with its answer.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "lin.h"

static const char *const names[OP_KINDS] = {
	[OP_LOAD] = "load",
	[OP_STORE] = "store",
	[OP_SWAP] = "swap",
	[OP_LOAD_OR_STORE] = "load_or_store",
	[OP_LOAD_AND_DELETE] = "load_and_delete",
	[OP_DELETE] = "delete",
	[OP_COMPARE_AND_SWAP] = "compare_and_swap",
	[OP_COMPARE_AND_DELETE] = "compare_and_delete",
	[OP_CLEAR] = "clear",
	[OP_RANGE] = "range",
	[OP_COUNT] = "count",
};

const char *operation_name(enum operation_kind kind)
{
	return names[kind];
}

static void print_arguments(FILE *to, const struct operation *op)
{
	switch (op->kind) {
	case OP_LOAD:
	case OP_LOAD_AND_DELETE:
	case OP_DELETE:
		fprintf(to, "(k%u)", op->key);
		break;
	case OP_STORE:
	case OP_SWAP:
	case OP_LOAD_OR_STORE:
		fprintf(to, "(k%u, %" PRIu32 ")", op->key, op->value);
		break;
	case OP_COMPARE_AND_SWAP:
		fprintf(to, "(k%u, %" PRIu32 ", %" PRIu32 ")", op->key, op->expected, op->value);
		break;
	case OP_COMPARE_AND_DELETE:
		fprintf(to, "(k%u, %" PRIu32 ")", op->key, op->expected);
		break;
	default:
		fprintf(to, "()");
		break;
	}
}

static void print_visits(FILE *to, const struct operation *op, unsigned int keys)
{
	for (unsigned int key = 0; key < keys; key++) {
		if (op->visits[key])
			fprintf(to, " k%u=%" PRIu32, key, op->visited[key]);
		if (op->visits[key] > 1)
			fprintf(to, " (%u times)", op->visits[key]);
	}
}

static void print_answer(FILE *to, const struct history *history, const struct operation *op)
{
	if (op->returned == UINT64_MAX)
		fprintf(to, " never returned");
	else if (op->kind == OP_COUNT)
		fprintf(to, " = %" PRIu32, op->counted);
	else if (op->answer < 0)
		fprintf(to, " = %d (%s)", op->answer, strerror(-op->answer));
	else
		fprintf(to, " = %d", op->answer);
	if (op->result)
		fprintf(to, ", %" PRIu32, op->result);
	if (op->kind == OP_RANGE)
		print_visits(to, op, history->keys);
}

static void print_operation(FILE *to, const struct history *history, const struct operation *op)
{
	char returned[24] = "-";

	if (op->returned != UINT64_MAX)
		snprintf(returned, sizeof(returned), "%" PRIu64, op->returned);
	fprintf(to, "  %8" PRIu64 " %8s  thread %u: ", op->invoked, returned, op->thread);
	fprintf(to, "%s", (unsigned int)op->kind < OP_KINDS ? names[op->kind] : "?");
	print_arguments(to, op);
	print_answer(to, history, op);
	fprintf(to, "\n");
}

/* The operation that comes after @last by invocation, then by place; NULL: that was all. */
static const struct operation *next_invoked(const struct history *history,
					    const struct operation *last)
{
	const struct operation *next = NULL;

	for (unsigned int i = 0; i < history->operations; i++) {
		const struct operation *op = &history->operation[i];

		if (last &&
		    (op->invoked < last->invoked || (op->invoked == last->invoked && op <= last)))
			continue;
		if (!next || op->invoked < next->invoked)
			next = op;
	}
	return next;
}

void history_print(FILE *to, const struct history *history)
{
	fprintf(to, "  at first:");
	for (unsigned int key = 0; key < history->keys; key++)
		fprintf(to, " k%u=%" PRIu32, key, history->initial[key]);
	if (history->others)
		fprintf(to, ", and %" PRIu32 " others", history->others);
	fprintf(to, "\n   invoked returned\n");
	for (const struct operation *op = next_invoked(history, NULL); op;
	     op = next_invoked(history, op))
		print_operation(to, history, op);
}
