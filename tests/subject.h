/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * subject.h - a map under test with all that it uses: 8-byte keys, counted memory, counted values. For
 * tests that look inside.
 */
#ifndef RCUMAP_TESTS_SUBJECT_H
#define RCUMAP_TESTS_SUBJECT_H

#include "support.h" /* first: the flavor's header gives names that liburcu's others use */

#include "../lib/internal.h"

struct subject {
	struct test_alloc alloc;
	struct value_pool pool;
	struct rcumap *map;
	uint64_t keys;	       /* it was made with the keys 0 to keys - 1, in generation 1 */
	_Atomic uint64_t seed; /* of the latest rekey */
	_Atomic bool stop;     /* tells the threads of a test to end */
};

/* Makes a map with so many keys. Without @link, a replaced value needs a note. */
void subject_make(struct subject *s, uint64_t (*hash)(const void *, size_t, uint64_t, void *),
		  bool link, uint64_t keys);

/* Checks the invariants, destroys the map, and checks that all memory and all values came back. */
void subject_unmake(struct subject *s);

/* Stores a value of key @n with this generation. */
void subject_store(struct subject *s, uint64_t n, uint64_t generation);

/* The generation of key @n, 0 if it is absent. */
uint64_t subject_generation(struct subject *s, uint64_t n);

/* Starts a migration to another seed. 0, or a negative error. */
int subject_rekey(struct subject *s);

struct table *subject_snapshot(const struct subject *s);
bool subject_amended(const struct subject *s);

#endif
