/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Sections: who may wait for grace periods, and who must not.
 */
#include "section.h"

#include <errno.h>

/* How many visit callbacks and value_free calls this thread is inside, of all maps. */
static _Thread_local unsigned int nowait_depth;

void rcumap__nowait_enter(void)
{
	nowait_depth++;
}

void rcumap__nowait_leave(void)
{
	nowait_depth--;
}

int rcumap__wait_enter(const struct rcu_flavor_struct *flavor)
{
	if (nowait_depth)
		return -EDEADLK;
	if (!flavor->read_ongoing())
		return 0;

	/* In a section; or online, if that is all the flavor knows. Going offline tells: it ends
	 * the one, not the other. */
	flavor->thread_offline();
	return flavor->read_ongoing() ? -EDEADLK : 1;
}

void rcumap__wait_leave(const struct rcu_flavor_struct *flavor, int online)
{
	if (online)
		flavor->thread_online();
}
