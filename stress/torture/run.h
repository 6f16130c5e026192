/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * A run: one scenario on one flavor, with what was chosen for it. There is one at a time in a
 * process; everybody reads it, and nobody writes it once it has begun.
 */
#ifndef RCUMAP_TORTURE_RUN_H
#define RCUMAP_TORTURE_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "../../lib/seam.h"
#include "../flavor/flavors.h"
#include "key.h"
#include "value.h"

struct options;
struct scenario;

struct run {
	const struct scenario *scenario;
	const struct flavor *flavor;
	uint64_t seed;
	double seconds;
	unsigned int threads;
	unsigned int keys; /* that have an owner, in each map */
	enum key_kind key; /* of the first map; others may differ if key_free */
	bool key_free;
	enum value_mode value;
	unsigned int delay;
	enum rcumap_seam focus;
	unsigned int require; /* a counter that must move besides; COUNTERS: none */
};

extern struct run run;

/* What the options leave open is chosen by the seed. */
void run_choose(const struct options *options, const struct scenario *scenario,
		const struct flavor *flavor);

/* The whole run, in a process of its own. Returns if it passes, else fails. */
void run_do(void);

#endif
