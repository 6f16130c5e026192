/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * values.h - the values of a case: each has a number, is stored at most once, and is freed exactly
 * once if it was stored.
 */
#ifndef RCUMAP_STRESS_VALUES_H
#define RCUMAP_STRESS_VALUES_H

#include <stdbool.h>
#include <stdint.h>

#include <rcumap.h>

/* From VALUE_OTHERS on: those that are stored in the set-up, and no part of the history. */
enum { VALUE_OTHERS = 64, VALUES = 128 };

struct value {
	uint64_t magic;
	uint32_t number, key;
	struct rcumap_link link;
};

void values_reset(void);

/* Makes value @number for key @key, in the set-up. */
struct value *value_make(uint32_t number, uint32_t key);

struct value *value_of(uint32_t number);

/* For rcumap_attr.value_free. */
void value_free(void *ptr, void *ctx);

/*
 * Looks at a value that came out of the map for @key, in a section: it must be alive. Returns its
 * number; 0 if @ptr is NULL.
 */
uint32_t value_look(const void *ptr, uint32_t key);

/* How many were made and not freed. */
unsigned int values_alive(void);

/* How often it was freed. */
unsigned int value_freed(uint32_t number);

#endif
