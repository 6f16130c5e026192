/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * What a run has done, and where in the library it has been: counters for each thread, and the
 * message of the check that failed. They lie in memory that the reporting process shares with the
 * running one, so that they are told whatever becomes of it.
 */
#ifndef RCUMAP_TORTURE_COUNTERS_H
#define RCUMAP_TORTURE_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "../../lib/seam.h"

/*
 * Counters are numbers: first the library's seams, which stay 0 unless it is instrumented, then
 * these.
 */
enum {
	COUNT_HIT = SEAMS,
	COUNT_MISS,
	COUNT_INSERTED,
	COUNT_REPLACED,
	COUNT_DELETED,
	COUNT_SWAPPED,
	COUNT_NOT_SWAPPED,
	COUNT_RANGES,
	COUNT_VISITS,
	COUNT_CLEARS,
	COUNT_REKEYS,
	COUNT_DRAINS,
	COUNT_MAPS,
	COUNT_SHRUNK,
	COUNT_STALLS,
	COUNT_THREADS,
	COUNT_NOMEM,
	COUNT_ALLOCS,
	COUNT_FREES,
	COUNT_REFUSED,
	COUNT_CALL_RCU,
	COUNT_VALUES,
	COUNT_VALUES_FREED,
	COUNT_GRACE,
	COUNT_AGE_LIVE,
	COUNT_AGE_RETIRED,
	COUNT_AGE_OVER,
	COUNTERS
};

/* Makes the memory; before the fork. */
void counters_make(void);

/* For the next run. */
void counters_reset(void);

void count_add(unsigned int counter, uint64_t n);

static inline void count(unsigned int counter)
{
	count_add(counter, 1);
}

/* The sum over all threads. */
uint64_t counted(unsigned int counter);

const char *counter_name(unsigned int counter);

/* The counter of that name, or COUNTERS. */
unsigned int counter_find(const char *name);

/* Whether it can move with the library in use only if that is instrumented. */
static inline bool counter_is_inside(unsigned int counter)
{
	return counter < SEAMS;
}

/* Whether the message is ours to write: true once for each run. */
bool counters_claim_message(void);

/* Where the message of the first check that failed goes, and how long it may be. */
enum { MESSAGE_SIZE = 1024 };
char *counters_message(void);

#endif
