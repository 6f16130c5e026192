/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * See options.h.
 */
#include "options.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* ThreadSanitizer does not understand liburcu's. gcc and clang tell it in different ways. */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define DEFAULT_FLAVOR flavor_c11
#endif
#elif defined(__SANITIZE_THREAD__)
#define DEFAULT_FLAVOR flavor_c11
#endif
#ifndef DEFAULT_FLAVOR
#define DEFAULT_FLAVOR flavor_memb
#endif

static void print_usage(FILE *to)
{
	fprintf(to,
		"usage: rcumap-histories [option...]\n"
		"Makes short histories of a few threads on a map, and judges each.\n"
		"  --histories N  so many (default 100000)\n"
		"  --seconds N    for so long, whatever --histories says\n"
		"  --seed N       of what the threads do (default: the time)\n"
		"  --flavor NAME  of RCU (default %s):",
		DEFAULT_FLAVOR.name);
	for (size_t i = 0; flavors[i]; i++)
		fprintf(to, " %s", flavors[i]->name);
	fprintf(to, "\n  --profile N    only that one, 0 to %u:\n", profile_count - 1);
	for (unsigned int i = 0; i < profile_count; i++)
		fprintf(to, "                   %u: a map %s\n", i, profiles[i].name);
	fprintf(to, "  --help         this\n");
}

static void end_with_usage(bool asked_for)
{
	print_usage(asked_for ? stdout : stderr);
	exit(asked_for ? 0 : 2);
}

static uint64_t number_option(const char *text, uint64_t max)
{
	char *end;
	uint64_t n = strtoull(text, &end, 0);

	if (end == text || *end || n > max)
		end_with_usage(false);
	return n;
}

struct options options_read(int argc, char **argv)
{
	static const struct option known[] = {
		{"histories", required_argument, NULL, 'n'},
		{"seconds", required_argument, NULL, 't'},
		{"seed", required_argument, NULL, 's'},
		{"flavor", required_argument, NULL, 'f'},
		{"profile", required_argument, NULL, 'p'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	struct options options = {
		.histories = 100000, .seed = (uint64_t)time(NULL), .flavor = &DEFAULT_FLAVOR};
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 'n')
			options.histories = number_option(optarg, UINT64_MAX);
		else if (c == 't')
			options.seconds = number_option(optarg, INT32_MAX);
		else if (c == 's')
			options.seed = number_option(optarg, UINT64_MAX);
		else if (c == 'f')
			options.flavor = flavor_find(optarg);
		else if (c == 'p')
			options.profile = &profiles[number_option(optarg, profile_count - 1)];
		else
			end_with_usage(c == 'h');
		if (!options.flavor)
			end_with_usage(false);
	}
	if (optind < argc)
		end_with_usage(false);
	return options;
}

void options_print(const struct options *options)
{
	if (options->seconds)
		printf("rcumap-histories --seconds %" PRIu64, options->seconds);
	else
		printf("rcumap-histories --histories %" PRIu64, options->histories);
	if (options->profile)
		printf(" --profile %d", (int)(options->profile - profiles));
	printf(" --flavor %s --seed %" PRIu64 "\n", options->flavor->name, options->seed);
	fflush(stdout);
}
