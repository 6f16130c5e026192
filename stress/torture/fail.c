/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * A check that does not hold.
 */
#include "fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "counters.h"

void fail(const char *format, ...)
{
	va_list args;

	/* Whoever comes second would tell of a consequence. */
	if (!counters_claim_message())
		for (;;)
			pause();
	va_start(args, format);
	vsnprintf(counters_message(), MESSAGE_SIZE, format, args);
	va_end(args);
	_exit(1); /* not exit(): other threads still run */
}
