/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The table, and the verdict.
 */
#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- the table ---- */

/* A whole number with commas: 19,999. In one of a few buffers, so that printf() can take several. */
static const char *commas(size_t n)
{
	static char ring[8][32];
	static unsigned int turn;
	char *out = ring[turn++ % 8];
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%zu", n);
	char *p = out;

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			*p++ = ',';
		*p++ = digits[i];
	}
	*p = '\0';
	return out;
}

/* Rounds until something was reached. */
static const char *rounds(unsigned int n)
{
	return n ? commas(n) : "never";
}

static void table_probe(const struct probe_result *probe)
{
	printf("  %7s %7.1f %6s", commas(probe->dead_conns), (double)probe->dead_bytes / 1e6,
	       probe->at_once ? rounds(probe->dead_rounds) : "-");
}

static void table_row(const struct run *run, const char *load)
{
	printf("%-8s%-16s", load, run->ops->name);
	if (run->error[0]) {
		printf("  %s\n", run->error);
		return;
	}
	table_probe(&run->churned);
	table_probe(&run->left);
	printf("  %9s %8.2f %6s\n", commas(run->map_peak),
	       (double)run->left.map_bytes / (double)run->map_new, rounds(run->left.map_rounds));
}

void report_table(const struct duel duels[DUELS])
{
	puts("\nDead connections, and the bytes they hold, as the allocator has them:\n");
	printf("%24s  %-22s  %-22s  %s\n", "", "before the last leave", "when all have left",
	       "the map's own memory");
	printf("%-8s%-16s  %7s %7s %6s  %7s %7s %6s  %9s %8s %6s\n", "load", "map", "dead", "MB",
	       "rounds", "dead", "MB", "rounds", "peak B", "x new", "rounds");
	for (int i = 0; i < DUELS; i++) {
		table_row(&duels[i].go, duels[i].go.plan->name);
		table_row(&duels[i].rcumap, "");
	}
	puts("\nrounds: of the call_rcu worker (a grace period and up to 10 ms each), from the "
	     "last\n"
	     "delete until nothing dead was left (-: nothing was dead), or until the empty map "
	     "was\n"
	     "small again by itself; x new: the empty map's memory compared with a new map's.\n");
	for (int i = 0; i < DUELS; i++) {
		const struct run *go = &duels[i].go;

		if (go->error[0])
			continue;
		printf("%s, Go 1.15: when all have left, the map still refers to %s keys; "
		       "a Range promotes and leaves %s\n",
		       go->plan->name, commas(go->stats.keys), commas(go->ranged.dead_conns));
	}
}

/* ---- the verdict ---- */

/* The first thing that is wrong, as text; empty if all is well. */
struct verdict {
	char why[256];
};

static void check(struct verdict *verdict, const struct run *run, bool good, const char *format,
		  ...) __attribute__((format(printf, 4, 5)));

static void check(struct verdict *verdict, const struct run *run, bool good, const char *format,
		  ...)
{
	va_list args;
	int n;

	if (good || verdict->why[0])
		return;
	n = snprintf(verdict->why, sizeof(verdict->why), "%s, %s: ", run->plan->name,
		     run->ops->name);
	va_start(args, format);
	vsnprintf(verdict->why + n, sizeof(verdict->why) - (size_t)n, format, args);
	va_end(args);
}

/* It was a run at all. */
static void check_served(struct verdict *v, const struct run *run)
{
	check(v, run, !run->error[0], "%s", run->error);
	check(v, run, run->counts.failed == 0, "%zu connections failed", run->counts.failed);
}

/* Everything was counted, and nothing is left in the end. */
static void check_books(struct verdict *v, const struct run *run)
{
	size_t count = run->plan->count + BACK;

	check(v, run, run->counts.opened == count && run->counts.closed == count,
	      "%zu opened and %zu closed, should be %zu", run->counts.opened, run->counts.closed,
	      count);
	check(v, run, run->listed == BACK, "the range at shutdown listed %zu connections, not %zu",
	      run->listed, BACK);
	check(v, run, run->leaked == 0, "%zu bytes were left after destroy", run->leaked);
}

