/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * bp: threads register themselves.
 */
#define URCU_API_MAP
#include <urcu/urcu-bp.h>

#include "flavors.h"

const struct flavor flavor_bp = {
	.name = "bp",
	.rcu = &rcu_flavor,
	.default_worker = get_default_call_rcu_data,
	.create_worker = create_call_rcu_data,
	.set_worker = set_thread_call_rcu_data,
};
