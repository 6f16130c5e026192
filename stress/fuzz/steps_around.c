/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Steps: what goes on around the map: memory that fails, callbacks that run, sections, and what was
 * seen in them.
 */
#include "steps.h"

#include <string.h>

enum { SECTIONS_MAX = 3 };

/* Remembers what a visit inside a section of the caller's has shown. */
void keep(const void *key, unsigned int number, const struct value *value)
{
	if (fuzz.sections && !toy_in_callback() && fuzz.kept_count < KEPT_MAX)
		fuzz.kept[fuzz.kept_count++] = (struct kept){key, number, value};
}

/* With qsbr a wait is a quiescent state: what was kept may go. */
void forget_kept(void)
{
	fuzz.kept_count = 0;
}

void step_fail_mask(void)
{
	memory_fail_mask(take());
}

void step_fail_nth(void)
{
	memory_fail_nth(take());
}

void step_callbacks(void)
{
	unsigned int count = take() % 32, which = take();

	if (toy_in_callback())
		return;
	fuzz.steps_in = which % 16 ? 0 : 3;
	while (count-- && toy_run(which))
		;
	fuzz.steps_in = 0;
}

void step_open(void)
{
	unsigned int max = fuzz.shape.style.face == TOY_MEMB ? SECTIONS_MAX : 1;

	if (fuzz.nested || fuzz.sections == max)
		return;
	fuzz.sections++;
	toy_open();
}

/* What the section's visits have shown is still there. */
static void check_kept(void)
{
	for (size_t i = 0; i < fuzz.kept_count; i++) {
		const struct kept *kept = &fuzz.kept[i];
		struct key key = key_make(&fuzz.shape, kept->number);

		fuzz_check(!memcmp(kept->key, key.bytes, key.len),
			   "a key was freed in a section that has seen it");
		fuzz_check(kept->value->state != VALUE_FREED,
			   "a value was freed in a section that has seen it");
	}
	fuzz.kept_count = 0;
}

void step_close(void)
{
	if (fuzz.nested || !fuzz.sections)
		return;
	if (fuzz.sections == 1)
		check_kept();
	fuzz.sections--;
	toy_close();
}
