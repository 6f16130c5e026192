/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Steps: the operations on a key, one or a run of them.
 */
#include "steps.h"

#include <errno.h>

void load_key(unsigned int number)
{
	struct key key = key_make(&fuzz.shape, number);
	bool open = !toy_in_section();
	void *value;

	if (open)
		toy_open();
	value = rcumap_load(fuzz.map, key.bytes, key.len);
	check_pointer("load", number, value, fuzz.model.value[number]);
	if (open)
		toy_close();
}

void step_load(void)
{
	load_key(take_key());
}

/* What a store of @number may answer: -ENOMEM for an entry, or for a note. */
static bool put_may_starve(unsigned int number)
{
	return !fuzz.model.value[number] || fuzz.shape.values == VALUES_NOTED;
}

/* Whether the put failed, as it may. */
static bool put_starved(const struct call *call, unsigned int number, int answer)
{
	return put_may_starve(number) && call_starved(call, answer);
}

static void store_key(unsigned int number)
{
	struct key key = key_make(&fuzz.shape, number);
	struct value *value = value_new(number);
	struct call call = call_begin();
	int answer = rcumap_store(fuzz.map, key.bytes, key.len, value);

	if (put_starved(&call, number, answer))
		return;
	check_answer("store", number, answer, 0);
	model_set(&fuzz.model, number, value, call.began);
}

void step_store(void)
{
	store_key(take_key());
}

void step_swap(void)
{
	unsigned int number = take_key();
	struct key key = key_make(&fuzz.shape, number);
	struct value *was = fuzz.model.value[number], *value = value_new(number);
	void *old = &fuzz;
	struct call call = call_begin();
	int answer = rcumap_swap(fuzz.map, key.bytes, key.len, value, &old);

	if (put_starved(&call, number, answer)) {
		check_pointer("failed swap", number, old, NULL);
		return;
	}
	check_answer("swap", number, answer, !!was);
	check_pointer("swap", number, old, was);
	model_set(&fuzz.model, number, value, call.began);
}

void step_load_or_store(void)
{
	unsigned int number = take_key();
	struct key key = key_make(&fuzz.shape, number);
	struct value *was = fuzz.model.value[number], *value = value_new(number);
	void *actual = &fuzz;
	struct call call = call_begin();
	int answer = rcumap_load_or_store(fuzz.map, key.bytes, key.len, value, &actual);

	if (!was && call_starved(&call, answer)) {
		check_pointer("failed load_or_store", number, actual, NULL);
		return;
	}
	check_answer("load_or_store", number, answer, !!was);
	check_pointer("load_or_store", number, actual, was ? was : value);
	if (!was)
		model_set(&fuzz.model, number, value, call.began);
}

void step_load_and_delete(void)
{
	unsigned int number = take_key();
	struct key key = key_make(&fuzz.shape, number);
	struct value *was = fuzz.model.value[number];
	void *old = &fuzz;
	struct call call = call_begin();
	int answer = rcumap_load_and_delete(fuzz.map, key.bytes, key.len, &old);

	check_answer("load_and_delete", number, answer, !!was);
	check_pointer("load_and_delete", number, old, was);
	if (was)
		model_set(&fuzz.model, number, NULL, call.began);
}

static void delete_key(unsigned int number)
{
	struct key key = key_make(&fuzz.shape, number);
	bool present = fuzz.model.value[number];
	struct call call = call_begin();

	check_answer("delete", number, rcumap_delete(fuzz.map, key.bytes, key.len), present);
	if (present)
		model_set(&fuzz.model, number, NULL, call.began);
}

void step_delete(void)
{
	delete_key(take_key());
}

void step_compare_and_swap(void)
{
	unsigned int number = take_key();
	struct key key = key_make(&fuzz.shape, number);
	struct value *old = take_old(number), *value = value_new(number);
	bool same = old == fuzz.model.value[number];
	struct call call = call_begin();
	int answer = rcumap_compare_and_swap(fuzz.map, key.bytes, key.len, old, value);

	if (same && fuzz.shape.values == VALUES_NOTED && call_starved(&call, answer))
		return;
	check_answer("compare_and_swap", number, answer, same);
	if (same)
		model_set(&fuzz.model, number, value, call.began);
}

/* From a value to itself: nothing leaves, nothing is needed. */
void step_compare_and_swap_self(void)
{
	unsigned int number = take_key();
	struct key key = key_make(&fuzz.shape, number);
	struct value *old = take_old(number);
	int answer = rcumap_compare_and_swap(fuzz.map, key.bytes, key.len, old, old);

	check_answer("compare_and_swap to itself", number, answer, old == fuzz.model.value[number]);
}

void step_compare_and_delete(void)
{
	unsigned int number = take_key();
	struct key key = key_make(&fuzz.shape, number);
	struct value *old = take_old(number);
	bool same = old == fuzz.model.value[number];
	struct call call = call_begin();
	int answer = rcumap_compare_and_delete(fuzz.map, key.bytes, key.len, old);

	check_answer("compare_and_delete", number, answer, same);
	if (same)
		model_set(&fuzz.model, number, NULL, call.began);
}

/* Calls @each for a run of keys, as many as @max. */
static void take_run(void (*each)(unsigned int number))
{
	unsigned int stretch = fuzz.shape.keys / 256;
	unsigned int first = take() * stretch, count = (take() + 1) * stretch;

	for (unsigned int i = 0; i < count && fuzz.effort && value_room(); i++, fuzz.effort--) {
		each((first + i) % fuzz.shape.keys);
		key_spoil();
	}
}

void step_store_run(void)
{
	take_run(store_key);
}

void step_delete_run(void)
{
	take_run(delete_key);
}

void step_load_run(void)
{
	take_run(load_key);
}
