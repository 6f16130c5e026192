/* SPDX-License-Identifier: LGPL-2.1-or-later */
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
enum { YIELD = 64, NAP = 2048, SLEEP = 65536, FOCUS = 64 };

/* At most, in microseconds. */
enum { NAP_US = 200, SLEEP_US = 4000 };

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

static void delay(unsigned int often)
{
	struct rng *r = delay_rng();

	if (rng_below(r, YIELD) < often)
		sched_yield();
	if (level > 1 && rng_below(r, NAP) < often)
		nap(rng_below(r, NAP_US));
	if (level > 2 && rng_below(r, SLEEP) < often)
		nap(rng_below(r, SLEEP_US));
}

static void at_seam(enum rcumap_seam at)
{
	count(at);
	if (stop && at == stop_at) {
		void (*call)(void) = stop;

		stop = NULL;
		call();
	}
	if (level)
		delay(at == focus ? FOCUS * level : level);
}

void delay_in_hook(void)
{
	if (level)
		delay(level);
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
