/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Hashing: from a key and a table's seed to 64 bits. The top bits choose the bucket, the low byte
 * is the tag, so that all sizes of table agree on the tag.
 *
 * Bytes go through XXH3 with the seed; keys of 8 bytes through a keyed mix of our own, which is two
 * multiplications; the result of a hash hook through the same mix, since a user's hash may leave
 * the top bits alone.
 */
#ifndef RCUMAP_HASH_H
#define RCUMAP_HASH_H

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <string.h>

#include "internal.h"

/*
 * A permutation of 64 bits keyed by the seed: xor, fold, multiply, twice, and fold. A fold brings
 * the upper half down, from where a multiplication spreads it to the top again; without the first,
 * keys that differ in their upper half alone crowd (test_hash.c). The last feeds the tag.
 */
static inline uint64_t hash_mix(uint64_t x, uint64_t seed)
{
	x ^= seed;
	x = (x ^ x >> 32) * UINT64_C(0x9e3779b97f4a7c15);
	x ^= x >> 32;
	x = (x ^ (seed << 32 | seed >> 32)) * UINT64_C(0xd6e8feb86659fd93);
	return x ^ x >> 32;
}

static inline uint64_t hash_key(const struct rcumap *map, uint64_t seed, const void *key,
				size_t len)
{
	uint64_t word;

	if (unlikely(map->hash != NULL))
		return hash_mix(map->hash(key, len, seed, map->hash_ctx), seed);
	if (map->key_len != sizeof(word))
		return XXH3_64bits_withSeed(key, len, seed);
	memcpy(&word, key, sizeof(word));
	return hash_mix(word, seed);
}

/* A tag is never 0, which stands for an empty slot. */
static inline unsigned int hash_tag(uint64_t hash)
{
	unsigned int tag = hash & 0xff;

	return tag ? tag : 1;
}

#endif
