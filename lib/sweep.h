/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Sweeping: freeing all that a table holds, after a clear or a destroy has taken it from the map.
 */
#ifndef RCUMAP_SWEEP_H
#define RCUMAP_SWEEP_H

#include "internal.h"

/* Frees @t, which was the snapshot until now, and its dirty table, after a grace period. */
void rcumap__sweep_start(struct table *t);

/* How many sweeps of @map were started so far. */
size_t rcumap__sweep_tickets(struct rcumap *map);

/* Whether one of the first @tickets sweeps is still under way. */
bool rcumap__sweep_under_way(struct rcumap *map, size_t tickets);

#endif
