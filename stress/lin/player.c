/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * See player.h. What an operation returned is read when the time of its return is written down, in
 * a section that was opened before; if there is nothing to read, operations go without it, too.
 */
#include "player.h"

#include <errno.h>
#include <string.h>

#include "../../lib/migrate.h"
#include "clock.h"

enum { FILLERS_APART = 1000 };

static uint64_t filler_key(const struct player *p, unsigned int n)
{
	return p->stage->first_key + (uint64_t)FILLERS_APART * (p->number + 1) + n;
}

static void *make_value(struct player *p, uint32_t *number)
{
	*number = ++p->serial * PLAYERS + p->number;
	return value_make(p->stage->values, *number);
}

/*
 * Range
 */

struct walk {
	const struct stage *stage;
	struct operation *op;
};

static int visit(const void *key, size_t len, void *value, void *ctx)
{
	const struct walk *walk = ctx;
	uint64_t n;

	memcpy(&n, key, len);
	n -= walk->stage->first_key;
	if (n < walk->stage->keys) {
		walk->op->visited[n] = value_number(walk->stage->values, value);
		walk->op->visits[n]++;
	}
	return 0;
}

/*
 * Operations. Each reads the clock just before and just after the call.
 */

static void do_all_keys(const struct player *p, struct operation *op)
{
	struct walk walk = {p->stage, op};
	struct rcumap *map = p->stage->map;

	op->invoked = clock_invoke(p->last_returned);
	if (op->kind == OP_CLEAR)
		op->answer = rcumap_clear(map);
	else if (op->kind == OP_RANGE)
		op->answer = rcumap_range(map, visit, &walk);
	else
		op->counted = (uint32_t)rcumap_count(map);
	op->returned = clock_return();
}

/* Load and the deletes: they bring no value. Returns the one that they found. */
static void *do_look(const struct player *p, struct operation *op, const uint64_t *key, void *old)
{
	struct rcumap *map = p->stage->map;
	void *result = NULL;

	op->invoked = clock_invoke(p->last_returned);
	if (op->kind == OP_LOAD) {
		result = rcumap_load(map, key, sizeof(*key));
		op->answer = result != NULL;
	} else if (op->kind == OP_LOAD_AND_DELETE) {
		op->answer = rcumap_load_and_delete(map, key, sizeof(*key), &result);
	} else if (op->kind == OP_DELETE) {
		op->answer = rcumap_delete(map, key, sizeof(*key));
	} else {
		op->answer = rcumap_compare_and_delete(map, key, sizeof(*key), old);
	}
	op->returned = clock_return();
	op->result = value_number(p->stage->values, result);
	return result;
}

/* Returns whether the map has taken the value. */
static bool do_put(const struct player *p, struct operation *op, const uint64_t *key, void *old,
		   void *value)
{
	struct rcumap *map = p->stage->map;
	void *result = NULL;

	op->invoked = clock_invoke(p->last_returned);
	if (op->kind == OP_STORE)
		op->answer = rcumap_store(map, key, sizeof(*key), value);
	else if (op->kind == OP_SWAP)
		op->answer = rcumap_swap(map, key, sizeof(*key), value, &result);
	else if (op->kind == OP_LOAD_OR_STORE)
		op->answer = rcumap_load_or_store(map, key, sizeof(*key), value, &result);
	else
		op->answer = rcumap_compare_and_swap(map, key, sizeof(*key), old, value);
	op->returned = clock_return();
	op->result = value_number(p->stage->values, result);
	if (op->kind == OP_SWAP)
		return op->answer >= 0;
	return op->answer == (op->kind == OP_COMPARE_AND_SWAP ? 1 : 0);
}

static void do_put_fresh(struct player *p, struct operation *op, const uint64_t *key, void *old)
{
	void *value = make_value(p, &op->value);

	if (!do_put(p, op, key, old, value))
		value_unmake(p->stage->values, value);
}

static void note_answer(struct player *p, const struct operation *op)
{
	p->last_returned = op->returned;
	if (op->answer >= 0)
		p->answers[op->kind][op->answer > 0]++;
	p->no_memory += op->answer == -ENOMEM;
	if (op->result)
		p->seen[op->key] = op->result;
	else if (op->value)
		p->seen[op->key] = op->value;
}

/* Returns the value that it found, if it only looks. */
static void *do_operation(struct player *p, struct operation *op)
{
	uint64_t key = p->stage->first_key + op->key;
	void *found = NULL;

	switch (op->kind) {
	case OP_CLEAR:
	case OP_RANGE:
	case OP_COUNT:
		do_all_keys(p, op);
		break;
	case OP_LOAD:
	case OP_LOAD_AND_DELETE:
	case OP_DELETE:
		found = do_look(p, op, &key, NULL);
		break;
	default:
		do_put_fresh(p, op, &key, NULL);
		break;
	}
	note_answer(p, op);
	return found;
}

