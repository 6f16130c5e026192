/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * main.c - rcumap-schedules: explores the cases, prints what was explored, and a verdict.
 */
#include <fnmatch.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cases.h"
#include "machine.h"

static struct {
	struct explore_options explore;
	const char *pattern, *replay;
	double seconds;
	unsigned int shard, shards;
	bool list, verbose, stop;
} options = {.explore.preemptions = 2, .shards = 1};

/* What a line tells: of a case, a pair, or all. */
struct line {
	unsigned int cases, cut, failed;
	unsigned long explored, pruned, cut_off, histories;
};

static struct scenario under_way;
static double began;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void add(struct line *to, const struct line *l)
{
	to->cases += l->cases;
	to->cut += l->cut;
	to->failed += l->failed;
	to->explored += l->explored;
	to->pruned += l->pruned;
	to->cut_off += l->cut_off;
	to->histories += l->histories;
}

static void print_line(const char *name, int length, const struct line *l)
{
	printf("%-42.*s %4u cases %9lu explored %9lu pruned %7lu cut off %8lu histories %s\n",
	       length, name, l->cases, l->explored, l->pruned, l->cut_off, l->histories,
	       l->failed ? "FAILED"
	       : l->cut	 ? "not exhaustive"
			 : "exhaustive");
	fflush(stdout);
}

static void print_failure(const struct scenario *s, const struct explore_result *r)
{
	printf("FAILED %s: %s\n", s->name, r->message);
	scenario_print_history();
	printf("Replay it: --replay '%s %s'\n", s->name, r->schedule);
	fflush(stdout);
}

static struct line explore_case(const struct scenario *s)
{
	struct subject subject = scenario_subject(s);
	struct explore_options o = options.explore;
	struct explore_result r;

	if (options.seconds > 0)
		o.seconds = began + options.seconds - now() > 0.001
				    ? began + options.seconds - now()
				    : 0.001;
	explore(&subject, &o, &r);
	if (r.failed)
		print_failure(s, &r);
	return (struct line){.cases = 1,
			     .cut = r.cut_off > 0,
			     .failed = r.failed,
			     .explored = r.explored,
			     .pruned = r.pruned,
			     .cut_off = r.cut_off,
			     .histories = scenario_histories()->used};
}

static bool same_pair(const char *a, const char *b)
{
	unsigned int length = case_actions_length(a);

	return length == case_actions_length(b) && !strncmp(a, b, length);
}

static bool wanted(const struct scenario *s)
{
	return !options.pattern || !fnmatch(options.pattern, s->name, 0);
}

static struct line explore_all(void)
{
	struct line all = {0}, pair = {0}, one;
	char name[SCENARIO_NAME] = "";

	for (unsigned int i = 0; i < cases_number(); i++) {
		under_way = case_at(i);
		if (!wanted(&under_way) || i % options.shards != options.shard)
			continue;
		if (!same_pair(name, under_way.name)) {
			if (pair.cases && !options.verbose)
				print_line(name, (int)case_actions_length(name), &pair);
			memcpy(name, under_way.name, sizeof(name));
			pair = (struct line){0};
		}
		one = explore_case(&under_way);
		if (options.verbose)
			print_line(under_way.name, SCENARIO_NAME, &one);
		add(&pair, &one);
		add(&all, &one);
		if (options.stop && all.failed)
			break;
	}
	if (pair.cases && !options.verbose)
		print_line(name, (int)case_actions_length(name), &pair);
	return all;
}

static int list(void)
{
	for (unsigned int i = 0; i < cases_number(); i++) {
		under_way = case_at(i);
		if (wanted(&under_way))
			printf("%s\n", under_way.name);
	}
	return 0;
}

static int replay(const char *what)
{
	static struct schedule schedule;
	static struct explore_result r;
	const char *space = strchr(what, ' ');
	char name[SCENARIO_NAME];
	struct subject subject;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(what, " "), what);
	if (!space || !case_named(name, &under_way) || !schedule_parse(&schedule, space + 1)) {
		fprintf(stderr, "not a case and a schedule: %s\n", what);
		return 2;
	}
	subject = scenario_subject(&under_way);
	machine_trace(true);
	explore_replay(&subject, &schedule, &r);
	if (r.failed)
		print_failure(&under_way, &r);
	else
		scenario_print_history();
	printf("%s\n", r.failed ? "FAIL" : "PASS");
	return r.failed;
}

static int usage(FILE *to)
{
	fprintf(to, "usage: rcumap-schedules [OPTION]...\n"
		    "Explores all schedules of all cases up to a number of preemptions.\n"
		    "  --preemptions N   how many, or \"all\" (2)\n"
		    "  --cases PATTERN   only those whose name matches, as 'store+*@moved'\n"
		    "  --limit N         executions for each case, after which it is cut off\n"
		    "  --seconds N       for all, after which cases are cut off\n"
		    "  --shard I/N       only every Nth case, from the Ith on (0 to N-1)\n"
		    "  --replay 'CASE SCHEDULE'   runs one, and prints each step\n"
		    "  --list            the names of the cases\n"
		    "  --verbose, -v     a line for each case, not for each pair\n");
	return to == stdout ? 0 : 2;
}

static bool parse_shard(const char *text)
{
	return sscanf(text, "%u/%u", &options.shard, &options.shards) == 2 &&
	       options.shard < options.shards;
}

static int parse(int argc, char **argv)
{
	static const struct option longs[] = {
		{"preemptions", required_argument, NULL, 'p'},
		{"cases", required_argument, NULL, 'c'},
		{"limit", required_argument, NULL, 'l'},
		{"seconds", required_argument, NULL, 's'},
		{"shard", required_argument, NULL, 'n'},
		{"replay", required_argument, NULL, 'r'},
		{"stop", no_argument, NULL, 'S'},
		{"list", no_argument, NULL, 'L'},
		{"verbose", no_argument, NULL, 'v'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "v", longs, NULL)) != -1) {
		switch (c) {
		case 'p':
			options.explore.preemptions = !strcmp(optarg, "all")
							      ? EXPLORE_UNBOUNDED
							      : (unsigned int)atoi(optarg);
			break;
		case 'c':
			options.pattern = optarg;
			break;
		case 'l':
			options.explore.limit = strtoul(optarg, NULL, 10);
			break;
		case 's':
			options.seconds = atof(optarg);
			break;
		case 'n':
			if (!parse_shard(optarg))
				return 'h';
			break;
		case 'r':
			options.replay = optarg;
			break;
		case 'L':
			options.list = true;
			break;
		case 'S':
			options.stop = true;
			break;
		case 'v':
			options.verbose = true;
			break;
		case 'h':
			exit(usage(stdout));
		default:
			return 'h';
		}
	}
	return optind == argc ? 0 : 'h';
}

int main(int argc, char **argv)
{
	struct line all;

	machine_catch_signals();
	if (parse(argc, argv))
		return usage(stderr);
	if (options.list)
		return list();
	if (options.replay)
		return replay(options.replay);
	if (options.explore.preemptions == EXPLORE_UNBOUNDED)
		printf("Sequentially consistent interleavings only; any number of preemptions; ");
	else
		printf("Sequentially consistent interleavings only; up to %u preemptions; ",
		       options.explore.preemptions);
	printf("reduction: points at shared words only, no state twice\n");
	began = now();
	all = explore_all();
	print_line("total", 5, &all);
	printf("%u cases in %.1f s, %u cut off, %u failed\n%s\n", all.cases, now() - began, all.cut,
	       all.failed, all.failed ? "FAIL" : "PASS");
	return all.failed != 0;
}
