/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The judge: a search for an order of the operations that explains all answers (Wing and Gong),
 * which never visits a position twice.
 *
 * Why what it finds is right
 *   Parts. The search works on parts of operations. All operations but range are one part. Range
 *   promises something for each key alone: the value with which it visits a key is one that the key
 *   had at an instant of the call, and a key that it leaves out was absent at an instant of the
 *   call (else it was present throughout). It says nothing of the order of these instants. So a
 *   range is one load for each key, all with the interval of the call. One that ended early says
 *   nothing of the keys that it had not visited.
 *   Locality. A history of several objects is linearizable if and only if the history of each
 *   object is (Herlihy and Wing). If no part is about more than one key, keys are such objects, and
 *   each is searched alone. Clear and count are about all keys: with one of them, the whole map is
 *   the object.
 *   Order. What returned before another was invoked precedes it. So the next part can be any whose
 *   invocation is not after the first return among those that are left.
 *   Memory. What can still follow depends on which parts are done and on the values of the keys,
 *   and on nothing else; a position that has failed once fails again.
 *   Reads. A part that changes nothing, may come next and is explained by the values as they are,
 *   is taken at once, without trying the alternatives: take any order that explains all answers,
 *   and move the part forward to here. Nothing between read what it wrote, since it wrote nothing;
 *   all that must precede it is done; so that order explains all answers, too.
 *   Pending. An operation that never returned has no answer to explain. It may be taken wherever it
 *   would change something, or left out.
 */
#include "lin.h"

#include <stdlib.h>
#include <string.h>

enum { PARTS = HISTORY_OPERATIONS * HISTORY_KEYS, PARTS_PER_WORD = 64 };

struct part {
	struct operation op;
	bool pending;	    /* never returned */
	bool reads;	    /* changes nothing, whatever the values are */
	unsigned int slack; /* count: how far it may be off */
};

/* How far the search has come: which parts are done, and the values that they have left. */
struct position {
	uint64_t done[PARTS / PARTS_PER_WORD];
	uint32_t value[HISTORY_KEYS];
};

/* The positions that the search has been at: a hash set with linear probing. */
struct memo {
	struct position *at;
	bool *used;
	size_t size, count; /* a power of two, or 0; at most half of it */
};

struct search {
	const struct history *history;
	unsigned int parts;
	struct part part[PARTS];
	const struct part *order[PARTS]; /* by invocation */
	struct position end;		 /* .done: all parts but the pending ones */
	struct memo memo;
};

static bool is_pending(const struct operation *op)
{
	return op->returned == UINT64_MAX;
}

/* Whether the function may answer that, with that result. */
static bool answer_is_possible(const struct operation *op)
{
	switch (op->kind) {
	case OP_LOAD:
	case OP_LOAD_AND_DELETE:
		return op->answer == (op->result != 0);
	case OP_STORE:
	case OP_CLEAR:
		return op->answer <= 0;
	case OP_SWAP:
		return op->answer < 0 ? !op->result : op->answer == (op->result != 0);
	case OP_LOAD_OR_STORE:
		if (op->answer == 0)
			return op->result == op->value;
		return op->answer == 1 ? op->result != 0 : op->answer < 0 && !op->result;
	case OP_DELETE:
	case OP_COMPARE_AND_DELETE:
		return op->answer == 0 || op->answer == 1;
	case OP_COMPARE_AND_SWAP:
		return op->answer <= 1;
	case OP_RANGE:
	case OP_COUNT:
		return true;
	default:
		return false;
	}
}

/* Each key at most once, with a value. */
static bool visits_are_possible(const struct operation *op, unsigned int keys)
{
	for (unsigned int key = 0; key < keys; key++)
		if (op->visits[key] != (op->visited[key] != 0))
			return false;
	return true;
}

static bool is_about_all_keys(const struct operation *op)
{
	return op->kind == OP_CLEAR || op->kind == OP_RANGE || op->kind == OP_COUNT;
}

