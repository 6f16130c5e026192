/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Delays at the seams of the library, and in its hooks.
 */
#include "delay.h"

#include <sched.h>
#include <stdatomic.h>
#include <time.h>

#include "api.h"
#include "counters.h"

/* Out of how many passages one is delayed, at level 1. */
enum { YIELD = 64, NAP = 2048, SLEEP = 65536 };

/* At most, in microseconds. */
enum { NAP_US = 200, SLEEP_US = 4000, FOCUS_US = 2000 };

/* Between two naps at the focus a thread works this many times as long as it napped. */
enum { WORK = 2 };

static unsigned int level;
static enum rcumap_seam focus;
static uint64_t seed;
static _Atomic(uint64_t) streams; /* relaxed: deals out numbers */

static _Thread_local struct rng rng;
static _Thread_local void (*stop)(void);
static _Thread_local enum rcumap_seam stop_at;

void nap(unsigned int us)
{
	struct timespec t = {us / 1000000, us % 1000000 * 1000};

	nanosleep(&t, NULL);
}

struct rng *delay_rng(void)
{
	if (!rng.state)
		rng = rng_make(seed,
			       1000 + atomic_fetch_add_explicit(&streams, 1, memory_order_relaxed));
	return &rng;
}

static uint64_t clock_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void delay(void)
{
	struct rng *r = delay_rng();

	if (rng_below(r, YIELD) < level)
		sched_yield();
	if (level > 1 && rng_below(r, NAP) < level)
		nap(rng_below(r, NAP_US));
	if (level > 2 && rng_below(r, SLEEP) < level)
		nap(rng_below(r, SLEEP_US));
}

/* A seam that few pass delays each of them; where many pass, the run goes on nevertheless. */
static void delay_at_focus(void)
{
	static _Thread_local uint64_t rested;
	unsigned int us = rng_below(delay_rng(), FOCUS_US);

	sched_yield();
	if (level < 2 || clock_us() < rested + WORK * us)
		return;
	nap(us);
	rested = clock_us();
}

static void at_seam(enum rcumap_seam at)
{
	count(at);
	if (stop && at == stop_at) {
		void (*call)(void) = stop;

		stop = NULL;
		call();
	}
	if (level && at == focus)
		delay_at_focus();
	else if (level)
		delay();
}

void delay_in_hook(void)
{
	if (level)
		delay();
}

void delay_stop_at(enum rcumap_seam at, void (*call)(void))
{
	stop_at = at;
	stop = call;
}

void delay_begin(unsigned int how_much, enum rcumap_seam where, uint64_t run_seed)
{
	level = how_much;
	focus = where;
	seed = run_seed;
	if (api.seam_hook)
		*api.seam_hook = at_seam;
}
