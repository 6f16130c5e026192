/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * values.c - the values of a case; see values.h.
 */
#include "values.h"

#include <string.h>

#include "machine.h"
#include "memory.h"
#include "state.h"

#define MAGIC UINT64_C(0x76616c7565210a0d)

static struct value *values[VALUES];
static unsigned char freed[VALUES];

STATE(freed);

void values_reset(void)
{
	memset(values, 0, sizeof(values));
	memset(freed, 0, sizeof(freed));
}

struct value *value_make(uint32_t number, uint32_t key)
{
	struct value *v = memory_alloc(THREAD_SETUP, sizeof(*v), sizeof(void *));

	*v = (struct value){.magic = MAGIC, .number = number, .key = key};
	values[number] = v;
	return v;
}

struct value *value_of(uint32_t number)
{
	return values[number];
}

void value_free(void *ptr, void *ctx)
{
	struct value *v = ptr;

	(void)ctx;
	if (!memory_alive(v) || v->magic != MAGIC) {
		machine_fail("value_free is called for what is no value, or was freed before");
		return;
	}
	freed[v->number]++;
	machine_access_block(v, sizeof(*v), "value_free");
	memory_free(v, sizeof(*v));
}

uint32_t value_look(const void *ptr, uint32_t key)
{
	const struct value *v = ptr;

	if (!ptr)
		return 0;
	machine_access(&v->magic, ACCESS_LOAD, "the value", "value_look");
	if (v->magic != MAGIC || v->key != key)
		machine_fail("what came out of the map is not a value of key %u", key);
	return v->number;
}

unsigned int value_freed(uint32_t number)
{
	return freed[number];
}

unsigned int values_alive(void)
{
	unsigned int alive = 0;

	for (uint32_t i = 0; i < VALUES; i++)
		alive += values[i] && !freed[i];
	return alive;
}
