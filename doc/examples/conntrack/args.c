/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Reading arguments, and the one limit of the system that this program has to raise.
 */
#include "args.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

void args_die(const char *format, ...)
{
	va_list args;

	fputs("conntrack: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs("\nTry 'conntrack --help'.\n", stderr);
	exit(EXIT_USAGE);
}

size_t args_number(const char *option, const char *text, size_t min, size_t max)
{
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || n < min || n > max)
		args_die("%s takes a number from %zu to %zu, not '%s'", option, min, max, text);
	return (size_t)n;
}

struct in_addr args_loopback(const char *option, const char *text)
{
	struct in_addr addr;

	if (inet_pton(AF_INET, text, &addr) != 1 || ntohl(addr.s_addr) >> 24 != 127)
		args_die("%s takes an address in 127.0.0.0/8, not '%s'", option, text);
	return addr;
}

void args_end(int argc, char *argv[])
{
	if (optind < argc)
		args_die("unexpected argument '%s'", argv[optind]);
}

void args_unknown(void)
{
	/* getopt_long() has said what is wrong. */
	fputs("Try 'conntrack --help'.\n", stderr);
	exit(EXIT_USAGE);
}

int args_descriptors(size_t n)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= n)
		return 0;
	limit.rlim_cur = n;
	if (limit.rlim_max < n)
		limit.rlim_max = n; /* root may */
	if (setrlimit(RLIMIT_NOFILE, &limit) == 0)
		return 0;
	fprintf(stderr,
		"conntrack: %zu open files are needed, and may not be had (ulimit -Hn): %s\n", n,
		strerror(errno));
	return -1;
}
