/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * See values.h.
 */
#include "values.h"

#include <stdio.h>
#include <stdlib.h>

#define MAGIC_ALIVE 0x616c6976u
#define MAGIC_DEAD 0x64656164u

struct object {
	struct rcumap_link link; /* first, as free() writes there itself */
	uint64_t padding;
	_Atomic(uint32_t) magic; /* relaxed: only looked at */
	uint32_t number;
};

static _Atomic(size_t) alive, freed_twice; /* relaxed: looked at when all is over */

static void object_free(void *value, void *ctx)
{
	struct object *object = value;

	(void)ctx;
	if (atomic_exchange_explicit(&object->magic, MAGIC_DEAD, memory_order_relaxed) !=
	    MAGIC_ALIVE) {
		atomic_fetch_add_explicit(&freed_twice, 1, memory_order_relaxed);
		return;
	}
	atomic_fetch_sub_explicit(&alive, 1, memory_order_relaxed);
	free(object);
}

void values_attr(struct rcumap_attr *attr, enum value_kind kind)
{
	if (kind == VALUE_NUMBER)
		return;
	attr->value_free = object_free;
	if (kind == VALUE_LINKED) {
		attr->flags |= RCUMAP_VALUE_LINK;
		attr->value_link = offsetof(struct object, link);
	}
}

void *value_make(enum value_kind kind, uint32_t number)
{
	struct object *object;

	if (kind == VALUE_NUMBER)
		return (void *)(uintptr_t)number;
	object = calloc(1, sizeof(*object));
	if (!object) {
		fprintf(stderr, "out of memory\n");
		exit(2);
	}
	object->number = number;
	atomic_init(&object->magic, MAGIC_ALIVE);
	atomic_fetch_add_explicit(&alive, 1, memory_order_relaxed);
	return object;
}

void value_unmake(enum value_kind kind, void *value)
{
	if (kind != VALUE_NUMBER)
		object_free(value, NULL);
}

uint32_t value_number(enum value_kind kind, const void *value)
{
	const struct object *object = value;

	if (kind == VALUE_NUMBER)
		return (uintptr_t)value < VALUE_DEAD ? (uint32_t)(uintptr_t)value : VALUE_DEAD;
	if (!value)
		return 0;
	if (atomic_load_explicit(&object->magic, memory_order_relaxed) != MAGIC_ALIVE)
		return VALUE_DEAD;
	return object->number;
}

size_t values_alive(void)
{
	return atomic_load_explicit(&alive, memory_order_relaxed);
}

size_t values_freed_twice(void)
{
	return atomic_load_explicit(&freed_twice, memory_order_relaxed);
}
