/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Players: threads that do operations on a map and write down what they did, in the form of
 * history.h.
 */
#ifndef RCUMAP_STRESS_PLAYER_H
#define RCUMAP_STRESS_PLAYER_H

#include <rcumap.h>

#include "../flavor/flavors.h"
#include "history.h"
#include "nudge.h"
#include "profile.h"
#include "values.h"

enum { PLAYERS = 4, STEPS = 6, RECORDS = 2 * STEPS };

/* A map, and what is common to all that is done on it. */
struct stage {
	const struct flavor *flavor;
	const struct profile *profile;
	enum value_kind values;
	unsigned int players, keys;
	size_t key_len;
	uint64_t first_key; /* judged keys are so many from here on; then come fillers */
	struct rcumap *map;
};

struct player {
	const struct stage *stage;
	unsigned int number;
	struct rng rng;
	struct nudge nudge;
	uint32_t serial;	     /* of the values it has made */
	uint32_t seen[HISTORY_KEYS]; /* the value that it last saw each key with, or 0 */

	unsigned int fillers; /* of its own that it has stored last, and not deleted */
	bool fewer;	      /* it deletes them */

	unsigned int steps; /* of the history that is to be made */
	struct step step[STEPS];

	unsigned int records; /* the history, as far as this thread made it */
	struct operation record[RECORDS];
	uint64_t last_returned;

	uint64_t answers[OP_KINDS][2]; /* kept for the report: 0, others */
	uint64_t no_memory;	       /* likewise */
};

/* Does the steps. */
void player_run(struct player *player);

/* Starts a migration to another seed, unless the map is amended. */
void player_rekey(struct player *player);

/* Does one operation and writes it down as @op, which says its kind and key. */
void player_do(struct player *player, struct operation *op);

#endif
