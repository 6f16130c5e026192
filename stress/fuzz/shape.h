/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * shape.h - the shape of the map under test, which the first bytes of an input choose, and its keys.
 */
#ifndef RCUMAP_FUZZ_SHAPE_H
#define RCUMAP_FUZZ_SHAPE_H

#include <rcumap.h>

#include "fuzz.h"
#include "supply.h"
#include "toy.h"

enum { KEYS_MAX = 2048, KEY_LEN_MAX = 300 };

struct shape {
	size_t key_len;	   /* 0: any */
	unsigned int keys; /* numbered from 0 on */
	uint64_t (*hash)(const void *key, size_t len, uint64_t seed, void *ctx);
	enum value_mode values;
	size_t expected;
	bool hooks; /* our allocator, not the default one */
	struct toy_style style;
};

struct key {
	const void *bytes;
	size_t len;
};

void shape_take(struct shape *shape, struct input *input);

/* The attributes of a map of this shape. */
struct rcumap_attr shape_attr(const struct shape *shape, void (*value_freed)(void));

/* Key number @n, at an odd address, until the next one is made or key_spoil() is called. */
struct key key_make(const struct shape *shape, unsigned int n);

/* The number of a key; shape->keys if it is none of ours. */
unsigned int key_number(const struct shape *shape, const void *bytes, size_t len);

/* Overwrites the key that was made last: the map must have copied it. */
void key_spoil(void);

#endif
