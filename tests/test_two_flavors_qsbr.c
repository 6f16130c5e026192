/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_two_flavors_qsbr.c - the half of test_two_flavors that is compiled for qsbr.
 */
#define FLAVOR_QSBR
#include "support.h"
#include "test_two_flavors.h"

int qsbr_create(struct rcumap **map, struct value_pool *pool)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;

	value_pool_attr(&attr, pool, true);
	return rcumap_create(map, &attr);
}

const struct rcu_flavor_struct *qsbr_flavor(void)
{
	return &rcu_flavor;
}

void qsbr_register_thread(void)
{
	rcu_register_thread();
}

void qsbr_unregister_thread(void)
{
	rcu_unregister_thread();
}

void qsbr_quiescent_state(void)
{
	rcu_quiescent_state();
}

int qsbr_drain(struct rcumap *map)
{
	int result;

	rcu_thread_offline();
	result = rcumap_drain(map);
	rcu_thread_online();
	return result;
}
