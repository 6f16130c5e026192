/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * What the steps have in common: their arguments, taken from the input, and what a call may answer.
 */
#include "steps.h"

#include <errno.h>

enum { NESTED_MAX = 3 };

struct fuzz fuzz;

unsigned int take(void)
{
	return input_byte(&fuzz.input);
}

/* Keys of a step are the first 256; runs of keys reach the others. */
unsigned int take_key(void)
{
	return take() % fuzz.shape.keys;
}

/* A value that the map does not have. */
struct value *other_value(void)
{
	static struct value never = {.state = VALUE_OURS};

	return &never;
}

/* As @old of a comparison: the right one, another one that is in the map, or one that never was. */
struct value *take_old(unsigned int key)
{
	unsigned int byte = take();

	if (byte % 4 == 0)
		return other_value();
	if (byte % 4 == 1 && fuzz.model.value[byte % fuzz.shape.keys])
		return fuzz.model.value[byte % fuzz.shape.keys];
	return fuzz.model.value[key] ? fuzz.model.value[key] : other_value();
}

struct call call_begin(void)
{
	return (struct call){toy_now(), memory_failed()};
}

/* Whether the call gave up for want of memory, which it may only if there was none. */
bool call_starved(const struct call *call, int answer)
{
	fuzz_check(answer != -ENOMEM || memory_failed() > call->failed, "-ENOMEM for no reason");
	return answer == -ENOMEM;
}

void check_answer(const char *what, unsigned int key, int answer, int want)
{
	fuzz_check(answer == want, "%s of key %u is %d, not %d", what, key, answer, want);
}

void check_pointer(const char *what, unsigned int key, const void *got, const void *want)
{
	fuzz_check(got == want, "%s of key %u gives %p, not %p", what, key, got, want);
}

/* Steps of a visit, or of value_free: so many of the input as the step that led here has said. */
void nested_steps(void)
{
	if (fuzz.nested == NESTED_MAX || fuzz.dying)
		return;
	fuzz.nested++;
	while (fuzz.steps_in && !input_ended(&fuzz.input)) {
		fuzz.steps_in--;
		step();
	}
	fuzz.nested--;
}

/* Sections of memb's kind forbid to wait; qsbr's end for as long. */
bool may_wait(void)
{
	return !fuzz.nested && !(fuzz.sections && fuzz.shape.style.face == TOY_MEMB);
}
