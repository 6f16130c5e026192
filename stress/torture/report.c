/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * What is told of the runs.
 */
#include "report.h"

#include <stdio.h>
#include <unistd.h>

#include "api.h"
#include "counters.h"
#include "options.h"
#include "run.h"
#include "scenario.h"

/* In TAP all that is not a result is a comment. */
static const char *margin = "";
static bool tap;
static unsigned int runs, passed, failed;
static uint64_t totals[COUNTERS];

void report_begin(const struct options *o, unsigned int planned)
{
	tap = o->tap;
	if (tap) {
		margin = "# ";
		printf("TAP version 13\n1..%u\n", planned);
	}
	printf("%srcumap-torture " RCUMAP_VERSION ": %s %s; seed=%llu flavor=%s threads=%u "
	       "seconds=%g each, %u runs, %ld CPUs\n",
	       margin,
	       api_is_instrumented() ? "its own instrumented build of librcumap"
				     : "the installed librcumap, seen from outside,",
	       api.version(), (unsigned long long)o->seed, o->flavor, o->threads, o->seconds,
	       planned, sysconf(_SC_NPROCESSORS_ONLN));
	fflush(stdout);
}

void report_run_begin(void)
{
	runs++;
	printf("%s%s %s: seed=%llu threads=%u keys=%u key=%s%s value=%s delay=%u focus=%s\n",
	       margin, run.scenario->name, run.flavor->name, (unsigned long long)run.seed,
	       run.threads, run.keys, key_kind_name(run.key),
	       run.key_free && run.scenario->worlds ? "..." : "", value_mode_name(run.value),
	       run.delay, counter_name(run.focus));
	fflush(stdout);
}

void report_progress(double seconds)
{
	if (!isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\r%s %s: %.1f s, %llu hits \r", run.scenario->name, run.flavor->name,
		seconds, (unsigned long long)counted(COUNT_HIT));
}

static void print_counters(const uint64_t *counts)
{
	for (unsigned int i = 0; i < COUNTERS; i++)
		if (counts[i])
			printf(" %s=%llu", counter_name(i), (unsigned long long)counts[i]);
}

static void take_counters(uint64_t *counts)
{
	for (unsigned int i = 0; i < COUNTERS; i++) {
		counts[i] = counted(i);
		totals[i] += counts[i];
	}
}

/* What makes the same choices again. */
static void print_repeat(void)
{
	printf("%srepeat: rcumap-torture%s --seed %llu --flavor %s --threads %u --seconds %g %s\n",
	       margin, api_is_instrumented() ? "" : " --system", (unsigned long long)run.seed,
	       run.flavor->name, run.threads, run.seconds, run.scenario->name);
}

void report_run_end(double seconds, const char *why)
{
	uint64_t counts[COUNTERS];

	*(why ? &failed : &passed) += 1;
	take_counters(counts);
	if (why) {
		printf("%s%s\n", margin, why);
		print_repeat();
	}
	if (tap)
		printf("%sok %u - %s %s\n", why ? "not " : "", runs, run.scenario->name,
		       run.flavor->name);
	printf("%s%s %s: %s %.2f s:", margin, run.scenario->name, run.flavor->name,
	       why ? "FAIL" : "PASS", seconds);
	print_counters(counts);
	printf("\n");
	fflush(stdout);
}

void report_skip(const char *why)
{
	runs++;
	if (tap)
		printf("ok %u - %s %s # SKIP %s\n", runs, run.scenario->name, run.flavor->name,
		       why);
	else
		printf("%s %s: SKIP %s\n", run.scenario->name, run.flavor->name, why);
	fflush(stdout);
}

bool report_end(double seconds)
{
	unsigned int skipped = runs - passed - failed;
	bool pass = !failed && passed;

	printf("%s%u passed, %u failed, %u skipped, %.1f s:", margin, passed, failed, skipped,
	       seconds);
	print_counters(totals);
	printf(" %s\n", pass ? "PASS" : "FAIL");
	fflush(stdout);
	return pass;
}
