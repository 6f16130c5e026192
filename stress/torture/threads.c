/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Threads that do the steps of their role over and over.
 */
#include "threads.h"

#include <stdlib.h>

#include "counters.h"
#include "delay.h"
#include "fail.h"
#include "run.h"
#include "scenario.h"
#include "watch.h"

/* Steps after which a thread goes offline for an instant, where that means something. */
enum { OFFLINE = 64 };

static struct thread *threads;
static unsigned int threads_n;
static struct world **worlds;
static unsigned int worlds_n;
static _Atomic(bool) stopping, fill = true;

bool threads_fill(void)
{
	return watch_load(&fill);
}

void threads_set_fill(bool filling)
{
	watch_store(&fill, filling);
}

bool threads_stopping(void)
{
	return watch_load(&stopping);
}

void thread_rest(unsigned int us)
{
	run.flavor->rcu->thread_offline();
	nap(us);
	run.flavor->rcu->thread_online();
}

static void thread_step(struct thread *t, unsigned int steps)
{
	t->world = worlds[rng_below(&t->rng, worlds_n)];
	t->role->step(t);
	if (steps % OFFLINE == 0)
		thread_rest(0);
	else
		flavor_quiescent(run.flavor);
}

static void *thread_main(void *arg)
{
	struct thread *t = arg;
	unsigned int life = run.scenario->life;

	flavor_thread_begin(run.flavor, t->number);
	count(COUNT_THREADS);
	for (unsigned int i = 1; !watch_load(&stopping) && (!life || i <= life); i++)
		thread_step(t, i);
	flavor_thread_end(run.flavor);
	atomic_store_explicit(&t->finished, true, memory_order_release);
	return NULL;
}

static void thread_start(struct thread *t)
{
	atomic_init(&t->finished, false);
	check(!pthread_create(&t->id, NULL, thread_main, t), "no thread");
}

static void thread_init(struct thread *t, const struct role *role, struct rng *rng)
{
	t->role = role;
	t->rng = rng_make(rng_next(rng), t->number);
	t->climbed = calloc(worlds[0]->contended + 1, sizeof(*t->climbed));
	check(t->climbed, "no memory for a thread");
}

/* Numbers those that own keys. */
static void deal_out(void)
{
	unsigned int owners = 0;

	for (unsigned int i = 0; i < threads_n; i++)
		if (threads[i].role->owns)
			threads[i].owner = owners++;
	for (unsigned int i = 0; i < threads_n; i++)
		threads[i].owners = owners;
}

static unsigned int roles_count(const struct role *const *roles)
{
	unsigned int n = 0;

	while (n < ROLES_MAX && roles[n])
		n++;
	return n;
}

void threads_start(struct world **in, unsigned int n)
{
	static struct rng rng;
	const struct scenario *s = run.scenario;
	unsigned int roles = roles_count(s->roles), singles = roles_count(s->singles);

	if (!rng.state)
		rng = rng_make(run.seed, 2);
	worlds = in;
	worlds_n = n;
	threads_n = run.threads + singles;
	threads = calloc(threads_n, sizeof(*threads));
	check(threads, "no memory for threads");
	watch_store(&stopping, false);
	for (unsigned int i = 0; i < threads_n; i++) {
		threads[i].number = i;
		thread_init(&threads[i],
			    i < run.threads ? s->roles[i % roles] : s->singles[i - run.threads],
			    &rng);
	}
	deal_out();
	for (unsigned int i = 0; i < threads_n; i++)
		thread_start(&threads[i]);
}

static void thread_join(struct thread *t)
{
	run.flavor->rcu->thread_offline();
	pthread_join(t->id, NULL);
	run.flavor->rcu->thread_online();
}

void threads_renew(void)
{
	for (unsigned int i = 0; run.scenario->life && i < threads_n; i++) {
		if (!atomic_load_explicit(&threads[i].finished, memory_order_acquire))
			continue;
		thread_join(&threads[i]);
		thread_start(&threads[i]);
	}
}

void threads_join(void)
{
	watch_store(&stopping, true);
	for (unsigned int i = 0; i < threads_n; i++) {
		thread_join(&threads[i]);
		free(threads[i].climbed);
	}
	free(threads);
}
