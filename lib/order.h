/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The memory orders that the map uses, by name. Nothing else in lib/ spells a memory_order_*.
 *
 * Every use says which pair of doc/ordering.md it belongs to (P1, P2, ...) or why relaxed will do.
 */
#ifndef RCUMAP_ORDER_H
#define RCUMAP_ORDER_H

#include <stdatomic.h>
#include <stdbool.h>

#define load_relaxed(p) atomic_load_explicit(p, memory_order_relaxed)
#define load_acquire(p) atomic_load_explicit(p, memory_order_acquire)
#define store_relaxed(p, v) atomic_store_explicit(p, v, memory_order_relaxed)
#define store_release(p, v) atomic_store_explicit(p, v, memory_order_release)

#define exchange_acquire(p, v) atomic_exchange_explicit(p, v, memory_order_acquire)
#define exchange_acq_rel(p, v) atomic_exchange_explicit(p, v, memory_order_acq_rel)

/* A failed compare-and-exchange is a load: acquire, since its result is often dereferenced. */
#define cas_acq_rel(p, expected, v) \
	atomic_compare_exchange_strong_explicit(p, expected, v, memory_order_acq_rel, \
						memory_order_acquire)

#define add_relaxed(p, v) atomic_fetch_add_explicit(p, v, memory_order_relaxed)
#define sub_acq_rel(p, v) atomic_fetch_sub_explicit(p, v, memory_order_acq_rel)

/*
 * P12 fence (seq_cst): ends every operation that changed the map, so that "store a, load b" against
 * "store b, load a" cannot both miss. Pairs with itself in the other thread. On x86 the operation
 * has just executed a locked instruction after its linearization point (the compare-and-exchange
 * itself, or the unlock of a stripe), which is a full fence already; only the compiler has to be
 * told.
 */
static inline void order_full_fence(void)
{
#if defined(__x86_64__) || defined(__i386__)
	atomic_signal_fence(memory_order_seq_cst);
#else
	atomic_thread_fence(memory_order_seq_cst);
#endif
}

#endif
