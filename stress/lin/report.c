/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * See report.h. A counter that is required here and did not move says that a run has not tried what
 * it is for.
 */
#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "memory.h"

/* Seams that only a few histories in a hundred thousand come to are not required. */
static const struct {
	enum rcumap_seam seam;
	const char *name;
	bool required;
} seams[] = {
	{SEAM_GROW, "grown", true},
	{SEAM_SHRINK, "shrunk", true},
	{SEAM_RENEW, "rekeyed", true},
	{SEAM_COPIED, "buckets moved", true},
	{SEAM_FOLLOW, "moves followed", true},
	{SEAM_PROMOTED, "promotions", true},
	{SEAM_PROMOTE_LOST, "promotions lost to a clear", false},
	{SEAM_UNDO, "moves undone", true},
	{SEAM_CHAINED, "chains followed", true},
	{SEAM_PUT_PRESENT, "inserts too late", true},
	{SEAM_PUT_DELETED, "stores on a deleted entry", false},
	{SEAM_VALUE_RETRY, "swaps again", false},
	{SEAM_VALUE_LOST, "swaps lost", true},
	{SEAM_REMOVE_LOST, "deletes lost", true},
	{SEAM_RANGE_FINISH, "ranges on an amended map", true},
};

static const struct {
	enum operation_kind kind;
	const char *name;
} kinds[] = {
	{OP_LOAD, "hits"},
	{OP_SWAP, "replaced"},
	{OP_LOAD_OR_STORE, "loaded, not stored"},
	{OP_LOAD_AND_DELETE, "deleted with value"},
	{OP_DELETE, "deleted"},
	{OP_COMPARE_AND_SWAP, "compared and swapped"},
	{OP_COMPARE_AND_DELETE, "compared and deleted"},
};

static bool about_same_key(const struct operation *a, const struct operation *b)
{
	bool all = a->kind == OP_CLEAR || a->kind == OP_RANGE || a->kind == OP_COUNT ||
		   b->kind == OP_CLEAR || b->kind == OP_RANGE || b->kind == OP_COUNT;

	return all || a->key == b->key;
}

bool history_overlaps(const struct history *history)
{
	for (unsigned int i = 0; i < history->operations; i++) {
		const struct operation *a = &history->operation[i];

		for (unsigned int j = i + 1; j < history->operations; j++) {
			const struct operation *b = &history->operation[j];

			if (a->thread != b->thread && about_same_key(a, b) &&
			    a->invoked <= b->returned && b->invoked <= a->returned)
				return true;
		}
	}
	return false;
}

void report_add(struct report *report, struct player *player)
{
	struct player *total = &report->total;

	for (unsigned int i = 0; i < SEAMS; i++)
		total->nudge.passed[i] += player->nudge.passed[i];
	for (unsigned int i = 0; i < OP_KINDS; i++) {
		total->answers[i][0] += player->answers[i][0];
		total->answers[i][1] += player->answers[i][1];
	}
	total->no_memory += player->no_memory;
	memset(player->nudge.passed, 0, sizeof(player->nudge.passed));
	memset(player->answers, 0, sizeof(player->answers));
	player->no_memory = 0;
}

static bool print_counter(const char *name, uint64_t count, bool required)
{
	bool missing = required && !count;

	printf("  %-28s %12" PRIu64 "%s\n", name, count, missing ? "  should have moved" : "");
	return !missing;
}

bool report_print(const struct report *report, bool all_profiles)
{
	const struct player *total = &report->total;
	bool moved = true;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const uint64_t *answers = total->answers[kinds[i].kind];

		moved &= print_counter(kinds[i].name, answers[1], all_profiles);
		moved &= print_counter("  or not", answers[0], all_profiles);
	}
	moved &= print_counter("stores", total->answers[OP_STORE][0], all_profiles);
	moved &= print_counter("clears", total->answers[OP_CLEAR][0], all_profiles);
	moved &= print_counter("ranges", total->answers[OP_RANGE][0], all_profiles);
	moved &= print_counter("counts", total->answers[OP_COUNT][0], all_profiles);
	for (size_t i = 0; i < sizeof(seams) / sizeof(seams[0]); i++)
		moved &= print_counter(seams[i].name, total->nudge.passed[seams[i].seam],
				       all_profiles && seams[i].required);
	moved &= print_counter("allocations refused", memory_refused(), all_profiles);
	moved &= print_counter("out of memory", total->no_memory, all_profiles);
	moved &= print_counter("overlapping histories", report->overlapped, true);
	return moved;
}
