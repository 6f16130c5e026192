/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * set.h - a set of 64-bit hashes, each with a small number, the rank, of which it keeps the least.
 */
#ifndef RCUMAP_STRESS_SET_H
#define RCUMAP_STRESS_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SET_RANK_BITS = 3 };

struct set {
	uint64_t *slot;
	size_t size, used; /* size is a power of two, or 0 */
};

/* Empties it. A set of zeros is empty, too. */
void set_clear(struct set *set);

/* Returns whether @hash was there with a rank of at most @rank; now it is. */
bool set_add(struct set *set, uint64_t hash, unsigned int rank);

/* Whether both have the same hashes. */
bool set_equal(const struct set *a, const struct set *b);

#endif
