/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * THE ALGORITHM UNDER STUDY; DO NOT USE IT. This is the algorithm of sync.Map in Go 1.15.0, written
 * anew in C, with the behaviour that golang/go#40999 reports: a deleted key stays in the map until a
 * promotion drops it, and that may never come.
 *
 * Keys are pointers and compared as such, as a pointer in a Go interface is. In place of Go's garbage
 * collector, each table owns a reference on each of its keys (key_get, key_put) and drops it when
 * the table is freed, which is a grace period after the map has let go of the table: at the time at
 * which a collector could have freed the key, and not before.
 *
 * Left out: LoadOrStore. Every function but create needs a thread that is registered with RCU.
 */
#ifndef CONNTRACK_GOMAP_H
#define CONNTRACK_GOMAP_H

#include <stdbool.h>
#include <stddef.h>

struct gomap;

struct gomap_attr {
	void (*key_get)(void *key);
	void (*key_put)(void *key); /* also from the call_rcu worker */
	void *(*alloc)(size_t size, size_t align, void *alloc_ctx); /* zeroed */
	void (*free)(void *ptr, size_t size, void *alloc_ctx);
	void *alloc_ctx;
};

struct gomap_stats {
	size_t read_keys;  /* in the read map, deleted ones included */
	size_t dirty_keys; /* in the dirty map, deleted ones included */
	size_t misses;
	size_t promotions;
};

/* 0 or -ENOMEM. */
int gomap_create(struct gomap **map, const struct gomap_attr *attr);

/* No other call may be under way. Waits until everything is freed. */
void gomap_destroy(struct gomap *map);

/* Go's Load; NULL if the key is absent. */
void *gomap_load(struct gomap *map, void *key);

/* Go's Store; the value is not NULL. 0, or -ENOMEM: the map is as it was. */
int gomap_store(struct gomap *map, void *key, void *value);

/* Go's LoadAndDelete; Delete is the same without the result. NULL if the key was absent. */
void *gomap_load_and_delete(struct gomap *map, void *key);

/* Go's Range; visit returns false to end it, and may call anything but gomap_destroy(). */
void gomap_range(struct gomap *map, bool (*visit)(void *key, void *value, void *ctx), void *ctx);

void gomap_stats(struct gomap *map, struct gomap_stats *stats);

#endif
