/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Sections that operations open for themselves, and the question whether a thread may wait for
 * grace periods.
 *
 * With qsbr, read_ongoing() says only that the thread is online, and its caller may hold pointers:
 * so no operation goes offline or quiescent but those that wait for grace periods.
 */
#ifndef RCUMAP_SECTION_H
#define RCUMAP_SECTION_H

#include "internal.h"

/* Opens a section. Returns whether the thread was offline (qsbr), for section_leave(). */
static inline bool section_enter(const struct rcu_flavor_struct *flavor)
{
	bool offline = !flavor->read_ongoing();

	if (offline)
		flavor->thread_online();
	flavor->read_lock();
	return offline;
}

static inline void section_leave(const struct rcu_flavor_struct *flavor, bool offline)
{
	flavor->read_unlock();
	if (offline)
		flavor->thread_offline();
}

/*
 * Bracket the calls of a visit callback or of value_free: waiting there would be waiting for
 * oneself.
 */
void rcumap__nowait_enter(void);
void rcumap__nowait_leave(void);

/*
 * Bracket code that waits for grace periods. Enter gives -EDEADLK in a section, a visit callback or
 * value_free; else whether the thread was online (qsbr), for leave.
 */
int rcumap__wait_enter(const struct rcu_flavor_struct *flavor);
void rcumap__wait_leave(const struct rcu_flavor_struct *flavor, int online);

#endif
