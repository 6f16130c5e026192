/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Readers that stay in a section, and writers that stop with a stripe in their hands.
 */
#include "counters.h"
#include "delay.h"
#include "fail.h"
#include "run.h"
#include "scenario.h"
#include "threads.h"

enum { HELD = 8, STALL_US = 100000, POLL_US = 1000 };

/* What others must do meanwhile, and how long that may take. */
enum { LOADS = 100, SWAPS = 100, PATIENCE_US = 30000000 };

/* A part of the run, but not too long. */
static unsigned int stall_us(void)
{
	unsigned int us = (unsigned int)(run.seconds * 100000);

	return us < STALL_US ? us : STALL_US;
}

static void sleeper_step(struct thread *t)
{
	struct world *w = t->world;
	struct value *held[HELD];
	unsigned int numbers[HELD];

	run.flavor->rcu->read_lock();
	for (int i = 0; i < HELD; i++) {
		struct key_bytes b;

		numbers[i] = rng_below(&t->rng, w->owned);
		b = key_make(w->kind, numbers[i]);
		held[i] = api.load(w->map, b.bytes, b.len);
	}
	nap(rng_below(&t->rng, stall_us()));
	for (int i = 0; i < HELD; i++)
		if (held[i])
			value_check(held[i], numbers[i]);
	run.flavor->rcu->read_unlock();
	count(COUNT_STALLS);
	thread_rest(rng_below(&t->rng, 2000));
}

const struct role role_sleeper = {"sleeper", sleeper_step, false};

static uint64_t loads(void)
{
	return counted(COUNT_HIT) + counted(COUNT_MISS);
}

/* Whether as much has been done since @loads_before and @swaps_before as shows that others go on. */
static bool others_go_on(uint64_t loads_before, uint64_t swaps_before)
{
	return loads() >= loads_before + LOADS && counted(COUNT_SWAPPED) >= swaps_before + SWAPS;
}

/* With a stripe held: loads go on, and so do swaps of the value of a key that is present. */
static void stall(void)
{
	uint64_t loads_before = loads(), swaps_before = counted(COUNT_SWAPPED);

	nap(stall_us() / 4);
	for (unsigned int waited = 0; !others_go_on(loads_before, swaps_before);
	     waited += POLL_US) {
		if (threads_stopping())
			return; /* they have stopped, for another reason */
		check(waited < PATIENCE_US, "%llu loads and %llu swaps while a writer is stopped",
		      (unsigned long long)(loads() - loads_before),
		      (unsigned long long)(counted(COUNT_SWAPPED) - swaps_before));
		nap(POLL_US);
	}
	count(COUNT_STALLS);
}

static void stalled_step(struct thread *t)
{
	/* Not before the key that is swapped is present: to insert it may take this stripe. */
	if (counted(COUNT_SWAPPED) > SWAPS && rng_one_in(&t->rng, 32))
		delay_stop_at(SEAM_STRIPE_HELD, stall);
	role_owner.step(t);
}

const struct role role_stalled = {"stalled", stalled_step, true};
