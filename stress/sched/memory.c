/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * memory.c - stacks and heaps at addresses that never change; see memory.h.
 */
#include "memory.h"

#include <string.h>

#include "state.h"

#define WORD sizeof(uint64_t)
#define POISON 0xdd

/* States of a word of the heap, in its shadow. */
enum { UNUSED, FIRST, INNER, FREED };

struct memory memory;

static unsigned char shadow[THREADS][HEAP_SIZE / WORD];
static struct {
	uint32_t used[THREADS];
	uint32_t blocks;
} heaps;

STATE(heaps);

void memory_reset(void)
{
	memset(&heaps, 0, sizeof(heaps));
	memset(shadow, UNUSED, sizeof(shadow));
}

static unsigned char *shadow_of(const volatile void *p)
{
	size_t offset = (size_t)((const volatile char *)p - memory.heap[0]);

	return &shadow[0][offset / WORD];
}

static bool in_heap(const volatile void *p)
{
	return (const volatile char *)p >= memory.heap[0] &&
	       (const volatile char *)p < memory.heap[0] + sizeof(memory.heap);
}

static size_t words(size_t size)
{
	return (size + WORD - 1) / WORD;
}

void *memory_alloc(enum thread_id thread, size_t size, size_t align)
{
	size_t start = (heaps.used[thread] + align - 1) & ~(align - 1);
	size_t end = start + words(size ? size : 1) * WORD;
	char *block = &memory.heap[thread][start];

	if (end >= HEAP_SIZE)
		return NULL;
	/* What lies there may be left over from an execution that was given up. */
	memset(&memory.heap[thread][heaps.used[thread]], 0, end - heaps.used[thread]);
	memset(&shadow[thread][heaps.used[thread] / WORD], UNUSED,
	       (end - heaps.used[thread]) / WORD + 1);
	memset(shadow_of(block), INNER, words(size));
	*shadow_of(block) = FIRST;
	heaps.used[thread] = (uint32_t)end;
	heaps.blocks++;
	return block;
}

static bool is_block(const unsigned char *s, size_t n)
{
	if (*s != FIRST)
		return false;
	for (size_t i = 1; i < n; i++)
		if (s[i] != INNER)
			return false;
	return s[n] != INNER;
}

bool memory_free(void *ptr, size_t size)
{
	size_t n = words(size);
	unsigned char *s;

	if (!in_heap(ptr) || (uintptr_t)ptr % WORD)
		return false;
	s = shadow_of(ptr);
	if (!is_block(s, n))
		return false;
	memset(s, FREED, n);
	memset(ptr, POISON, n * WORD);
	heaps.blocks--;
	return true;
}

bool memory_alive(const volatile void *p)
{
	if (!in_heap(p))
		return (uintptr_t)p > 4096;
	return *shadow_of(p) == FIRST || *shadow_of(p) == INNER;
}

size_t memory_blocks(void)
{
	return heaps.blocks;
}

size_t memory_used(enum thread_id thread)
{
	return heaps.used[thread];
}

unsigned char *memory_shadow(enum thread_id thread)
{
	return shadow[thread];
}
