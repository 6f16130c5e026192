/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * seams.h - threads that stop at a seam of the library until they are told to go on.
 */
#ifndef RCUMAP_TESTS_SEAMS_H
#define RCUMAP_TESTS_SEAMS_H

#include "../lib/seam.h"
#include "support.h"

/*
 * Whether operations come to @at without another thread in their way, and with all the memory they
 * ask for.
 */
static inline bool seam_is_common(enum rcumap_seam at)
{
	static const enum rcumap_seam common[] = {
		SEAM_STRIPE_HELD, SEAM_HEADER_READ,  SEAM_VALUE_READ,	SEAM_PUT_SLOW,
		SEAM_TAGGED,	  SEAM_REMOVE,	     SEAM_DELETED,	SEAM_COPIED,
		SEAM_MOVED,	  SEAM_PROMOTE,	     SEAM_PROMOTED,	SEAM_ARMED,
		SEAM_RETIRE_NOTE, SEAM_RETIRE_ENTRY, SEAM_RANGE_COPIED,
	};

	for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++)
		if (common[i] == at)
			return true;
	return false;
}

struct stopped;

/* Starts a registered thread that runs @run; returns when it has stopped at @seam. */
struct stopped *stopped_start(enum rcumap_seam seam, void (*run)(void *arg), void *arg);

/* Starts a registered thread that runs @run, without stopping. */
struct stopped *running_start(void (*run)(void *arg), void *arg);

/* Whether the thread has finished. */
bool stopped_done(struct stopped *stopped);

/* Lets the thread go on, if it has not finished, and waits for its end. */
void stopped_finish(struct stopped *stopped);

#endif
