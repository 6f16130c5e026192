/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * A team: the players of a stage, each in a thread of its own, that begin each history together.
 * The first is the caller, who has registered with the flavor.
 */
#ifndef RCUMAP_STRESS_TEAM_H
#define RCUMAP_STRESS_TEAM_H

#include <pthread.h>

#include "player.h"

struct team;

struct seat {
	struct team *team;
	struct player *player;
};

struct team {
	struct player *players;
	unsigned int count;
	pthread_t thread[PLAYERS];
	struct seat seat[PLAYERS];
	_Atomic(unsigned int) turn;	/* counts histories; release: the steps are there */
	_Atomic(unsigned int) ready;	/* relaxed: only to begin at about the same time */
	_Atomic(unsigned int) finished; /* release: the records are there */
	_Atomic(bool) over;		/* relaxed: read after turn */
};

void team_start(struct team *team, struct player *players, unsigned int count);

/* All do their steps. */
void team_play(struct team *team);

void team_stop(struct team *team);

#endif
