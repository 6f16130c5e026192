/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The idle hand: one callback for each map, in flight only while there is something to do. It
 * finishes a migration, and shrinks a map that is too large for its keys, a portion a round.
 *
 * Retire callbacks kick it. The last delete has one coming, which sees that delete counted; and of
 * two that come at the same time, on two workers, one sees both: either's grace period began before
 * the other's section or ended after it.
 *
 * The hand has a rcu_head of its own, so that it pins the map and no table. (Queues that went on
 * calling themselves for it kept their tables, which were long replaced, as long as it worked.)
 */
#include "idle.h"

#include <errno.h>

#include "migrate.h"
#include "section.h"
#include "table.h"

#define FAILURES 8 /* rounds without memory, after which it is left to the next delete */

enum { RESTING, WORKING, KICKED };

/* Whether there is something to do, or was until just now. */
static bool idle_due(const struct rcumap *map)
{
	bool offline = section_enter(map->flavor);
	/* relaxed: if the destroy's grace period began before our section, it has brought the flag;
	 * if not, the sweep waits for us. */
	bool due = !load_relaxed(&map->destroyed) && rcumap__migrate_due_rcu(map);

	section_leave(map->flavor, offline);
	return due;
}

/* Does a portion. Returns whether there is more to do. */
static bool idle_work(struct rcumap *map)
{
	bool offline = section_enter(map->flavor);
	int err = -ECANCELED;

	if (!load_relaxed(&map->destroyed)) /* relaxed: as above */
		err = rcumap__migrate_portion_rcu(map);
	section_leave(map->flavor, offline);

	map->idle_failures = err == -ENOMEM ? map->idle_failures + 1 : 0;
	if (map->idle_failures == FAILURES)
		map->idle_failures = 0;
	else if (err != -ECANCELED)
		return true;
	return false;
}

static void idle_cb(struct rcu_head *rcu)
{
	struct rcumap *map = container_of(rcu, struct rcumap, idle_rcu);
	unsigned int state = WORKING;
	bool more;

	/* P15 observe (acquire): what the kicks were about. Pairs with P15 in rcumap__idle_kick(). */
	(void)exchange_acquire(&map->idle_state, WORKING);
	seam(SEAM_PORTION);
	more = idle_work(map);
	if (!more)
		seam(SEAM_REST);
	/* P15 publish (release): idle_rcu and idle_failures are free. Pairs with P15 in
	 * rcumap__idle_kick(). Fails if kicked since the exchange. */
	if (more || !cas_acq_rel(&map->idle_state, &state, RESTING))
		map->flavor->update_call_rcu(&map->idle_rcu, idle_cb);
	else
		rcumap__map_put(map);
}

void rcumap__idle_kick(struct rcumap *map)
{
	unsigned int state = load_relaxed(&map->idle_state); /* relaxed: only compared */

	if (!idle_due(map))
		return;
	/* P15 (acq_rel): as in idle_cb(). */
	while (!cas_acq_rel(&map->idle_state, &state, state == RESTING ? WORKING : KICKED))
		;
	seam(SEAM_KICKED);
	if (state != RESTING)
		return;
	add_relaxed(&map->refs, 1); /* relaxed: the caller's table pins the map */
	map->flavor->update_call_rcu(&map->idle_rcu, idle_cb);
}
