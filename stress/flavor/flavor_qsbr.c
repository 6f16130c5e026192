/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * qsbr: readers report quiescent states.
 */
#define URCU_API_MAP
#include <urcu/urcu-qsbr.h>

#include "flavors.h"

const struct flavor flavor_qsbr = {
	.name = "qsbr",
	.rcu = &rcu_flavor,
	.default_worker = get_default_call_rcu_data,
	.create_worker = create_call_rcu_data,
	.set_worker = set_thread_call_rcu_data,
	.reports = true,
};
