/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Counts rounds of the call_rcu worker. A round is one grace period and up to 10 ms of the worker's
 * poll, and librcumap's promises are stated in rounds. The probe is a callback that arms itself
 * again each time it runs, and reads the allocator's figures then, without a call to the map.
 *
 * The numbers are upper bounds: what is freed in a round but after the probe's own callback is seen
 * in the next one.
 */
#ifndef CONNTRACK_PROBE_H
#define CONNTRACK_PROBE_H

#include <stddef.h>

#include "alloc.h"

struct probe_result {
	size_t at_once;	   /* dead connections when the probe started */
	size_t dead_conns; /* and when it ended */
	size_t dead_bytes;
	size_t map_bytes;
	unsigned int dead_rounds; /* until nothing dead was left; 0: never */
	unsigned int map_rounds;  /* until the map took at most map_target; 0: never */
	unsigned int rounds;	  /* watched in all */
};

/*
 * Watches until nothing dead is left and the map's own memory is down to map_target, at most limit
 * rounds. Called when the last operation has returned. 0, or -ETIMEDOUT: the worker is stuck.
 */
int probe_run(struct ledger *ledger, size_t map_target, unsigned int limit,
	      struct probe_result *result);

#endif
