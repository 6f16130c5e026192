/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The command line of rcumap-histories.
 */
#ifndef RCUMAP_STRESS_OPTIONS_H
#define RCUMAP_STRESS_OPTIONS_H

#include <stdint.h>

#include "../flavor/flavors.h"
#include "profile.h"

struct options {
	uint64_t histories, seconds, seed;
	const struct flavor *flavor;
	const struct profile *profile; /* NULL: all in turn */
};

/* Ends the program if there is nothing to run, or if it can't be understood. */
struct options options_read(int argc, char **argv);

/* The command line that repeats a run. */
void options_print(const struct options *options);

#endif
