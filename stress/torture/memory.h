/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The allocator of a map: counts, refuses now and then, checks sizes, poisons what is freed.
 */
#ifndef RCUMAP_TORTURE_MEMORY_H
#define RCUMAP_TORTURE_MEMORY_H

#include <stdatomic.h>
#include <stddef.h>

#include <rcumap.h>

struct memory {
	_Atomic(size_t) bytes;	      /* held; relaxed: exact at rest */
	_Atomic(unsigned int) refuse; /* of 1,000 allocations */
};

/* Sets the hooks of @attr. */
void memory_attr(struct rcumap_attr *attr, struct memory *memory);

static inline size_t memory_held(const struct memory *memory)
{
	return atomic_load_explicit(&memory->bytes, memory_order_relaxed);
}

#endif
