/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The command line.
 */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "../flavor/flavors.h"
#include "counters.h"
#include "delay.h"
#include "scenario.h"
#include "watch.h"

enum { THREADS_MAX = 128, SECONDS_MAX = 1000000, KEYS_MAX = 10000000 };

static const char help[] =
	"Usage: rcumap-torture [OPTION]... [SCENARIO]...\n"
	"Runs scenarios of threads that attack librcumap, all of them or those named, and tells\n"
	"whether it kept its promises. The exit status is the verdict: 0 PASS, 1 FAIL, 2 usage.\n"
	"\n"
	"  --list         the scenarios\n"
	"  --seconds N    for all runs together; may be a fraction (default 60)\n"
	"  --seed N       repeats the choices of a run, though not its interleaving\n"
	"  --flavor NAME  memb, mb, qsbr, bp or c11; all: each scenario on each of liburcu's "
	"four;\n"
	"                 turns: each scenario on the next of them (default)\n"
	"  --threads N    besides those that a scenario has one of (default 2 for each CPU)\n"
	"  --key KIND     u64, fixed, string or collide (default: by the seed)\n"
	"  --value MODE   note, link or own: who frees values, and how (default: by the seed)\n"
	"  --keys N       that have an owner (default: by the scenario and the seed)\n"
	"  --delay N      0 to 3: how much threads are delayed (default: by the seed)\n"
	"  --require NAME also fails a run in which this counter stays at zero\n"
	"  --system       the installed librcumap.so.0, instead of the instrumented build of the\n"
	"                 same sources in this program; counts what can be counted from outside\n"
	"  --tap          Test Anything Protocol\n"
	"  --version\n"
	"  --help\n";

static _Noreturn void usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

static _Noreturn void usage(const char *format, ...)
{
	va_list args;

	fputs("rcumap-torture: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs("\nTry --help.\n", stderr);
	exit(EXIT_USAGE);
}

/* A number from @least to @most. */
static double number(const char *option, const char *text, double least, double most)
{
	char *end;
	double n = strtod(text, &end);

	if (end == text || *end || !(n >= least && n <= most))
		usage("--%s takes a number from %g to %g, not '%s'", option, least, most, text);
	return n;
}

static uint64_t seed_number(const char *text)
{
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(text, &end, 0);
	if (end == text || *end || errno || *text == '-')
		usage("--seed takes a number, not '%s'", text);
	return n;
}

bool options_flavor_works(const char *name)
{
	return !THREAD_SANITIZER || !strcmp(name, "c11");
}

static const char *flavor_name(const char *text)
{
	if (!strcmp(text, "all") || !strcmp(text, "turns"))
		return text;
	if (!flavor_find(text))
		usage("there is no flavor '%s'", text);
	if (!options_flavor_works(text))
		usage("ThreadSanitizer does not understand liburcu: only c11 works in this build");
	return text;
}

static void list(void)
{
	for (unsigned int i = 0; i < scenarios_count; i++)
		printf("%-19s %s%s\n", scenarios[i].name, scenarios[i].about,
		       scenarios[i].inside ? " (not with --system)" : "");
}

enum {
	OPT_DELAY,
	OPT_FLAVOR,
	OPT_HELP,
	OPT_KEY,
	OPT_KEYS,
	OPT_LIST,
	OPT_REQUIRE,
	OPT_SECONDS,
	OPT_SEED,
	OPT_SYSTEM,
	OPT_TAP,
	OPT_THREADS,
	OPT_VALUE,
	OPT_VERSION
};

static const struct option long_options[] = {
	{"delay", required_argument, NULL, OPT_DELAY},
	{"flavor", required_argument, NULL, OPT_FLAVOR},
	{"help", no_argument, NULL, OPT_HELP},
	{"key", required_argument, NULL, OPT_KEY},
	{"keys", required_argument, NULL, OPT_KEYS},
	{"list", no_argument, NULL, OPT_LIST},
	{"require", required_argument, NULL, OPT_REQUIRE},
	{"seconds", required_argument, NULL, OPT_SECONDS},
	{"seed", required_argument, NULL, OPT_SEED},
	{"system", no_argument, NULL, OPT_SYSTEM},
	{"tap", no_argument, NULL, OPT_TAP},
	{"threads", required_argument, NULL, OPT_THREADS},
	{"value", required_argument, NULL, OPT_VALUE},
	{"version", no_argument, NULL, OPT_VERSION},
	{NULL, 0, NULL, 0},
};

/* Two for each CPU, so that they are preempted; four at least, since roles come in fours. */
static unsigned int default_threads(void)
{
	long threads = 2 * sysconf(_SC_NPROCESSORS_ONLN);

	if (threads < 4)
		return 4;
	return threads < THREADS_MAX ? (unsigned int)threads : THREADS_MAX;
}

static struct options defaults(void)
{
	struct options o = {
		.seconds = 60,
		.threads = default_threads(),
		.flavor = "turns",
		.key = KEY_KINDS,
		.value = VALUE_MODES,
		.delay = -1,
		.require = COUNTERS,
	};
	uint32_t seed = 0;

	(void)!getrandom(&seed, sizeof(seed), 0);
	o.seed = seed;
	return o;
}

static void take_names(struct options *o, int opt, const char *text)
{
	switch (opt) {
	case OPT_FLAVOR:
		o->flavor = flavor_name(text);
		break;
	case OPT_KEY:
		o->key = key_kind_find(text);
		if (o->key == KEY_KINDS)
			usage("there is no kind of keys '%s'", text);
		break;
	case OPT_REQUIRE:
		o->require = counter_find(text);
		if (o->require == COUNTERS)
			usage("there is no counter '%s'", text);
		break;
	case OPT_VALUE:
		o->value = value_mode_find(text);
		if (o->value == VALUE_MODES)
			usage("there is no mode of values '%s'", text);
		break;
	}
}

static void take_numbers(struct options *o, int opt, const char *text)
{
	switch (opt) {
	case OPT_DELAY:
		o->delay = (int)number("delay", text, 0, DELAY_LEVELS - 1);
		break;
	case OPT_KEYS:
		o->keys = (unsigned int)number("keys", text, 1, KEYS_MAX);
		break;
	case OPT_SECONDS:
		o->seconds = number("seconds", text, 0.01, SECONDS_MAX);
		break;
	case OPT_SEED:
		o->seed = seed_number(text);
		break;
	case OPT_THREADS:
		o->threads = (unsigned int)number("threads", text, 4, THREADS_MAX);
		break;
	}
}

static void take_option(struct options *o, int opt, const char *text)
{
	switch (opt) {
	case OPT_HELP:
		fputs(help, stdout);
		exit(EXIT_PASS);
	case OPT_LIST:
		list();
		exit(EXIT_PASS);
	case OPT_VERSION:
		puts("rcumap-torture " RCUMAP_VERSION);
		exit(EXIT_PASS);
	case OPT_SYSTEM:
		o->system = true;
		break;
	case OPT_TAP:
		o->tap = true;
		break;
	case '?': /* getopt has told why */
		fputs("Try --help.\n", stderr);
		exit(EXIT_USAGE);
	default:
		take_names(o, opt, text);
		take_numbers(o, opt, text);
	}
}

struct options options_parse(int argc, char **argv)
{
	struct options o = defaults();
	int opt;

	while ((opt = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		take_option(&o, opt, optarg);
	o.scenarios = argv + optind;
	o.scenarios_n = argc - optind;
	for (int i = 0; i < o.scenarios_n; i++)
		if (!scenario_find(o.scenarios[i]))
			usage("there is no scenario '%s'", o.scenarios[i]);
	return o;
}
