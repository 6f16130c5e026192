/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Keys by number: kinds that differ in length, and in how well they hash.
 */
#ifndef RCUMAP_TORTURE_KEY_H
#define RCUMAP_TORTURE_KEY_H

#include <stddef.h>

#include <rcumap.h>

enum key_kind {
	KEY_U64,     /* 8 bytes, which the library treats on their own */
	KEY_FIXED,   /* all of one other length */
	KEY_STRING,  /* of lengths that differ, the empty key among them */
	KEY_COLLIDE, /* four hashes for all keys, so that chains are long */
	KEY_KINDS
};

struct key_bytes {
	size_t len;
	unsigned char bytes[56];
};

const char *key_kind_name(enum key_kind kind);

/* The kind of that name, or KEY_KINDS. */
enum key_kind key_kind_find(const char *name);

/* Sets what a map with such keys needs. */
void key_attr(struct rcumap_attr *attr, enum key_kind kind);

struct key_bytes key_make(enum key_kind kind, unsigned int number);

/* The number of a key that key_make() made; anything else fails the run. */
unsigned int key_number(enum key_kind kind, const void *bytes, size_t len);

#endif
