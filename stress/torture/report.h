/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * What is told of the runs: as lines for people, or as TAP.
 */
#ifndef RCUMAP_TORTURE_REPORT_H
#define RCUMAP_TORTURE_REPORT_H

#include <stdbool.h>

struct options;

/* The first line: which library, and the parameters. */
void report_begin(const struct options *options, unsigned int runs);

/* A run begins, whose choices are in the global run. */
void report_run_begin(void);

/* A run is under way, for so many seconds. On terminals. */
void report_progress(double seconds);

/* It was not run, and why. */
void report_skip(const char *why);

/* It is over. @why it failed; NULL: it passed. */
void report_run_end(double seconds, const char *why);

/* The last line. Returns whether all runs passed. */
bool report_end(double seconds);

#endif
