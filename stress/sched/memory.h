/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * memory.h - all memory that a case uses: a stack and a heap for each thread, at addresses that
 * never change.
 *
 * A heap is handed out from its beginning and never used again, so that a block that was freed stays
 * recognizable: whoever touches it has made a mistake, and is told so. A heap for each thread makes
 * the address of a block depend on what its thread did before, and on nothing else.
 */
#ifndef RCUMAP_STRESS_MEMORY_H
#define RCUMAP_STRESS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Two that are judged, a third one, two workers, the one that looks at the end, and the set-up. */
enum thread_id {
	THREAD_A,
	THREAD_B,
	THREAD_P,
	THREAD_W,
	THREAD_X,
	THREAD_F,
	THREAD_SETUP,
	THREADS
};

enum { STACK_SIZE = 16 << 10, HEAP_SIZE = 24 << 10 };

struct memory {
	_Alignas(4096) char stack[THREADS][STACK_SIZE];
	char heap[THREADS][HEAP_SIZE];
	char rcu;   /* stands for the state of the RCU flavor, which is outside */
	char clock; /* for operations that share nothing; record.c */
};

extern struct memory memory;

/* Forgets all blocks. */
void memory_reset(void);

/* Zeroed memory from the heap of @thread, or NULL if that is used up. */
void *memory_alloc(enum thread_id thread, size_t size, size_t align);

/* Takes a block back, and poisons it. False: it is none, or was freed, or has another size. */
bool memory_free(void *ptr, size_t size);

/* Whether @p lies in a block that was handed out and not freed, on a stack, or outside. */
bool memory_alive(const volatile void *p);

/* The number of blocks that are not freed. */
size_t memory_blocks(void);

/* How much of the heap of @thread was handed out so far. */
size_t memory_used(enum thread_id thread);

/* One byte for each word of the heap tells its state. */
unsigned char *memory_shadow(enum thread_id thread);

#endif
