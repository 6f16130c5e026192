/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Maps that live for a few operations.
 */
#include "counters.h"
#include "fail.h"
#include "run.h"
#include "scenario.h"
#include "threads.h"
#include "watch.h"

enum { KEYS = 40 };

/* Destroyed without waiting, in a section: world_free() comes when its memory is back. */
static void leave(struct world *w)
{
	run.flavor->rcu->read_lock();
	watch_store(&w->forgets, true);
	check(!api.destroy(w->map), "destroy");
	run.flavor->rcu->read_unlock();
	for (unsigned int i = 0; i < 1000 && memory_held(&w->memory); i++)
		world_wait_round();
	world_free(w);
}

static void founder_step(struct thread *t)
{
	struct world *w =
		world_new(rng_below(&t->rng, KEY_KINDS), (struct population){KEYS, 0, 0}, false);
	unsigned int put = rng_below(&t->rng, KEYS), removed = rng_below(&t->rng, put + 1);

	for (unsigned int i = 0; i < put; i++)
		owned_put(w, i);
	for (unsigned int i = 0; i < removed; i++)
		owned_remove(w, i);
	if (w->mode == VALUE_OWN)
		world_empty(w); /* what is left would be forgotten */
	if (rng_one_in(&t->rng, 2))
		leave(w);
	else
		world_destroy(w);
}

const struct role role_founder = {"founder", founder_step, false};
