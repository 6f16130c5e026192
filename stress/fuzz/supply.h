/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * supply.h - what a map is given: memory, which can run out, and values. Both are accounted for.
 */
#ifndef RCUMAP_FUZZ_SUPPLY_H
#define RCUMAP_FUZZ_SUPPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rcumap.h>

/* Nothing is held, no value is made. */
void supply_begin(void);

/* Checks that all is back: memory, and the values that the map owned. */
void supply_end(void);

/*
 * Memory
 */

/* Sets the hooks of @attr. */
void memory_attr(struct rcumap_attr *attr);

/* From now on, of eight allocations in a row those fail whose bit is set. 0: none. */
void memory_fail_mask(unsigned int mask);

/* The @nth allocation from now on fails, once. 0: none. */
void memory_fail_nth(unsigned int nth);

/* How many allocations failed so far. */
size_t memory_failed(void);

/* Blocks held: entries and notes; maps, tables and chunks. */
size_t memory_small_blocks(void);
size_t memory_large_blocks(void);

/*
 * Values. They are never made twice at one address, so what is freed twice or too late is seen.
 */

enum value_state {
	VALUE_OURS, /* never stored, or not for long: the map must not know it */
	VALUE_IN,   /* in the map */
	VALUE_LEFT, /* has left the map, and waits for value_free if there is one */
	VALUE_FREED
};

struct value {
	enum value_state state;
	unsigned int key;
	uint64_t left; /* when the operation began that took it out */
	struct rcumap_link link;
};

enum value_mode { VALUES_PLAIN, VALUES_NOTED, VALUES_LINKED, VALUE_MODES };

/* Sets value_free and the link of @attr as @mode says. @then is called when a value was freed. */
void value_attr(struct rcumap_attr *attr, enum value_mode mode, void (*then)(void));

/* How many more can be made. */
size_t value_room(void);

struct value *value_new(unsigned int key);
void value_enter(struct value *value);

/* The value has left the map in an operation that began at @when by toy_now(). */
void value_leave(struct value *value, uint64_t when);

/* Checks that the map wrote no link but of values that wait to be freed. */
void value_check_links(void);

/* Checks that all values that left in operations before @when are freed. */
void value_check_freed(uint64_t when);

#endif
