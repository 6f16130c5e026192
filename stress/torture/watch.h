/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * What threads tell each other beside the map: versions of keys, whether to stop, ages.
 *
 * These words order what they have to: who sees that a store has returned sees that store in the
 * map. But such an edge beside the map would hide a missing one inside it from ThreadSanitizer. In
 * its build they are relaxed, and what is concluded from them relies on the machine (x86) keeping
 * stores in order, and loads.
 */
#ifndef RCUMAP_TORTURE_WATCH_H
#define RCUMAP_TORTURE_WATCH_H

#include <stdatomic.h>
#include <stdbool.h>

#if defined(__SANITIZE_THREAD__)
#define THREAD_SANITIZER true
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define THREAD_SANITIZER true
#endif
#endif
#ifndef THREAD_SANITIZER
#define THREAD_SANITIZER false
#endif

#define WATCH_LOAD (THREAD_SANITIZER ? memory_order_relaxed : memory_order_acquire)
#define WATCH_STORE (THREAD_SANITIZER ? memory_order_relaxed : memory_order_release)
#define WATCH_BOTH (THREAD_SANITIZER ? memory_order_relaxed : memory_order_seq_cst)

#define watch_load(p) atomic_load_explicit(p, WATCH_LOAD)
#define watch_store(p, v) atomic_store_explicit(p, v, WATCH_STORE)
#define watch_exchange(p, v) atomic_exchange_explicit(p, v, WATCH_BOTH)
#define watch_add(p, v) atomic_fetch_add_explicit(p, v, WATCH_BOTH)
#define watch_cas(p, expected, v) \
	atomic_compare_exchange_strong_explicit(p, expected, v, WATCH_BOTH, memory_order_relaxed)

#endif