static bool operation_is_possible(const struct operation *op, unsigned int keys)
{
	if (op->invoked > op->returned || (op->key >= keys && !is_about_all_keys(op)))
		return false;
	if (op->kind == OP_RANGE)
		return visits_are_possible(op, keys);
	return is_pending(op) || answer_is_possible(op);
}

/* Whether the operation has inserted, deleted or cleared something, or may have. */
static bool may_count(const struct operation *op)
{
	if (!is_pending(op) && op->answer < 0)
		return false;
	switch (op->kind) {
	case OP_STORE:
	case OP_CLEAR:
		return true;
	case OP_SWAP:
	case OP_LOAD_OR_STORE:
		return is_pending(op) || op->answer == 0;
	case OP_LOAD_AND_DELETE:
	case OP_DELETE:
	case OP_COMPARE_AND_DELETE:
		return is_pending(op) || op->answer == 1;
	default:
		return false;
	}
}

static unsigned int count_slack(const struct history *history, const struct operation *count)
{
	unsigned int slack = 0;

	for (unsigned int i = 0; i < history->operations; i++) {
		const struct operation *op = &history->operation[i];

		slack += op->invoked <= count->returned && op->returned >= count->invoked &&
			 may_count(op);
	}
	return slack;
}

/* Whether an operation with that answer can't have changed anything. */
static bool only_reads(const struct operation *op)
{
	switch (op->kind) {
	case OP_LOAD:
	case OP_RANGE:
	case OP_COUNT:
		return true;
	case OP_STORE:
	case OP_SWAP:
	case OP_CLEAR:
		return false;
	case OP_LOAD_OR_STORE:
		return !is_pending(op) && op->answer == 1;
	default:
		return !is_pending(op) && op->answer == 0;
	}
}

/*
 * What an operation does to the value of its key
 */

static bool answer_fits(const struct operation *op, uint32_t was)
{
	switch (op->kind) {
	case OP_LOAD:
	case OP_SWAP:
	case OP_LOAD_AND_DELETE:
		return op->result == was;
	case OP_LOAD_OR_STORE:
		return op->answer ? op->result == was : was == 0;
	case OP_DELETE:
		return op->answer == (was != 0);
	case OP_COMPARE_AND_SWAP:
	case OP_COMPARE_AND_DELETE:
		return op->answer == (was == op->expected);
	default:
		return true;
	}
}

static uint32_t value_after(const struct operation *op, uint32_t was)
{
	switch (op->kind) {
	case OP_STORE:
	case OP_SWAP:
		return op->value;
	case OP_LOAD_OR_STORE:
		return was ? was : op->value;
	case OP_LOAD_AND_DELETE:
	case OP_DELETE:
		return 0;
	case OP_COMPARE_AND_SWAP:
		return was == op->expected ? op->value : was;
	case OP_COMPARE_AND_DELETE:
		return was == op->expected ? 0 : was;
	default:
		return was;
	}
}

/*
 * Positions
 */

static bool count_fits(const struct search *s, const struct part *p, const struct position *at)
{
	int64_t size = s->history->others, off;

	for (unsigned int key = 0; key < HISTORY_KEYS; key++)
		size += at->value[key] != 0;
	off = size - (int64_t)p->op.counted;
	return off <= (int64_t)p->slack && -off <= (int64_t)p->slack;
}

static bool part_fits(const struct search *s, const struct part *p, const struct position *at)
{
	if (p->pending && !p->reads)
		return true;
	if (p->op.kind == OP_COUNT)
		return count_fits(s, p, at);
	return p->op.kind == OP_CLEAR || answer_fits(&p->op, at->value[p->op.key]);
}

static bool part_done(const struct position *at, unsigned int i)
{
	return at->done[i / PARTS_PER_WORD] >> i % PARTS_PER_WORD & 1;
}

static void mark_done(struct position *at, unsigned int i)
{
	at->done[i / PARTS_PER_WORD] |= (uint64_t)1 << i % PARTS_PER_WORD;
}

