/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Migrating: how keys move from the snapshot to its dirty table, of another size or seed.
 */
#ifndef RCUMAP_MIGRATE_H
#define RCUMAP_MIGRATE_H

#include "internal.h"

/*
 * Moves bucket @index of the amended table @t, whose stripe is held, if it is not moved yet, and
 * adds to *@moved, to be settled when the stripe is unlocked. 0, or -ENOMEM: its keys still live
 * there.
 */
int rcumap__migrate_bucket_locked(struct table *t, size_t index, size_t *moved);

/* Counts buckets that were moved, and promotes if they were the last. No stripe of @t is held. */
void rcumap__migrate_settle_rcu(struct table *t, size_t moved);

/*
 * A writer has been there: if the snapshot is amended, moves a few buckets of the stripe that @hash
 * leads to, or of another if that has none left. Waits for nobody.
 */
void rcumap__migrate_help_rcu(struct rcumap *map, uint64_t hash);

/* A writer's stripe has used up its budget: starts a migration if the table does not fit. */
void rcumap__migrate_balance_rcu(struct table *t, struct stripe *s);

/* Moves all that is left of the amended table @t; waits for stripes. 0 or -ENOMEM. */
int rcumap__migrate_finish_rcu(struct table *t);

/* Whether the map is amended, or overdue to shrink. */
bool rcumap__migrate_due_rcu(const struct rcumap *map);

/*
 * From a callback: starts the shrink that is overdue, if the map is not amended, and moves a
 * portion. Takes stripes by trylock. 0; -ECANCELED: there was nothing to do; -EBUSY: another thread
 * has just started a migration; -ENOMEM.
 */
int rcumap__migrate_portion_rcu(struct rcumap *map);

/*
 * Starts a migration to a table of the same size with another seed. 0, -EBUSY (one is under way) or
 * -ENOMEM. Writers move the buckets as they pass; nobody kicks the idle hand for it.
 */
int rcumap__migrate_rekey_rcu(struct rcumap *map, uint64_t seed);

#endif
