/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The clock of the histories: CLOCK_MONOTONIC, in nanoseconds.
 *
 * A shared counter would be simpler, but each of its ticks is a full fence, and orders the threads
 * by itself: it would hide just the missing order that a history is to show (and tell
 * ThreadSanitizer of an order that the map has not made). Reading this clock stores nothing that is
 * shared. The kernel promises that it never goes back, whichever processors read it; it drops a
 * counter whose processors disagree.
 *
 * A history must not claim more order than there was. So the time of invocation is read before the
 * operation's first access, and that of return after its last; the fences below see to it, and keep
 * it to that: they hold back loads, and leave stores in the processor's buffer, where what the
 * operation forgot to make visible must still be when the next one begins. On other machines than
 * x86 it takes full fences.
 */
#ifndef RCUMAP_STRESS_CLOCK_H
#define RCUMAP_STRESS_CLOCK_H

#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

static inline void clock_fence(void)
{
#if defined(__x86_64__)
	__asm__ __volatile__("lfence" ::: "memory");
#else
	atomic_thread_fence(memory_order_seq_cst);
#endif
}

static inline uint64_t clock_read(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* The time of an invocation: later than @last, since operations of one thread do not overlap. */
static inline uint64_t clock_invoke(uint64_t last)
{
	uint64_t now = clock_read();

	while (now <= last)
		now = clock_read();
	clock_fence();
	return now;
}

static inline uint64_t clock_return(void)
{
	clock_fence();
	return clock_read();
}

#endif
