/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Delays: threads that yield or sleep at the seams of the library, and in its hooks.
 */
#ifndef RCUMAP_TORTURE_DELAY_H
#define RCUMAP_TORTURE_DELAY_H

#include "../../lib/seam.h"
#include "../rng.h"

enum { DELAY_LEVELS = 4 };

/*
 * Begins to count seams, and to delay at them: @level 0 not at all, 1 by yielding, 2 and 3 by naps,
 * too. At @focus it is done often.
 */
void delay_begin(unsigned int level, enum rcumap_seam focus, uint64_t seed);

/* For what the library calls: the only place if it is not instrumented. */
void delay_in_hook(void);

/* The next time that this thread comes to @at, it calls @stop. */
void delay_stop_at(enum rcumap_seam at, void (*stop)(void));

/* Random numbers of the calling thread, whichever it is. */
struct rng *delay_rng(void);

/* Sleeps, whatever the level. */
void nap(unsigned int us);

#endif
