/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * An entry: one key with its value, in one allocation.
 */
#include "entry.h"

#include "alloc.h"

unsigned short rcumap__entry_key_offset(bool has_value_free, bool fixed_len)
{
	size_t offset = sizeof(struct entry);

	if (has_value_free)
		offset += sizeof(void *);
	if (!fixed_len)
		offset += sizeof(uint32_t);
	return (unsigned short)offset;
}

struct entry *rcumap__entry_new(const struct rcumap *map, const void *key, size_t len, void *value)
{
	uint32_t stored_len = (uint32_t)len;
	struct entry *e;
	size_t size;

	if (__builtin_add_overflow(len, map->key_offset, &size))
		return NULL;
	e = rcumap__alloc_small(&map->allocator, size);
	if (!e)
		return NULL;

	atomic_init(&e->value, value); /* plain: no bucket holds the entry yet */
	if (!map->key_len)
		memcpy((char *)e + map->key_offset - sizeof(stored_len), &stored_len,
		       sizeof(stored_len));
	if (len)
		memcpy(entry_key(map, e), key, len);
	return e;
}

void rcumap__entry_free(const struct rcumap *map, struct entry *e)
{
	rcumap__free(&map->allocator, e, map->key_offset + entry_len(map, e));
}
