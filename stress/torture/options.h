/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The command line.
 */
#ifndef RCUMAP_TORTURE_OPTIONS_H
#define RCUMAP_TORTURE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "key.h"
#include "value.h"

enum { EXIT_PASS = 0, EXIT_FAIL = 1, EXIT_USAGE = 2 };

struct options {
	uint64_t seed;
	double seconds; /* for all runs; then of each */
	unsigned int threads;
	const char *flavor;    /* a name; "turns": one for each scenario; or "all" */
	enum key_kind key;     /* KEY_KINDS: left to the seed */
	enum value_mode value; /* VALUE_MODES: likewise */
	int delay;	       /* -1: likewise */
	unsigned int keys;     /* 0: likewise */
	int require;	       /* a counter; -1: none */
	bool system, tap;
	char **scenarios; /* names */
	int scenarios_n;  /* 0: all */
};

/* Exits if there is nothing to run: after --help and --list, and when the line is wrong. */
struct options options_parse(int argc, char **argv);

/* Whether this build can tell right from wrong on that flavor. */
bool options_flavor_works(const char *name);

#endif
