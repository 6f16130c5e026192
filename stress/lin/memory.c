/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * See memory.h. All counts are relaxed, since they shall not order what the threads do; the last
 * look is taken when all is over.
 */
#include "memory.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "../rng.h"

static _Atomic(size_t) held, refused;
static _Atomic(unsigned int) refuse_one_in;
static _Atomic(size_t) streams;

static bool refuse(void)
{
	static _Thread_local struct rng mine;
	unsigned int one_in = atomic_load_explicit(&refuse_one_in, memory_order_relaxed);

	if (!one_in)
		return false;
	if (!mine.state) {
		mine.state = atomic_fetch_add_explicit(&streams, 1, memory_order_relaxed);
		mine.state = rng_next(&mine) | 1;
	}
	return rng_one_in(&mine, one_in);
}

static void *memory_alloc(size_t size, size_t align, void *ctx)
{
	void *ptr;

	(void)ctx;
	if (refuse()) {
		atomic_fetch_add_explicit(&refused, 1, memory_order_relaxed);
		return NULL;
	}
	ptr = aligned_alloc(align, (size + align - 1) / align * align);
	if (!ptr)
		return NULL;
	atomic_fetch_add_explicit(&held, 1, memory_order_relaxed);
	return memset(ptr, 0, size);
}

static void memory_free(void *ptr, size_t size, void *ctx)
{
	(void)size;
	(void)ctx;
	atomic_fetch_sub_explicit(&held, 1, memory_order_relaxed);
	free(ptr);
}

void memory_attr(struct rcumap_attr *attr)
{
	attr->alloc = memory_alloc;
	attr->free = memory_free;
}

void memory_refuse(unsigned int n)
{
	atomic_store_explicit(&refuse_one_in, n, memory_order_relaxed);
}

size_t memory_held(void)
{
	return atomic_load_explicit(&held, memory_order_relaxed);
}

size_t memory_refused(void)
{
	return atomic_load_explicit(&refused, memory_order_relaxed);
}