/* Takes part @i of the order, which changes values. Returns whether they are others now. */
static bool take(const struct search *s, struct position *at, unsigned int i)
{
	const struct operation *op = &s->order[i]->op;
	uint32_t before[HISTORY_KEYS];

	memcpy(before, at->value, sizeof(before));
	if (op->kind == OP_CLEAR)
		memset(at->value, 0, sizeof(at->value));
	else
		at->value[op->key] = value_after(op, at->value[op->key]);
	mark_done(at, i);
	return memcmp(before, at->value, sizeof(before)) != 0;
}

/* The parts that can come next; returns how many. */
static unsigned int enabled_parts(const struct search *s, const struct position *at,
				  unsigned char enabled[PARTS])
{
	uint64_t first_return = UINT64_MAX;
	unsigned int n = 0;

	for (unsigned int i = 0; i < s->parts && s->order[i]->op.invoked <= first_return; i++) {
		if (part_done(at, i))
			continue;
		enabled[n++] = (unsigned char)i;
		if (s->order[i]->op.returned < first_return)
			first_return = s->order[i]->op.returned;
	}
	return n;
}

/* Takes all reads that the values explain. Returns how many parts are in @enabled afterwards. */
static unsigned int take_reads(const struct search *s, struct position *at,
			       unsigned char enabled[PARTS])
{
	unsigned int n;
	bool again;

	do {
		again = false;
		n = enabled_parts(s, at, enabled);
		for (unsigned int i = 0; i < n; i++) {
			const struct part *p = s->order[enabled[i]];

			if (p->reads && part_fits(s, p, at)) {
				mark_done(at, enabled[i]);
				again = true;
			}
		}
	} while (again);
	return n;
}

/*
 * The memory
 */

static uint64_t position_hash(const struct position *at)
{
	const uint64_t odd = 0x9e3779b97f4a7c15;
	uint64_t words[sizeof(*at) / sizeof(uint64_t)], hash = 0;

	memcpy(words, at, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		hash = (hash ^ words[i]) * odd;
		hash ^= hash >> 32;
	}
	return hash;
}

/* The place of @at in the set, or the empty one where it belongs. */
static size_t memo_find(const struct memo *memo, const struct position *at)
{
	size_t i = position_hash(at) & (memo->size - 1);

	while (memo->used[i] && memcmp(&memo->at[i], at, sizeof(*at)))
		i = (i + 1) & (memo->size - 1);
	return i;
}

static void memo_free(struct memo *memo)
{
	free(memo->at);
	free(memo->used);
}

/* Makes room for more. If there is no memory, all stays as it was. */
static void memo_grow(struct memo *memo)
{
	struct memo more = {.size = memo->size ? 4 * memo->size : 64, .count = memo->count};

	more.at = malloc(more.size * sizeof(*more.at));
	more.used = calloc(more.size, sizeof(*more.used));
	if (!more.at || !more.used) {
		memo_free(&more);
		return;
	}
	for (size_t i = 0; i < memo->size; i++) {
		size_t to = memo->used[i] ? memo_find(&more, &memo->at[i]) : 0;

		if (!memo->used[i])
			continue;
		more.at[to] = memo->at[i];
		more.used[to] = true;
	}
	memo_free(memo);
	*memo = more;
}

/* Whether the search was at @at before; from now on it was. What is not remembered costs time. */
static bool memo_seen(struct memo *memo, const struct position *at)
{
	size_t i;

	if (2 * memo->count >= memo->size)
		memo_grow(memo);
	if (!memo->size)
		return false;
	i = memo_find(memo, at);
	if (memo->used[i])
		return true;
	if (2 * memo->count < memo->size) {
		memo->at[i] = *at;
		memo->used[i] = true;
		memo->count++;
	}
	return false;
}

/*
 * The search
 */

static bool at_end(const struct search *s, const struct position *at)
{
	for (unsigned int i = 0; i < PARTS / PARTS_PER_WORD; i++)
		if (s->end.done[i] & ~at->done[i])
			return false;
	return true;
}

