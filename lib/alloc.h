/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Memory: the allocator hooks of a map, or the default ones.
 */
#ifndef RCUMAP_ALLOC_H
#define RCUMAP_ALLOC_H

#include "internal.h"

/* Zeroed memory for maps, tables and chunks; lazily zeroed if large. NULL if there is none. */
void *rcumap__alloc_zeroed(const struct allocator *a, size_t size, size_t align);

/* Memory for entries and notes, with any contents, aligned for them. NULL if there is none. */
void *rcumap__alloc_small(const struct allocator *a, size_t size);

/* Takes back either. @size is what was asked for. */
void rcumap__free(const struct allocator *a, void *ptr, size_t size);

#endif
