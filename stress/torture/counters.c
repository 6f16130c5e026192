/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * What a run has done: counters for each thread.
 */
#include "counters.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Threads share blocks when there are more of them, and lose no count for it. */
enum { BLOCKS = 64 };

struct block {
	alignas(64) _Atomic(uint64_t) counts[COUNTERS]; /* relaxed: only added up */
};

static struct shared {
	struct block blocks[BLOCKS];
	_Atomic(unsigned int) threads;
	_Atomic(bool) claimed;
	char message[MESSAGE_SIZE];
} * shared;

static _Thread_local struct block *mine;

static const char *const names[COUNTERS] = {
	[SEAM_STRIPE_HELD] = "stripes-locked",
	[SEAM_HEADER_READ] = "buckets-probed",
	[SEAM_CHAINED] = "chains-walked",
	[SEAM_FOLLOW] = "moved-followed",
	[SEAM_VALUE_READ] = "values-read",
	[SEAM_VALUE_RETRY] = "value-retries",
	[SEAM_VALUE_LOST] = "values-lost",
	[SEAM_PUT_SLOW] = "slow-puts",
	[SEAM_PUT_DELETED] = "puts-met-deleted",
	[SEAM_PUT_PRESENT] = "puts-found-present",
	[SEAM_TAGGED] = "slots-filled",
	[SEAM_CHUNK] = "chunks",
	[SEAM_LINKED] = "overflows-linked",
	[SEAM_REMOVE] = "slow-removes",
	[SEAM_REMOVE_LOST] = "removes-lost",
	[SEAM_DELETED] = "entries-deleted",
	[SEAM_CLEAR] = "snapshots-cleared",
	[SEAM_RANGE_FINISH] = "ranges-finished-migration",
	[SEAM_RANGE_COPIED] = "buckets-walked",
	[SEAM_GROW] = "grows",
	[SEAM_SHRINK] = "shrinks",
	[SEAM_RENEW] = "renewals",
	[SEAM_COPIED] = "buckets-moved",
	[SEAM_UNDO] = "copies-undone",
	[SEAM_UNDO_RESTART] = "undo-restarts",
	[SEAM_MOVED] = "moves-settled",
	[SEAM_PROMOTE] = "promotions-tried",
	[SEAM_PROMOTED] = "promotions",
	[SEAM_PROMOTE_LOST] = "promotions-lost",
	[SEAM_RETIRE_ENTRY] = "entries-retired",
	[SEAM_RETIRE_NOTE] = "notes-retired",
	[SEAM_RETIRE_VALUE] = "values-retired",
	[SEAM_ARMED] = "queues-armed",
	[SEAM_RETIRE_CB] = "retire-callbacks",
	[SEAM_IDLE] = "queues-emptied",
	[SEAM_WENT_IDLE] = "queues-idle",
	[SEAM_KICKED] = "idle-kicks",
	[SEAM_PORTION] = "idle-portions",
	[SEAM_REST] = "idle-rests",
	[SEAM_SWEEP_START] = "sweeps",
	[SEAM_SWEEP] = "sweep-portions",
	[SEAM_SWEPT] = "sweeps-ended",
	[COUNT_HIT] = "hits",
	[COUNT_MISS] = "misses",
	[COUNT_INSERTED] = "inserted",
	[COUNT_REPLACED] = "replaced",
	[COUNT_DELETED] = "deleted",
	[COUNT_SWAPPED] = "swapped",
	[COUNT_NOT_SWAPPED] = "not-swapped",
	[COUNT_RANGES] = "ranges",
	[COUNT_VISITS] = "visits",
	[COUNT_CLEARS] = "clears",
	[COUNT_REKEYS] = "rekeys",
	[COUNT_DRAINS] = "drains",
	[COUNT_MAPS] = "maps",
	[COUNT_SHRUNK] = "shrunk-when-idle",
	[COUNT_STALLS] = "stalls",
	[COUNT_THREADS] = "threads",
	[COUNT_NOMEM] = "out-of-memory",
	[COUNT_ALLOCS] = "allocations",
	[COUNT_FREES] = "frees",
	[COUNT_REFUSED] = "refused",
	[COUNT_CALL_RCU] = "call_rcu",
	[COUNT_VALUES] = "values",
	[COUNT_VALUES_FREED] = "values-freed",
	[COUNT_GRACE] = "grace-periods",
	[COUNT_AGE_LIVE] = "age-0",
	[COUNT_AGE_RETIRED] = "age-1",
	[COUNT_AGE_OVER] = "age-2+",
};

void counters_make(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED) {
		perror("rcumap-torture: mmap");
		exit(2);
	}
}

void counters_reset(void)
{
	memset(shared, 0, sizeof(*shared));
}

void count_add(unsigned int counter, uint64_t n)
{
	if (!mine)
		mine = &shared->blocks[atomic_fetch_add_explicit(&shared->threads, 1,
								 memory_order_relaxed) %
				       BLOCKS];
	atomic_fetch_add_explicit(&mine->counts[counter], n, memory_order_relaxed);
}

uint64_t counted(unsigned int counter)
{
	uint64_t sum = 0;

	for (int i = 0; i < BLOCKS; i++)
		sum += atomic_load_explicit(&shared->blocks[i].counts[counter],
					    memory_order_relaxed);
	return sum;
}

const char *counter_name(unsigned int counter)
{
	return names[counter];
}

unsigned int counter_find(const char *name)
{
	unsigned int i = 0;

	while (i < COUNTERS && strcmp(names[i], name))
		i++;
	return i;
}

bool counters_claim_message(void)
{
	return !atomic_exchange_explicit(&shared->claimed, true, memory_order_relaxed);
}

char *counters_message(void)
{
	return shared->message;
}
