/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * A world: a map, and what is known about its keys.
 *
 *	0 ... owned - 1			each written by its owner alone, who knows its value
 *	... owned + contended - 1	written by everybody
 *	... owned + contended + pinned	as the first, but never absent
 *
 * The owner of a key counts its versions: odd ones are present, even ones absent, and a value's
 * generation is its version. Before it changes the key it says to which version (begun), afterwards
 * that this is done. A load must find a version between what was done before it and what was begun
 * after it, and none older than one that was seen before it (seen).
 */
#ifndef RCUMAP_TORTURE_WORLD_H
#define RCUMAP_TORTURE_WORLD_H

#include <stdatomic.h>
#include <stdbool.h>

#include "api.h"
#include "key.h"
#include "memory.h"
#include "value.h"

struct key {
	_Atomic(unsigned int) begun, done, seen;
	struct value *value; /* the owner's; NULL: absent */
	unsigned int clears; /* the owner's: clears that were over when its store began */
};

struct world {
	struct rcumap *map;
	enum key_kind kind;
	enum value_mode mode;
	unsigned int owned, contended, pinned;
	struct key *keys; /* of all three */
	struct memory memory;
	size_t new_bytes;      /* held by the map when it was new */
	bool clears;	       /* it is cleared now and then */
	_Atomic(bool) forgets; /* values may leave it without being returned */
	_Atomic(unsigned int) clears_begun, clears_over;
};

/* How many keys of each. */
struct population {
	unsigned int owned, contended, pinned;
};

/* A new world; number @index of the run. */
struct world *world_new(unsigned int index, struct population population, bool clears);

static inline unsigned int world_keys(const struct world *w)
{
	return w->owned + w->contended + w->pinned;
}

static inline bool world_pins(const struct world *w, unsigned int key)
{
	return key >= w->owned + w->contended;
}

static inline bool world_contends(const struct world *w, unsigned int key)
{
	return key >= w->owned && !world_pins(w, key);
}

/* Whether allocations may be refused. */
static inline bool world_refuses(const struct world *w)
{
	return atomic_load_explicit(&w->memory.refuse, memory_order_relaxed);
}

/* Nobody uses the world any more: checks all of it that can be checked at rest. */
void world_check_at_rest(struct world *w);

/* Deletes every key. */
void world_empty(struct world *w);

/* It is empty, and nobody calls: checks that it is no larger than a new one in time. */
void world_check_shrinks(struct world *w);

/* Takes it down, and checks that all memory is back. */
void world_destroy(struct world *w);

/* Its map is destroyed: checks that all memory is back. */
void world_free(struct world *w);

/* All of this, for all of them. */
enum { WORLDS_MAX = 64 };
void worlds_end(struct world **worlds, unsigned int n);

/* A round of every call_rcu worker. */
void world_wait_round(void);

#endif
