/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The flavor of liburcu that the whole program uses, chosen in one place. Without URCU_API_MAP the
 * header of a flavor defines only its long names (urcu_memb_read_lock()); rcumap_create() needs the
 * short ones (rcu_flavor), and they read better.
 */
#ifndef CONNTRACK_RCU_H
#define CONNTRACK_RCU_H

#define URCU_API_MAP
#include <urcu/urcu-memb.h>

#endif
