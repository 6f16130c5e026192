/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
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
	const char *pattern, *replay, *replays;
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

/* States come in turn, and some take much longer than others: so that each shard gets all of them. */
static unsigned int shard_of(unsigned int i)
{
	return (i + i / n_states) % options.shards;
}

/* Explores one case, adds it to its pair and to the sum, and prints what is to be printed of it. */
static void explore_and_print(struct line *pair, struct line *all)
{
	struct line one = explore_case(&under_way);

	if (options.verbose)
		print_line(under_way.name, SCENARIO_NAME, &one);
	add(pair, &one);
	add(all, &one);
}

static void print_pair(const char *name, const struct line *pair)
{
	if (pair->cases && !options.verbose)
		print_line(name, (int)case_actions_length(name), pair);
}

static struct line explore_all(void)
{
	struct line all = {0}, pair = {0};
	char name[SCENARIO_NAME] = "";

	for (unsigned int i = 0; i < cases_number() && !(options.stop && all.failed); i++) {
		under_way = case_at(i);
		if (!wanted(&under_way) || shard_of(i) != options.shard)
			continue;
		if (!same_pair(name, under_way.name)) {
			print_pair(name, &pair);
			memcpy(name, under_way.name, sizeof(name));
			pair = (struct line){0};
		}
		explore_and_print(&pair, &all);
	}
	print_pair(name, &pair);
	if (!all.cases && options.pattern && case_named(options.pattern, &under_way))
		explore_and_print(&pair, &all);
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

/* "CASE SCHEDULE". False: it is none. */
static bool parse_replay(const char *what, struct schedule *schedule)
{
	const char *space = strchr(what, ' ');
	char name[SCENARIO_NAME];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(what, " "), what);
	if (space && case_named(name, &under_way) && schedule_parse(schedule, space + 1))
		return true;
	fprintf(stderr, "not a case and a schedule: %s\n", what);
	return false;
}

static int replay(const char *what)
{
	static struct schedule schedule;
	static struct explore_result r;
	struct subject subject;

	if (!parse_replay(what, &schedule))
		return 2;
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

/* Replays one line of a file. If it does not fit any more, explores its case instead. */
static struct line replay_line(const char *what)
{
	static struct schedule schedule;
	static struct explore_result r;
	struct subject subject;

	if (!parse_replay(what, &schedule))
		return (struct line){.cases = 1, .failed = 1};
	subject = scenario_subject(&under_way);
	explore_replay(&subject, &schedule, &r);
	if (r.misfit) {
		printf("%s: does not fit any more, explored instead\n", what);
		return explore_case(&under_way);
	}
	if (r.failed)
		print_failure(&under_way, &r);
	return (struct line){.cases = 1, .explored = 1, .failed = r.failed};
}

static int replay_file(const char *name)
{
	FILE *file = fopen(name, "r");
	struct line all = {0}, one;
	char what[4096];

	if (!file) {
		perror(name);
		return 2;
	}
	while (fgets(what, sizeof(what), file)) {
		what[strcspn(what, "\n")] = '\0';
		if (!what[0] || what[0] == '#')
			continue;
		one = replay_line(what);
		add(&all, &one);
	}
	fclose(file);
	printf("%u schedules replayed, %u failed\n%s\n", all.cases, all.failed,
	       all.failed || !all.cases ? "FAIL" : "PASS");
	return all.failed || !all.cases;
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

static bool parse_preemptions(const char *text)
{
	char *end;

	options.explore.preemptions = (unsigned int)strtoul(text, &end, 10);
	if (!strcmp(text, "all"))
		options.explore.preemptions = EXPLORE_UNBOUNDED;
	else if (end == text || *end || options.explore.preemptions > EXPLORE_BOUND_MAX)
		return false;
	return true;
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
		{"replays", required_argument, NULL, 'R'},
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
			if (!parse_preemptions(optarg))
				return 'h';
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
		case 'R':
			options.replays = optarg;
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
	bool failed;

	if (parse(argc, argv))
		return usage(stderr);
	if (machine_unusable()) {
		printf("skipped: %s\n", machine_unusable());
		return 77;
	}
	machine_catch_signals();
	if (options.list)
		return list();
	if (options.replay)
		return replay(options.replay);
	if (options.replays)
		return replay_file(options.replays);
	if (options.explore.preemptions == EXPLORE_UNBOUNDED)
		printf("Sequentially consistent interleavings only; any number of preemptions; ");
	else
		printf("Sequentially consistent interleavings only; up to %u preemptions; ",
		       options.explore.preemptions);
	printf("reduction: points at shared words only, no state twice\n");
	began = now();
	all = explore_all();
	print_line("total", 5, &all);
	failed = all.failed || !all.cases;
	printf("%u cases in %.1f s, %u cut off, %u failed\n%s\n", all.cases, now() - began, all.cut,
	       all.failed, failed ? "FAIL" : "PASS");
	return failed;
}
