/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * state.c - saving and restoring all that an execution changes; see state.h.
 *
 * Saved in this order: the variables, the heaps with their shadows, the stacks; the tallies come
 * last, because the hash stops before them. Sizes of heaps and stacks are themselves in variables,
 * hence are restored before they are needed.
 */
#include "state.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <string.h>

#include "machine.h"
#include "memory.h"

enum { VARIABLES = 16 };

struct variable {
	void *at;
	size_t size;
};

static struct variable variables[VARIABLES], tallies[VARIABLES];
static unsigned int n_variables, n_tallies;

void state_declare(void *variable, size_t size)
{
	variables[n_variables++] = (struct variable){variable, size};
}

void state_declare_tally(void *variable, size_t size)
{
	tallies[n_tallies++] = (struct variable){variable, size};
}

static char *save(char *to, const void *from, size_t size)
{
	memcpy(to, from, size);
	return to + size;
}

static const char *restore(const char *from, void *to, size_t size)
{
	memcpy(to, from, size);
	return from + size;
}

static size_t shadow_used(enum thread_id i)
{
	return (memory_used(i) + 7) / 8;
}

size_t state_size(void)
{
	size_t size = 0;

	for (unsigned int i = 0; i < n_variables; i++)
		size += variables[i].size;
	for (unsigned int i = 0; i < n_tallies; i++)
		size += tallies[i].size;
	for (enum thread_id i = 0; i < THREADS; i++)
		size += STACK_SIZE + HEAP_SIZE + HEAP_SIZE / 8;
	return size;
}

size_t state_save(void *to, uint64_t *hash)
{
	char *at = to;

	for (unsigned int i = 0; i < n_variables; i++)
		at = save(at, variables[i].at, variables[i].size);
	for (enum thread_id i = 0; i < THREADS; i++) {
		at = save(at, memory.heap[i], memory_used(i));
		at = save(at, memory_shadow(i), shadow_used(i));
		at = save(at, machine_stack(i), machine_stack_used(i));
	}
	*hash = XXH3_64bits(to, (size_t)(at - (char *)to));
	for (unsigned int i = 0; i < n_tallies; i++)
		at = save(at, tallies[i].at, tallies[i].size);
	return (size_t)(at - (char *)to);
}

void state_restore(const void *from)
{
	const char *at = from;

	for (unsigned int i = 0; i < n_variables; i++)
		at = restore(at, variables[i].at, variables[i].size);
	for (enum thread_id i = 0; i < THREADS; i++) {
		at = restore(at, memory.heap[i], memory_used(i));
		at = restore(at, memory_shadow(i), shadow_used(i));
		at = restore(at, machine_stack(i), machine_stack_used(i));
	}
	for (unsigned int i = 0; i < n_tallies; i++)
		at = restore(at, tallies[i].at, tallies[i].size);
}
