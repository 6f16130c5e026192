/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The allocator of a map.
 */
#include "memory.h"

#include <stdlib.h>
#include <string.h>

#include "counters.h"
#include "delay.h"
#include "fail.h"
#include "quarantine.h"

/*
 * Tables and overflow buckets, which are aligned to a cache line, are few; so that lack of memory
 * meets migrations, too, they are refused so much more often.
 */
enum { SHARED_ALIGN = 64, SHARED_ODDS = 20 };

/* At the end of each block: how long it is, and whose. */
struct trailer {
	size_t size;
	struct memory *memory;
};

static void *memory_alloc(size_t size, size_t align, void *ctx)
{
	struct memory *memory = ctx;
	struct trailer trailer = {size, memory};
	unsigned int refuse = atomic_load_explicit(&memory->refuse, memory_order_relaxed);
	size_t room = (size + sizeof(trailer) + align - 1) & ~(align - 1);
	char *block;

	delay_in_hook();
	if (align >= SHARED_ALIGN)
		refuse *= SHARED_ODDS;
	if (refuse && rng_below(delay_rng(), 1000) < refuse) {
		count(COUNT_REFUSED);
		return NULL;
	}
	block = aligned_alloc(align, room);
	if (!block)
		return NULL;
	memset(block, 0, size);
	memcpy(block + size, &trailer, sizeof(trailer));
	atomic_fetch_add_explicit(&memory->bytes, size, memory_order_relaxed);
	count(COUNT_ALLOCS);
	return block;
}

static void memory_free(void *ptr, size_t size, void *ctx)
{
	struct memory *memory = ctx;
	struct trailer trailer;

	delay_in_hook();
	memcpy(&trailer, (char *)ptr + size, sizeof(trailer));
	check(trailer.size == size && trailer.memory == memory,
	      "a block of %zu bytes was freed that is none, or not of this map", size);
	atomic_fetch_sub_explicit(&memory->bytes, size, memory_order_relaxed);
	count(COUNT_FREES);
	quarantine_free(ptr, size + sizeof(trailer));
}

void memory_attr(struct rcumap_attr *attr, struct memory *memory)
{
	attr->alloc = memory_alloc;
	attr->free = memory_free;
	attr->alloc_ctx = memory;
}
