/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Freed memory: poisoned, and kept for a while.
 *
 * The sanitizers do this better, and only if free() is called at once.
 */
#include "quarantine.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "watch.h"

#if defined(__SANITIZE_ADDRESS__)
#define ADDRESS_SANITIZER true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ADDRESS_SANITIZER true
#endif
#endif
#ifndef ADDRESS_SANITIZER
#define ADDRESS_SANITIZER false
#endif

#define POISON 0xdd /* as a pointer it is none, so following it is fatal */

enum { BLOCKS = 8192, BLOCK_MAX = 4096 };

static _Atomic(void *) blocks[BLOCKS];
static _Atomic(unsigned int) next; /* relaxed: any place will do */

void quarantine_free(void *ptr, size_t size)
{
	unsigned int place;

	if (ADDRESS_SANITIZER || THREAD_SANITIZER) {
		free(ptr);
		return;
	}
	memset(ptr, POISON, size);
	if (size <= BLOCK_MAX) {
		place = atomic_fetch_add_explicit(&next, 1, memory_order_relaxed) % BLOCKS;
		ptr = atomic_exchange_explicit(&blocks[place], ptr, memory_order_acq_rel);
	}
	free(ptr);
}

void quarantine_empty(void)
{
	for (int i = 0; i < BLOCKS; i++)
		free(atomic_exchange_explicit(&blocks[i], NULL, memory_order_acq_rel));
}