/* @old is the value that op->expected names. */
static void do_compare(struct player *p, struct operation *op, void *old, bool same)
{
	uint64_t key = p->stage->first_key + op->key;

	if (op->kind == OP_COMPARE_AND_DELETE) {
		do_look(p, op, &key, old);
	} else if (same) {
		op->value = op->expected;
		do_put(p, op, &key, old, old);
	} else {
		do_put_fresh(p, op, &key, old);
	}
	note_answer(p, op);
}

void player_do(struct player *p, struct operation *op)
{
	const struct rcu_flavor_struct *rcu = p->stage->flavor->rcu;

	rcu->read_lock();
	do_operation(p, op);
	rcu->read_unlock();
}

void player_rekey(struct player *p)
{
	const struct rcu_flavor_struct *rcu = p->stage->flavor->rcu;

	rcu->read_lock();
	(void)rcumap__migrate_rekey_rcu(p->stage->map, rng_next(&p->rng));
	rcu->read_unlock();
}

/*
 * Steps
 */

static struct operation *next_record(struct player *p, enum operation_kind kind, unsigned int key)
{
	struct operation *op = &p->record[p->records++];

	*op = (struct operation){.kind = kind, .thread = p->number, .key = key};
	return op;
}

/*
 * A compare-and-... needs a value to compare with. Pointers to objects must have been loaded in the
 * same section, and that load is an operation, too.
 */
static void step_compare(struct player *p, const struct step *step)
{
	const struct rcu_flavor_struct *rcu = p->stage->flavor->rcu;
	uint32_t expected = p->seen[step->key];
	void *old = (void *)(uintptr_t)expected;
	struct operation *op;

	rcu->read_lock();
	if (!step->guess || p->stage->values != VALUE_NUMBER) {
		op = next_record(p, OP_LOAD, step->key);
		old = do_operation(p, op);
		expected = op->result;
	}
	if (old) {
		op = next_record(p, step->kind, step->key);
		op->expected = expected;
		do_compare(p, op, old, step->same);
	}
	rcu->read_unlock();
}

static void store_filler(struct player *p)
{
	uint64_t key = filler_key(p, p->fillers);
	uint32_t unused;
	void *value = make_value(p, &unused);

	if (rcumap_store(p->stage->map, &key, sizeof(key), value))
		value_unmake(p->stage->values, value);
	p->fillers++;
	if (p->fillers == p->stage->profile->fillers)
		p->fewer = true;
}

static void delete_filler(struct player *p)
{
	uint64_t key = filler_key(p, p->fillers - 1);

	(void)rcumap_delete(p->stage->map, &key, sizeof(key));
	p->fillers--;
	if (!p->fillers)
		p->fewer = false;
}

static void step_fillers(struct player *p, unsigned int n)
{
	if (!p->stage->profile->fillers)
		return;
	for (; n; n--) {
		if (p->fewer)
			delete_filler(p);
		else
			store_filler(p);
	}
}

/* Whether nothing is read of a value that the operation returned. */
static bool needs_no_section(const struct player *p, enum operation_kind kind)
{
	switch (kind) {
	case OP_STORE:
	case OP_DELETE:
	case OP_CLEAR:
	case OP_RANGE:
	case OP_COUNT:
		return true;
	case OP_SWAP:
	case OP_LOAD_OR_STORE:
	case OP_LOAD_AND_DELETE:
		return p->stage->values == VALUE_NUMBER;
	default:
		return false;
	}
}

static void step_operation(struct player *p, const struct step *step)
{
	struct operation *op;

	if (step->kind == OP_COMPARE_AND_SWAP || step->kind == OP_COMPARE_AND_DELETE) {
		step_compare(p, step);
		return;
	}
	op = next_record(p, step->kind, step->key);
	if (step->bare && needs_no_section(p, step->kind))
		do_operation(p, op);
	else
		player_do(p, op);
}

static void step_do(struct player *p, const struct step *step)
{
	nudge_spin(&p->rng, step->wait);
	step_operation(p, step);
	step_fillers(p, step->fillers);
	if (step->rekey)
		player_rekey(p);
}

void player_run(struct player *p)
{
	nudge_me(&p->nudge);
	p->records = 0;
	for (unsigned int i = 0; i < p->steps; i++)
		step_do(p, &p->step[i]);
	nudge_me(NULL);
}
