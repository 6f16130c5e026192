/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The flavors of RCU by name, all in one program: liburcu's four, and c11, which ThreadSanitizer
 * understands (flavor_c11.c).
 *
 * Each flavor has a file of its own, since liburcu's headers map their short names to one flavor
 * for each file that includes them. Everything else goes through struct rcu_flavor_struct.
 */
#ifndef RCUMAP_STRESS_FLAVORS_H
#define RCUMAP_STRESS_FLAVORS_H

#include <stdbool.h>
#include <stddef.h>

#include <urcu/call-rcu.h>
#include <urcu/flavor.h>

struct flavor {
	const char *name;
	const struct rcu_flavor_struct *rcu;
	struct call_rcu_data *(*default_worker)(void); /* for rcumap_create_flavor() */
	struct call_rcu_data *(*create_worker)(unsigned long flags, int cpu);
	void (*set_worker)(struct call_rcu_data *worker); /* of the calling thread */
	bool reports; /* threads are online, and have to report quiescent states */
};

extern const struct flavor flavor_memb, flavor_mb, flavor_qsbr, flavor_bp, flavor_c11;

/* All of them; NULL at the end. */
extern const struct flavor *const flavors[];

/* The flavor of that name, or NULL. */
const struct flavor *flavor_find(const char *name);

/* Call_rcu workers that flavor_thread_begin() deals threads out to. */
enum { FLAVOR_WORKERS = 2 };

/*
 * Registers the calling thread, whose callbacks go to worker number @index modulo FLAVOR_WORKERS.
 * Number 0 is the flavor's default worker. Workers are started when they are first asked for, and
 * stay to the end of the program.
 */
void flavor_thread_begin(const struct flavor *flavor, unsigned int index);

/* Unregisters the calling thread. */
void flavor_thread_end(const struct flavor *flavor);

/* For a thread that is outside sections and holds nothing that it found in one. */
static inline void flavor_quiescent(const struct flavor *flavor)
{
	if (flavor->reports)
		flavor->rcu->read_quiescent_state();
}

#endif
