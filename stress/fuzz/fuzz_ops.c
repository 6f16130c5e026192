/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * fuzz_ops.c - turns bytes into operations on a map, each of which is checked against a naive one.
 *
 * The first bytes choose the shape of the map (shape.h); then each step is a byte for the operation
 * and some for its arguments. All public operations are among them, with wrong arguments, too, in
 * sections, in visit callbacks and in value_free, and the rekey that the library does not call yet.
 * Other steps make memory run out, run callbacks, and open and close sections. At the end
 * everything must be freed, and each value once.
 *
 * One thread does it all (toy.h), so that an input does the same each time: what races is for
 * others to find.
 */
#include "fuzz.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "steps.h"

enum { EFFORT_MAX = 20000 };

void fuzz_fail(const char *file, int line, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%d: ", file, line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
	abort();
}

void fuzz_trace(const char *format, ...)
{
	static int wanted = -1;
	va_list args;

	if (wanted < 0)
		wanted = !!getenv("FUZZ_TRACE");
	if (!wanted)
		return;
	fprintf(stderr, "%*s", 2 * (int)fuzz.nested, "");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
}

static const struct {
	const char *name;
	void (*run)(void);
} steps[] = {
	{"load", step_load},
	{"store", step_store},
	{"swap", step_swap},
	{"load_or_store", step_load_or_store},
	{"load_and_delete", step_load_and_delete},
	{"delete", step_delete},
	{"compare_and_swap", step_compare_and_swap},
	{"compare_and_swap to itself", step_compare_and_swap_self},
	{"compare_and_delete", step_compare_and_delete},
	{"range", step_range},
	{"clear", step_clear},
	{"count", step_count},
	{"check", step_check},
	{"drain", step_drain},
	{"wrong arguments", step_wrong},
	{"store a run", step_store_run},
	{"delete a run", step_delete_run},
	{"load a run", step_load_run},
	{"rekey", step_rekey},
	{"let allocations fail", step_fail_mask},
	{"let one allocation fail", step_fail_nth},
	{"run callbacks", step_callbacks},
	{"open a section", step_open},
	{"close a section", step_close},
	{"another map", step_replace_map},
	{"destroy_wait", step_destroy_wait},
};

void step(void)
{
	size_t n = take() % (sizeof(steps) / sizeof(*steps));

	if (!fuzz.effort || !value_room())
		return;
	fuzz.effort--;
	fuzz_trace("%s", steps[n].name);
	steps[n].run();
	key_spoil();
}

static void begin(const uint8_t *data, size_t size)
{
	memset(&fuzz, 0, sizeof(fuzz));
	fuzz.input = (struct input){data, data + size};
	fuzz.effort = EFFORT_MAX;
	shape_take(&fuzz.shape, &fuzz.input);
	supply_begin();
	toy_begin(fuzz.shape.style);
	model_begin(&fuzz.model);
	make_map();
}

/* All contents, all invariants; then all that was made is freed. */
static void end(void)
{
	while (fuzz.sections)
		step_close();
	memory_fail_mask(0);
	memory_fail_nth(0);
	for (unsigned int number = 0; number < fuzz.shape.keys; number++)
		load_key(number);
	step_check();
	model_clear(&fuzz.model, toy_now());
	fuzz.dying = true;
	fuzz_check(rcumap_destroy_wait(fuzz.map) == 0, "destroy_wait");
	while (toy_run(0))
		;
	supply_end();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	begin(data, size);
	while (!input_ended(&fuzz.input))
		step();
	end();
	return 0;
}
