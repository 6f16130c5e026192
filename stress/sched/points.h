/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * points.h - included before every source of the library when it is built for the scheduler
 * (-include): whatever one thread can see of another goes through the scheduler first.
 *
 * The library reaches shared words by the macros of lib/order.h, which end in atomic_*_explicit(),
 * and waits by pthread_mutex_*(). Both are defined anew here: an access first tells the scheduler
 * which word it is about to read or write, and may be made to wait there; then it is made by plain C,
 * since only one thread of the scheduler runs at a time. So the library's sources know nothing of
 * this, and without this header nothing of it is built.
 *
 * Memory orders are dropped: what is explored is sequentially consistent.
 */
#ifndef RCUMAP_STRESS_POINTS_H
#define RCUMAP_STRESS_POINTS_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/random.h>
#include <unistd.h>

#include "machine.h"

#define POINT(p, kind) machine_access((const volatile void *)(p), kind, #p, __func__)

#undef atomic_load_explicit
#define atomic_load_explicit(p, order) (POINT(p, ACCESS_LOAD), (void)(order), *(p))

#undef atomic_store_explicit
#define atomic_store_explicit(p, v, order) \
	({ \
		__typeof__((void)0, *(p)) store_v = (v); \
		POINT(p, ACCESS_STORE); \
		(void)(order); \
		*(p) = store_v; \
	})

#undef atomic_exchange_explicit
#define atomic_exchange_explicit(p, v, order) \
	({ \
		__typeof__((void)0, *(p)) exchange_v = (v), exchange_was; \
		POINT(p, ACCESS_UPDATE); \
		(void)(order); \
		exchange_was = *(p); \
		*(p) = exchange_v; \
		exchange_was; \
	})

#undef atomic_compare_exchange_strong_explicit
#define atomic_compare_exchange_strong_explicit(p, expected, v, order, failure) \
	({ \
		__typeof__((void)0, *(p)) cas_v = (v), cas_was; \
		POINT(p, ACCESS_UPDATE); \
		(void)(order); \
		(void)(failure); \
		cas_was = *(p); \
		if (cas_was == *(expected)) \
			*(p) = cas_v; \
		cas_was == *(expected) ? 1 : (*(expected) = cas_was, 0); \
	})

#undef atomic_fetch_add_explicit
#define atomic_fetch_add_explicit(p, v, order) \
	({ \
		__typeof__((void)0, *(p)) add_was; \
		POINT(p, ACCESS_UPDATE); \
		(void)(order); \
		add_was = *(p); \
		*(p) = add_was + (v); \
		add_was; \
	})

#undef atomic_fetch_sub_explicit
#define atomic_fetch_sub_explicit(p, v, order) atomic_fetch_add_explicit(p, -(v), order)

#define pthread_mutex_init(m, attr) machine_mutex_init(m)
#define pthread_mutex_destroy(m) machine_mutex_destroy(m)
#define pthread_mutex_lock(m) machine_mutex_lock(m, #m, __func__)
#define pthread_mutex_trylock(m) machine_mutex_trylock(m, #m, __func__)
#define pthread_mutex_unlock(m) machine_mutex_unlock(m, #m, __func__)

/* One seed and one number of processors, so that a schedule says the same everywhere. */
#define getrandom(buf, size, flags) machine_random(buf, size)
#define sysconf(name) 2

/* Threads of the scheduler are coroutines of one thread: machine.c keeps a copy for each. */
#define _Thread_local __attribute__((section("machine_locals")))

#endif
