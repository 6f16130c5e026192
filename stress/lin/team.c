/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * See team.h. Nobody sleeps between histories, since to wake up takes longer than a history; who
 * waits spins for a while and then yields, as there may be fewer processors than players. With qsbr
 * it says that it is quiescent.
 */
#include "team.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

enum { SPINS = 256, READY_SPINS = 2048 };

static void wait_until(const struct flavor *flavor, _Atomic(unsigned int) *word, unsigned int value)
{
	for (unsigned int n = 1; atomic_load_explicit(word, memory_order_acquire) != value; n++) {
		if (n % SPINS)
			continue;
		flavor_quiescent(flavor);
		sched_yield();
	}
}

/* Waits for the others if they are about to come. */
static void meet(struct team *team)
{
	atomic_fetch_add_explicit(&team->ready, 1, memory_order_relaxed);
	for (unsigned int n = READY_SPINS; n; n--)
		if (atomic_load_explicit(&team->ready, memory_order_relaxed) == team->count)
			return;
}

static void *sit(void *arg)
{
	const struct seat *seat = arg;
	struct team *team = seat->team;
	struct player *player = seat->player;
	const struct flavor *flavor = player->stage->flavor;
	unsigned int turn = 0;

	flavor_thread_begin(flavor, player->number);
	for (;;) {
		wait_until(flavor, &team->turn, ++turn);
		if (atomic_load_explicit(&team->over, memory_order_relaxed))
			break;
		meet(team);
		player_run(player);
		flavor_quiescent(flavor);
		atomic_fetch_add_explicit(&team->finished, 1, memory_order_release);
	}
	flavor_thread_end(flavor);
	return NULL;
}

void team_start(struct team *team, struct player *players, unsigned int count)
{
	team->players = players;
	team->count = count;
	atomic_init(&team->turn, 0);
	atomic_init(&team->over, false);
	for (unsigned int i = 1; i < count; i++) {
		team->seat[i] = (struct seat){team, &players[i]};
		if (!pthread_create(&team->thread[i], NULL, sit, &team->seat[i]))
			continue;
		fprintf(stderr, "no thread\n");
		exit(2);
	}
}

void team_play(struct team *team)
{
	const struct flavor *flavor = team->players[0].stage->flavor;

	atomic_store_explicit(&team->ready, 0, memory_order_relaxed);
	atomic_store_explicit(&team->finished, 0, memory_order_relaxed);
	atomic_fetch_add_explicit(&team->turn, 1, memory_order_release);
	meet(team);
	player_run(&team->players[0]);
	flavor_quiescent(flavor);
	wait_until(flavor, &team->finished, team->count - 1);
}

void team_stop(struct team *team)
{
	const struct rcu_flavor_struct *rcu = team->players[0].stage->flavor->rcu;

	atomic_store_explicit(&team->over, true, memory_order_relaxed);
	atomic_fetch_add_explicit(&team->turn, 1, memory_order_release);
	rcu->thread_offline();
	for (unsigned int i = 1; i < team->count; i++)
		pthread_join(team->thread[i], NULL);
	rcu->thread_online();
}
