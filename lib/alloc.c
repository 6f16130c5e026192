/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Memory: the allocator hooks of a map, or the default ones.
 *
 * By default, blocks of 64 KiB and more are mapped: the kernel zeroes their pages one by one as
 * they are touched, so that a writer who makes a table of 128 MiB does not stop to clear it. They
 * are unmapped in slices, because munmap holds up the page faults of all other threads.
 */
#include "alloc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define MAPPED_SIZE ((size_t)64 << 10)
#define UNMAP_SLICE ((size_t)8 << 20)

static void *map_pages(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static void unmap_pages(char *p, size_t size)
{
	for (; size > UNMAP_SLICE; p += UNMAP_SLICE, size -= UNMAP_SLICE)
		munmap(p, UNMAP_SLICE);
	munmap(p, size);
}

void *rcumap__alloc_zeroed(const struct allocator *a, size_t size, size_t align)
{
	void *p;

	if (a->alloc)
		return a->alloc(size, align, a->ctx);
	if (size >= MAPPED_SIZE)
		return map_pages(size);
	p = aligned_alloc(align, (size + align - 1) & ~(align - 1));
	return p ? memset(p, 0, size) : NULL;
}

void *rcumap__alloc_small(const struct allocator *a, size_t size)
{
	if (a->alloc)
		return a->alloc(size, alignof(struct entry), a->ctx);
	return size >= MAPPED_SIZE ? map_pages(size) : malloc(size);
}

void rcumap__free(const struct allocator *a, void *ptr, size_t size)
{
	if (a->alloc)
		a->free(ptr, size, a->ctx);
	else if (size >= MAPPED_SIZE)
		unmap_pages(ptr, size);
	else
		free(ptr);
}
