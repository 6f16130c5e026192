/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * memb, the default flavor: a grace period interrupts the readers by membarrier(2).
 */
#define URCU_API_MAP
#include <urcu/urcu-memb.h>

#include "flavors.h"

const struct flavor flavor_memb = {
	.name = "memb",
	.rcu = &rcu_flavor,
	.default_worker = get_default_call_rcu_data,
	.create_worker = create_call_rcu_data,
	.set_worker = set_thread_call_rcu_data,
};
