/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * rig.h - a map with everything that it uses: memory, values, keys, the mock flavor.
 */
#ifndef RCUMAP_STRESS_RIG_H
#define RCUMAP_STRESS_RIG_H

#include <stdbool.h>
#include <stdint.h>

#include <urcu/call-rcu.h>
#include <urcu/flavor.h>

#include "../../lib/internal.h"
#include "../lin/history.h"
#include "memory.h"

/* The keys of a history, then fillers. K is the one that everything is about. */
enum { KEY_K, KEY_M, KEY_Q, KEY_FILLER = HISTORY_KEYS, RIG_KEYS = 32 };

/* What a map is like. */
struct rig_shape {
	bool one_chain;	  /* all keys have the same hash, hence live in one bucket */
	bool notes;	  /* values have no room for a link */
	size_t expected;  /* rcumap_attr.expected */
	unsigned workers; /* 0: one */
};

extern struct rcumap *rig_map;

/* Makes an empty map. */
void rig_reset(const struct rig_shape *shape);

/* From now on there is no memory for overflow buckets. */
void rig_fail_chunks(void);

/* The key with this number. The first few are those of the history. */
const uint64_t *rig_key(unsigned int key);

/* Chooses a number for the key that no other has, such that it is in bucket @index of @t. */
void rig_choose_key(unsigned int key, const struct table *t, size_t index);

/* In the set-up: stores value @number. */
void rig_store(unsigned int key, uint32_t number);

/* A key that no operation of the case is about is present, or no longer. */
void rig_add_filler(unsigned int key);
void rig_remove_filler(unsigned int key);

/* How many fillers there are, if the map was not cleared. */
unsigned int rig_fillers(void);

#endif
