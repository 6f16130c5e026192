/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * rig.c - a map with everything that it uses; see rig.h.
 */
#include "rig.h"

#include <string.h>

#include "../../lib/hash.h"
#include "../../lib/table.h"
#include "actions.h"
#include "flavor.h"
#include "machine.h"
#include "record.h"
#include "values.h"

struct rcumap *rig_map;

static uint64_t keys[RIG_KEYS];
static unsigned int fillers; /* how many are present, unless the map was cleared */
static bool chunks_fail;

/*
 * Hooks
 */

static void *hook_alloc(size_t size, size_t align, void *ctx)
{
	void *p;

	(void)ctx;
	if (chunks_fail && size == sizeof(struct chunk))
		return NULL;
	p = memory_alloc(machine_running(), size, align);
	if (!p)
		machine_fail("a heap of the scheduler is used up");
	return p;
}

static void hook_free(void *ptr, size_t size, void *ctx)
{
	(void)ctx;
	machine_access_block(ptr, size, "free");
	if (!memory_free(ptr, size))
		machine_fail("free of what is no block, or was freed before");
}

static uint64_t hook_hash(const void *key, size_t len, uint64_t seed, void *ctx)
{
	(void)key;
	(void)len;
	(void)ctx;
	return seed;
}

void rig_reset(const struct rig_shape *shape)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;

	memory_reset();
	machine_reset();
	values_reset();
	record_reset();
	flavor_reset(shape->workers ? shape->workers : 1);
	actions_reset();
	fillers = 0;
	chunks_fail = false;
	for (unsigned int i = 0; i < RIG_KEYS; i++)
		keys[i] = 1000 + i;
	attr.key_len = sizeof(keys[0]);
	attr.expected = shape->expected;
	attr.value_free = value_free;
	attr.alloc = hook_alloc;
	attr.free = hook_free;
	if (shape->one_chain)
		attr.hash = hook_hash;
	if (!shape->notes) {
		attr.flags = RCUMAP_VALUE_LINK;
		attr.value_link = offsetof(struct value, link);
	}
	if (rcumap_create_flavor(&rig_map, &attr, &flavor_mock, flavor_worker))
		machine_fail("no map");
	machine_on_step = record_step;
}

void rig_fail_chunks(void)
{
	chunks_fail = true;
}

unsigned int rig_fillers(void)
{
	return fillers;
}

/*
 * The set-up
 */

const uint64_t *rig_key(unsigned int key)
{
	return &keys[key];
}

static bool key_taken(unsigned int key, uint64_t bytes)
{
	for (unsigned int i = 0; i < RIG_KEYS; i++)
		if (i != key && keys[i] == bytes)
			return true;
	return false;
}

void rig_choose_key(unsigned int key, const struct table *t, size_t index)
{
	uint64_t bytes = 5000;

	while (key_taken(key, bytes) ||
	       table_index(t, hash_key(rig_map, t->seed, &bytes, sizeof(bytes))) != index)
		bytes++;
	keys[key] = bytes;
}

void rig_store(unsigned int key, uint32_t number)
{
	if (rcumap_store(rig_map, &keys[key], sizeof(keys[key]), value_make(number, key)))
		machine_fail("a store in the set-up");
	record_initial(key, number);
}

void rig_add_filler(unsigned int key)
{
	uint32_t number = VALUE_OTHERS + key;

	if (rcumap_store(rig_map, &keys[key], sizeof(keys[key]), value_make(number, key)))
		machine_fail("a filler in the set-up");
	fillers++;
}

void rig_remove_filler(unsigned int key)
{
	if (rcumap_delete(rig_map, &keys[key], sizeof(keys[key])) != 1)
		machine_fail("a filler in the set-up");
	fillers--;
}
