/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * schedule.c - which thread ran when, as a short string; see schedule.h.
 */
#include "schedule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"

void schedule_add(struct schedule *s, enum thread_id thread, unsigned int steps)
{
	if (s->n && s->run[s->n - 1].thread == thread) {
		s->run[s->n - 1].steps = steps;
		return;
	}
	if (s->n == SCHEDULE_RUNS) {
		machine_fail("more than %d switches", SCHEDULE_RUNS);
		return;
	}
	s->run[s->n++] = (struct run){(unsigned char)thread, steps};
}

char *schedule_format(const struct schedule *s, char *to, size_t size)
{
	size_t at = 0;

	to[0] = '\0';
	for (unsigned int i = 0; i < s->n && at < size; i++)
		at += (size_t)snprintf(to + at, size - at, "%c%u", machine_name(s->run[i].thread),
				       s->run[i].steps);
	return to;
}

static bool parse_thread(char name, enum thread_id *id)
{
	for (*id = 0; *id < THREAD_F; ++*id)
		if (machine_name(*id) == name)
			return true;
	return false;
}

bool schedule_parse(struct schedule *s, const char *from)
{
	enum thread_id id;
	char *end;

	for (s->n = 0; *from && s->n < SCHEDULE_RUNS; from = end) {
		if (!parse_thread(*from, &id))
			return false;
		s->run[s->n++] =
			(struct run){(unsigned char)id, (unsigned int)strtoul(from + 1, &end, 10)};
		if (end == from + 1)
			return false;
	}
	return !*from;
}
