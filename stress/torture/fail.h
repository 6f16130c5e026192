/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * A check that does not hold: its message is kept for the report, and the run is over.
 */
#ifndef RCUMAP_TORTURE_FAIL_H
#define RCUMAP_TORTURE_FAIL_H

/* Does not return. The first one is told. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define check(condition, ...) \
	do { \
		if (!(condition)) \
			fail(__VA_ARGS__); \
	} while (0)

#endif
