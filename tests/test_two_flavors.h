/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_two_flavors.h - what the qsbr half of test_two_flavors does for the memb half. Names no
 * flavor's header, since two of them cannot be included in one file.
 */
#ifndef RCUMAP_TESTS_TWO_FLAVORS_H
#define RCUMAP_TESTS_TWO_FLAVORS_H

#include <rcumap.h>

struct value_pool;

int qsbr_create(struct rcumap **map, struct value_pool *pool);
const struct rcu_flavor_struct *qsbr_flavor(void);
void qsbr_register_thread(void);
void qsbr_unregister_thread(void);
void qsbr_quiescent_state(void);

/* Drains a map of either flavor: offline in qsbr, since memb's drain knows nothing of it. */
int qsbr_drain(struct rcumap *map);

#endif /* RCUMAP_TESTS_TWO_FLAVORS_H */
