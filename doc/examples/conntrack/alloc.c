/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The counting allocator. Each block of a connection carries its own size, so that what is added to
 * a figure and what is later taken from it cannot differ.
 */
#include "alloc.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* From here on the map's memory comes from mmap(), which zeroes it as it is touched. */
#define MMAP_FROM ((size_t)64 << 10)

/* What stands before each block of a connection; its bytes are counted, too. */
struct block {
	struct ledger *ledger;
	size_t size; /* including this header */
	enum mem_kind kind;
	bool dead;
	alignas(max_align_t) unsigned char payload[];
};

static struct block *block_of(void *payload)
{
	return (struct block *)((char *)payload - offsetof(struct block, payload));
}

static size_t add(atomic_size_t *figure, size_t n)
{
	return atomic_fetch_add_explicit(figure, n, memory_order_relaxed) + n;
}

static void sub(atomic_size_t *figure, size_t n)
{
	atomic_fetch_sub_explicit(figure, n, memory_order_relaxed);
}

static void raise_peak(atomic_size_t *peak, size_t now)
{
	size_t seen = ledger_read(peak);

	while (seen < now && !atomic_compare_exchange_weak_explicit(
				     peak, &seen, now, memory_order_relaxed, memory_order_relaxed))
		;
}

void *ledger_alloc(struct ledger *ledger, enum mem_kind kind, size_t size)
{
	struct block *block = malloc(sizeof(*block) + size);

	if (!block)
		return NULL;
	block->ledger = ledger;
	block->size = sizeof(*block) + size;
	block->kind = kind;
	block->dead = false;
	add(&ledger->live_bytes, block->size);
	if (kind == MEM_CONN)
		add(&ledger->live_conns, 1);
	return block->payload;
}

void ledger_bury(void *payload)
{
	struct block *block = block_of(payload);
	struct ledger *ledger = block->ledger;

	block->dead = true;
	raise_peak(&ledger->dead_peak, add(&ledger->dead_bytes, block->size));
	sub(&ledger->live_bytes, block->size);
	if (block->kind != MEM_CONN)
		return;
	add(&ledger->dead_conns, 1);
	sub(&ledger->live_conns, 1);
}

void ledger_free(void *payload)
{
	struct block *block = block_of(payload);
	struct ledger *ledger = block->ledger;

	sub(block->dead ? &ledger->dead_bytes : &ledger->live_bytes, block->size);
	if (block->kind == MEM_CONN)
		sub(block->dead ? &ledger->dead_conns : &ledger->live_conns, 1);
	free(block);
}

static void *zeroed(size_t size, size_t align)
{
	void *ptr;

	if (size >= MMAP_FROM) {
		ptr = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		return ptr == MAP_FAILED ? NULL : ptr;
	}
	if (align < sizeof(void *))
		align = sizeof(void *);
	if (posix_memalign(&ptr, align, size))
		return NULL;
	return memset(ptr, 0, size);
}

void *ledger_map_alloc(size_t size, size_t align, void *ctx)
{
	struct ledger *ledger = ctx;
	void *ptr = zeroed(size, align);

	if (ptr)
		raise_peak(&ledger->map_peak, add(&ledger->map_bytes, size));
	return ptr;
}

void ledger_map_free(void *ptr, size_t size, void *ctx)
{
	struct ledger *ledger = ctx;

	if (!ptr)
		return;
	sub(&ledger->map_bytes, size);
	if (size >= MMAP_FROM)
		munmap(ptr, size);
	else
		free(ptr);
}