/* rcumap must have kept nothing, and have told so in time. */
static void check_rcumap(struct verdict *v, const struct run *run)
{
	const struct probe_result *probes[] = {&run->churned, &run->left, &run->ranged};
	unsigned int limit = run_map_rounds_max(run);

	check_served(v, run);
	for (int i = 0; i < 3; i++) {
		check(v, run, probes[i]->dead_conns == 0 && probes[i]->dead_bytes == 0,
		      "%zu dead connections were kept, %zu bytes", probes[i]->dead_conns,
		      probes[i]->dead_bytes);
		check(v, run, probes[i]->dead_rounds <= DEAD_ROUNDS_MAX,
		      "dead connections were freed after %u rounds, not %u", probes[i]->dead_rounds,
		      DEAD_ROUNDS_MAX);
	}
	check(v, run, run->left.map_rounds > 0, "the empty map takes %zu bytes, a new one %zu",
	      run->left.map_bytes, run->map_new);
	check(v, run, run->left.map_rounds <= limit,
	      "the empty map was small again after %u rounds, not %u", run->left.map_rounds, limit);
	check_books(v, run);
}

/*
 * The algorithm of Go 1.15 must have kept everything, else there was nothing to show. Each delete is
 * a miss, and a promotion needs as many misses as the dirty map has keys, deleted ones included: it
 * comes when the last connection has left. Even then the keys stay, in the read map. The range
 * that comes after a few new keys promotes the dirty map without them: had they not been freed then,
 * the port itself would be leaking. (It does not free the few: they are deleted in the read map.)
 */
static void check_go(struct verdict *v, const struct run *run)
{
	size_t count = run->plan->count;
	size_t dead = count - plan_rest(run->plan);

	check_served(v, run);
	check(v, run, run->churned.dead_conns == dead, "kept %zu before the last left, not %zu",
	      run->churned.dead_conns, dead);
	check(v, run, run->left.dead_conns == count, "kept %zu when all had left, not %zu",
	      run->left.dead_conns, count);
	check(v, run, run->ranged.dead_conns == BACK, "kept %zu after a promotion, not %zu",
	      run->ranged.dead_conns, BACK);
	check_books(v, run);
}

static unsigned int larger(unsigned int a, unsigned int b)
{
	return a > b ? a : b;
}

/* The sums for the last line, over all loads. */
static void print_pass(const struct duel duels[DUELS])
{
	unsigned int dead_rounds = 0, map_rounds = 0;
	double empty = 0;
	size_t count = 0;

	for (int i = 0; i < DUELS; i++) {
		const struct run *run = &duels[i].rcumap;
		double ratio = (double)run->left.map_bytes / (double)run->map_new;

		count += run->plan->count;
		empty = ratio > empty ? ratio : empty;
		map_rounds = larger(map_rounds, run->left.map_rounds);
		dead_rounds = larger(dead_rounds, run->churned.dead_rounds);
		dead_rounds = larger(dead_rounds, run->left.dead_rounds);
	}
	printf("PASS: rcumap kept 0 of %s closed connections (0 bytes within %u rounds; its empty "
	       "map is %.2f x new within %u); Go 1.15 kept",
	       commas(count), dead_rounds, empty, map_rounds);
	for (int i = 0; i < DUELS; i++)
		printf("%s %s of %s", i ? "," : "", commas(duels[i].go.left.dead_conns),
		       commas(duels[i].go.plan->count));
	printf(" (%.1f MB in rolling)\n", (double)duels[0].go.left.dead_bytes / 1e6);
}

bool report_verdict(const struct duel duels[DUELS])
{
	struct verdict verdict = {""};

	for (int i = 0; i < DUELS; i++) {
		check_rcumap(&verdict, &duels[i].rcumap);
		check_go(&verdict, &duels[i].go);
	}
	if (verdict.why[0])
		printf("FAIL: %s\n", verdict.why);
	else
		print_pass(duels);
	return !verdict.why[0];
}
