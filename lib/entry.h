/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * An entry: one key with its value, in one allocation, so that both leave memory together.
 *
 *	value | hash or link | [dead value] | [length] | key bytes
 *
 * The bracketed parts exist only where the map needs them: a place for the value of a deleted
 * entry, whose value word must stay DELETED for readers, if there is a value_free; the length,
 * unless all keys have one.
 */
#ifndef RCUMAP_ENTRY_H
#define RCUMAP_ENTRY_H

#include <string.h>

#include "internal.h"

static inline void *entry_key(const struct rcumap *map, const struct entry *e)
{
	return (char *)e + map->key_offset;
}

static inline size_t entry_len(const struct rcumap *map, const struct entry *e)
{
	uint32_t len;

	if (map->key_len)
		return map->key_len;
	memcpy(&len, (char *)e + map->key_offset - sizeof(len), sizeof(len));
	return len;
}

/* Readers decide by length and bytes alone, never by the hash, which a rekey changes under them. */
static inline bool entry_has_key(const struct rcumap *map, const struct entry *e, const void *key,
				 size_t len)
{
	uint64_t a, b;

	if (map->key_len == sizeof(a)) {
		memcpy(&a, entry_key(map, e), sizeof(a));
		memcpy(&b, key, sizeof(b));
		return a == b;
	}
	return entry_len(map, e) == len && (len == 0 || !memcmp(entry_key(map, e), key, len));
}

/* Where the value of a deleted entry waits for value_free. */
static inline void **entry_dead_value(struct entry *e)
{
	return (void **)(e + 1);
}

/* The offset of the key bytes in the entries of a map with these attributes. */
unsigned short rcumap__entry_key_offset(bool has_value_free, bool fixed_len);

/* A new entry that no bucket holds, or NULL. */
struct entry *rcumap__entry_new(const struct rcumap *map, const void *key, size_t len, void *value);

void rcumap__entry_free(const struct rcumap *map, struct entry *e);

#endif
