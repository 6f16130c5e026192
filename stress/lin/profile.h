/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Profiles: what becomes of the map while the histories are made. Keys other than the judged ones,
 * fillers, make it grow and shrink.
 */
#ifndef RCUMAP_STRESS_PROFILE_H
#define RCUMAP_STRESS_PROFILE_H

#include <rcumap.h>

#include "history.h"
#include "../rng.h"

enum profile_hash {
	HASH_BUILT_IN,
	HASH_FOUR,     /* of which there are four */
	HASH_CONSTANT, /* all keys in one chain */
};

struct profile {
	const char *name;
	enum profile_hash hash;
	unsigned int expected;	    /* keys, for which the map makes room at once */
	unsigned int fillers;	    /* of each thread come and go: from none to so many */
	unsigned int filler_steps;  /* at most so many at a time, between two operations */
	unsigned int rekey_one_in;  /* operations, after which another seed is wanted; 0: none */
	unsigned int clears;	    /* weight among the operations */
	bool amended;		    /* each history begins in the middle of a rekey */
	unsigned int refuse_one_in; /* allocations; 0: none */
};

extern const struct profile profiles[];
extern const unsigned int profile_count;

/* Sets the hash and the size. */
void profile_attr(const struct profile *profile, struct rcumap_attr *attr);

/* One thing that a thread does in a history. */
struct step {
	enum operation_kind kind;
	unsigned int key;
	unsigned int wait; /* before it, at most so many turns of a loop */
	bool guess;	   /* compare-and-...: with a value seen earlier, where that is allowed */
	bool same;	   /* compare-and-swap: a value with itself */
	bool bare;	   /* not in a section, if it need not be */
	bool rekey;	   /* afterwards */
	unsigned int fillers; /* afterwards */
};

/* How often each kind of operation is chosen in a history. */
struct mix {
	unsigned int weight[OP_KINDS], sum;
	bool counts; /* so fillers stay as they are, and nothing clears them */
};

struct mix profile_mix(const struct profile *profile, struct rng *rng);
struct step profile_step(const struct profile *profile, const struct mix *mix, unsigned int keys,
			 struct rng *rng);

#endif
