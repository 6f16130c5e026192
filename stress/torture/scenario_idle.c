/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * idle-shrink: a map is filled and emptied, and then nobody calls.
 */
#include "delay.h"
#include "run.h"
#include "scenario.h"

enum { LITTLE = 100 };

/* Fills the map with threads, which delete at the end. */
static void fill_much(struct world *w)
{
	threads_set_fill(true);
	threads_start(&w, 1);
	thread_rest(10000);
	threads_set_fill(false);
	thread_rest(rng_below(delay_rng(), 5000));
	threads_join();
}

static void fill_little(struct world *w)
{
	unsigned int n = 1 + rng_below(delay_rng(), LITTLE);

	for (unsigned int i = 0; i < n && i < w->owned; i++)
		owned_put(w, i);
}

/*
 * Writers shrink the map as they delete. So now and then there is no memory for a smaller table
 * until the last key is gone, and all is left to the idle hand; which may have given up by then,
 * until the next delete.
 */
static void empty(struct world *w)
{
	unsigned int refuse = rng_one_in(delay_rng(), 2) ? 1000 : 0;

	atomic_store_explicit(&w->memory.refuse, refuse, memory_order_relaxed);
	world_empty(w);
	atomic_store_explicit(&w->memory.refuse, 0, memory_order_relaxed);
	owned_put(w, 0);
	owned_remove(w, 0);
}

void drive_idle_shrink(void)
{
	struct population population = run.scenario->population;
	struct world *w;

	population.owned = run.keys;
	w = world_new(0, population, false);
	while (!run_is_over()) {
		if (rng_one_in(delay_rng(), 3))
			fill_much(w);
		else
			fill_little(w);
		empty(w);
		world_check_shrinks(w);
	}
	worlds_end(&w, 1);
}
