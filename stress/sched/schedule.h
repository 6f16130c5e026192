/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * schedule.h - which thread ran when, as a short string: "A12B3A20" means that A ran until it had
 * made 12 steps, then B until it had made 3, then A until it had made 20.
 *
 * All steps count, also those before which nobody can be preempted, so that a string does not depend
 * on what the explorer knew when it printed it.
 */
#ifndef RCUMAP_STRESS_SCHEDULE_H
#define RCUMAP_STRESS_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>

#include "memory.h"

enum { SCHEDULE_RUNS = 512 };

struct schedule {
	unsigned int n;
	struct run {
		unsigned char thread;
		unsigned int steps;
	} run[SCHEDULE_RUNS];
};

/* The thread has run; it has made so many steps by now. */
void schedule_add(struct schedule *s, enum thread_id thread, unsigned int steps);

/* Writes the string, at most @size bytes; returns @to. */
char *schedule_format(const struct schedule *s, char *to, size_t size);

/* False: the string is none. */
bool schedule_parse(struct schedule *s, const char *from);

#endif
