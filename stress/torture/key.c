/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Keys by number.
 */
#include "key.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"

enum { FIXED_LEN = 20, SUFFIX_MAX = 37 };

static const char *const names[KEY_KINDS] = {
	[KEY_U64] = "u64",
	[KEY_FIXED] = "fixed",
	[KEY_STRING] = "string",
	[KEY_COLLIDE] = "collide",
};

const char *key_kind_name(enum key_kind kind)
{
	return names[kind];
}

enum key_kind key_kind_find(const char *name)
{
	int i = 0;

	while (i < KEY_KINDS && strcmp(names[i], name))
		i++;
	return (enum key_kind)i;
}

/* The seed is left out, so that the keys collide in every table. */
static uint64_t hash_collide(const void *key, size_t len, uint64_t seed, void *ctx)
{
	(void)len;
	(void)seed;
	(void)ctx;
	return *(const unsigned char *)key & 3;
}

static size_t fixed_len(enum key_kind kind)
{
	if (kind == KEY_STRING)
		return 0;
	return kind == KEY_FIXED ? FIXED_LEN : sizeof(uint64_t);
}

void key_attr(struct rcumap_attr *attr, enum key_kind kind)
{
	attr->key_len = fixed_len(kind);
	if (kind == KEY_COLLIDE)
		attr->hash = hash_collide;
}

/* Number 0 is the empty key; the others are their number in decimal and a suffix. */
static struct key_bytes string_make(unsigned int number)
{
	struct key_bytes key = {0};
	int digits;

	if (!number)
		return key;
	digits = snprintf((char *)key.bytes, sizeof(key.bytes), "%u", number);
	key.len = (size_t)digits + number * 7 % SUFFIX_MAX;
	memset(key.bytes + digits, '-', key.len - (size_t)digits);
	return key;
}

struct key_bytes key_make(enum key_kind kind, unsigned int number)
{
	struct key_bytes key = {.len = fixed_len(kind)};

	if (kind == KEY_STRING)
		return string_make(number);
	memset(key.bytes, 'k', key.len);
	memset(key.bytes, 0, sizeof(uint64_t));
	memcpy(key.bytes, &number, sizeof(number));
	return key;
}

unsigned int key_number(enum key_kind kind, const void *bytes, size_t len)
{
	struct key_bytes key = {.len = len}, made;
	unsigned int number;

	check(len < sizeof(key.bytes), "a key of %zu bytes came out of the map", len);
	memcpy(key.bytes, bytes, len);
	if (kind == KEY_STRING)
		number = (unsigned int)strtoul((const char *)key.bytes, NULL, 10);
	else
		memcpy(&number, key.bytes, sizeof(number));
	made = key_make(kind, number);
	check(made.len == len && !memcmp(made.bytes, bytes, len),
	      "a key came out of the map that was never stored");
	return number;
}
