/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The naive map; see model.h.
 */
#include "model.h"

#include <string.h>

void model_begin(struct model *model)
{
	memset(model, 0, sizeof(*model));
}

void model_set(struct model *model, unsigned int key, struct value *value, uint64_t when)
{
	struct value *was = model->value[key];

	model->value[key] = value;
	model->count += !was;
	model->count -= !value;
	if (was)
		value_leave(was, when);
	if (value)
		value_enter(value);
	for (struct walk *walk = model->walk; walk; walk = walk->outer)
		walk->touched[key] = true;
}

void model_clear(struct model *model, uint64_t when)
{
	for (unsigned int key = 0; key < KEYS_MAX; key++)
		if (model->value[key])
			model_set(model, key, NULL, when);
	for (struct walk *walk = model->walk; walk; walk = walk->outer)
		walk->cleared = true;
}

void walk_begin(struct model *model, struct walk *walk)
{
	memset(walk, 0, sizeof(*walk));
	walk->outer = model->walk;
	walk->began = toy_now();
	model->walk = walk;
}

/* After a clear it may show what was there before. */
static bool walk_may_see(const struct model *model, unsigned int key, const struct value *value)
{
	const struct walk *walk = model->walk;

	return value == model->value[key] ||
	       (walk->cleared && value->key == key && value->state == VALUE_LEFT &&
		value->left >= walk->began);
}

void walk_visit(struct model *model, unsigned int key, struct value *value)
{
	fuzz_check(walk_may_see(model, key, value), "key %u is visited with another value", key);
	fuzz_check(!model->walk->visits[key]++, "key %u is visited twice", key);
}

void walk_end(struct model *model, bool complete)
{
	const struct walk *walk = model->walk;

	for (unsigned int key = 0; complete && key < KEYS_MAX; key++)
		fuzz_check(walk->touched[key] || walk->visits[key] == !!model->value[key],
			   "key %u, %s throughout, is visited %u times", key,
			   model->value[key] ? "present" : "absent", walk->visits[key]);
	model->walk = walk->outer;
}
