/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * seams.h - threads that stop at a seam of the library until they are told to go on.
 */
#ifndef RCUMAP_TESTS_SEAMS_H
#define RCUMAP_TESTS_SEAMS_H

#include "../lib/seam.h"
#include "support.h"

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
