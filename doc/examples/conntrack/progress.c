/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Progress.
 */
#include "progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define REWRITE "\r\033[K" /* to the start of the line, and clear it */

void progress_update(const char *format, ...)
{
	va_list args;

	if (!isatty(STDOUT_FILENO))
		return;
	fputs(REWRITE, stdout);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	fflush(stdout);
}

void progress_done(const char *format, ...)
{
	va_list args;

	if (isatty(STDOUT_FILENO))
		fputs(REWRITE, stdout);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}
