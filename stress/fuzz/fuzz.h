/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * fuzz.h - what all parts of the fuzzer share: its input, and how it fails.
 */
#ifndef RCUMAP_FUZZ_FUZZ_H
#define RCUMAP_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What libFuzzer and AFL++ call, and replay.c: runs one input. Returns 0, or aborts. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Says what is wrong, and aborts. */
_Noreturn void fuzz_fail(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Says what happens, if the environment has FUZZ_TRACE. */
void fuzz_trace(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define fuzz_check(holds, ...) \
	do { \
		if (!(holds)) \
			fuzz_fail(__FILE__, __LINE__, __VA_ARGS__); \
	} while (0)

/* The bytes of an input that are left; after its end there are zeroes. */
struct input {
	const uint8_t *at, *end;
};

static inline unsigned int input_byte(struct input *input)
{
	return input->at < input->end ? *input->at++ : 0;
}

static inline bool input_ended(const struct input *input)
{
	return input->at == input->end;
}

#endif