/* Whether all that is left at @at can be explained. */
static bool explain(struct search *s, struct position at)
{
	unsigned char enabled[PARTS];
	unsigned int n = take_reads(s, &at, enabled);

	if (at_end(s, &at))
		return true;
	if (memo_seen(&s->memo, &at))
		return false;
	for (unsigned int i = 0; i < n; i++) {
		const struct part *p = s->order[enabled[i]];
		struct position next = at;

		if (p->reads || !part_fits(s, p, &at))
			continue;
		if (!take(s, &next, enabled[i]) && p->pending)
			continue; /* as good as left out */
		if (explain(s, next))
			return true;
	}
	return false;
}

static void add_part(struct search *s, const struct operation *op)
{
	struct part *p = &s->part[s->parts];
	unsigned int i = s->parts++;

	*p = (struct part){.op = *op, .pending = is_pending(op), .reads = only_reads(op)};
	if (op->kind == OP_COUNT)
		p->slack = count_slack(s->history, op);
	for (; i && s->order[i - 1]->op.invoked > op->invoked; i--)
		s->order[i] = s->order[i - 1];
	s->order[i] = p;
}

/* Adds what a range says of @key: as a load, unless it ended before it could say anything. */
static void add_visit(struct search *s, const struct operation *range, unsigned int key)
{
	struct operation load = {
		.kind = OP_LOAD,
		.key = key,
		.invoked = range->invoked,
		.returned = range->returned,
		.result = range->visited[key],
	};

	if (range->visits[key] || (!is_pending(range) && range->answer == 0))
		add_part(s, &load);
}

/* Adds the parts of @op that are about keys from @first to before @end. */
static void add_operation(struct search *s, const struct operation *op, unsigned int first,
			  unsigned int end)
{
	if (op->kind == OP_RANGE) {
		for (unsigned int key = first; key < end; key++)
			add_visit(s, op, key);
		return;
	}
	if (is_pending(op) ? only_reads(op) : op->answer < 0)
		return; /* it says nothing, and has changed nothing */
	if (is_about_all_keys(op) || (op->key >= first && op->key < end))
		add_part(s, op);
}

/* Judges what is about keys from @first to before @end. */
static bool judge_keys(struct search *s, unsigned int first, unsigned int end)
{
	const struct history *history = s->history;
	struct position start = {.done = {0}};
	bool explained;

	s->parts = 0;
	s->end = start;
	s->memo = (struct memo){.size = 0};
	for (unsigned int i = 0; i < history->operations; i++)
		add_operation(s, &history->operation[i], first, end);
	for (unsigned int i = 0; i < s->parts; i++)
		if (!s->order[i]->pending || s->order[i]->reads)
			mark_done(&s->end, i);
	for (unsigned int key = first; key < end; key++)
		start.value[key] = history->initial[key];
	explained = explain(s, start);
	memo_free(&s->memo);
	return explained;
}

/* A history may say that there are further keys, but not what becomes of them. */
static bool others_are_cleared(const struct history *history)
{
	bool cleared = false;

	for (unsigned int i = 0; i < history->operations; i++)
		cleared |=
			history->operation[i].kind == OP_CLEAR && may_count(&history->operation[i]);
	return cleared && history->others;
}

bool lin_judge(const struct history *history)
{
	bool keys_are_objects = true;
	struct search s;

	if (!history->keys || history->keys > HISTORY_KEYS ||
	    history->operations > HISTORY_OPERATIONS || others_are_cleared(history))
		return false;
	for (unsigned int i = 0; i < history->operations; i++) {
		const struct operation *op = &history->operation[i];

		if (!operation_is_possible(op, history->keys))
			return false;
		if (op->kind == OP_CLEAR || op->kind == OP_COUNT)
			keys_are_objects = false;
	}

	s.history = history;
	if (!keys_are_objects)
		return judge_keys(&s, 0, history->keys);
	for (unsigned int key = 0; key < history->keys; key++)
		if (!judge_keys(&s, key, key + 1))
			return false;
	return true;
}
