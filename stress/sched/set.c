/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * set.c - a set of 64-bit hashes; see set.h. Open addressing; the low bits of a slot hold the rank, so
 * two hashes are the same if their upper 61 bits are.
 */
#include "set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RANK ((uint64_t)((1 << SET_RANK_BITS) - 1))

enum { SIZE_MIN = 1 << 12 };

static uint64_t *find(const struct set *set, uint64_t hash)
{
	size_t i = (hash >> SET_RANK_BITS) & (set->size - 1);

	while (set->slot[i] && (set->slot[i] & ~RANK) != hash)
		i = (i + 1) & (set->size - 1);
	return &set->slot[i];
}

static void resize(struct set *set, size_t size)
{
	struct set larger = {calloc(size, sizeof(*larger.slot)), size, set->used};

	if (!larger.slot) {
		fprintf(stderr, "out of memory for %zu states\n", size);
		exit(2);
	}
	for (size_t i = 0; i < set->size; i++)
		if (set->slot[i])
			*find(&larger, set->slot[i] & ~RANK) = set->slot[i];
	free(set->slot);
	*set = larger;
}

void set_clear(struct set *set)
{
	free(set->slot);
	*set = (struct set){0};
}

/* 0 stands for an empty slot. */
static uint64_t hash_of(uint64_t hash)
{
	hash &= ~RANK;
	return hash ? hash : RANK + 1;
}

bool set_add(struct set *set, uint64_t hash, unsigned int rank)
{
	uint64_t *slot;

	if (set->used * 2 >= set->size)
		resize(set, set->size ? set->size * 2 : SIZE_MIN);
	hash = hash_of(hash);
	slot = find(set, hash);
	if (*slot && (*slot & RANK) <= rank)
		return true;
	set->used += !*slot;
	*slot = hash | rank;
	return false;
}

bool set_equal(const struct set *a, const struct set *b)
{
	if (a->used != b->used)
		return false;
	for (size_t i = 0; i < a->size; i++)
		if (a->slot[i] && !*find(b, a->slot[i] & ~RANK))
			return false;
	return true;
}
