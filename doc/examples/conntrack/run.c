/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * One run: a server in this process, a load generator in another, and the measuring between them.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "child.h"
#include "demo.h"
#include "progress.h"
#include "proto.h"

#define WORKERS 2
#define TICK_MS 100
#define STEP_SECONDS 120.0 /* the longest that a step of the load may take */
#define END_MS 20000
#define ROUNDS_WATCHED 16u /* at least, before something is said to be kept */

struct stage {
	struct run *run;
	struct server *server;
	struct child load;
};

static int run_fail(struct run *run, const char *format, ...)
{
	va_list args;

	if (run->error[0])
		return -1; /* the first reason is the one that matters */
	va_start(args, format);
	vsnprintf(run->error, sizeof(run->error), format, args);
	va_end(args);
	return -1;
}

/* Fits into a line of 80 columns, else it could not be rewritten. */
static void show(const struct stage *stage)
{
	const struct run *run = stage->run;
	struct server_counts counts;

	server_counts(stage->server, &counts);
	progress_update("%s, %s: %zu/%zu opened, %zu live, %zu dead (%.1f MB)", run->plan->name,
			run->ops->name, counts.opened, run->plan->count + BACK,
			ledger_read(&run->ledger.live_conns), ledger_read(&run->ledger.dead_conns),
			(double)ledger_read(&run->ledger.dead_bytes) / 1e6);
}

/* Waits until the load says that it has done a step. */
static int await(struct stage *stage, const char *step)
{
	double deadline = clock_seconds() + STEP_SECONDS;
	char line[128], word[32];
	size_t open, failed;
	int ret;

	do {
		show(stage);
		ret = child_line(&stage->load, line, sizeof(line), TICK_MS);
		if (clock_seconds() > deadline)
			return run_fail(stage->run, "the load was not '%s' in time", step);
	} while (ret == 0);
	if (ret < 0)
		return run_fail(stage->run, "the load ended before it had '%s'", step);
	if (sscanf(line, "%31s %zu %zu", word, &open, &failed) != 3 || strcmp(word, step))
		return run_fail(stage->run, "the load says '%s' instead of '%s'", line, step);
	return 0;
}

static int go_on(struct stage *stage)
{
	return child_go_on(&stage->load) ? run_fail(stage->run, "the load does not listen") : 0;
}

static int probe(struct stage *stage, size_t map_target, struct probe_result *result)
{
	struct run *run = stage->run;
	unsigned int limit = run_map_rounds_max(run) + MAP_ROUNDS_MAX;
	int ret;

	show(stage);
	limit = limit > ROUNDS_WATCHED ? limit : ROUNDS_WATCHED;
	ret = probe_run(&run->ledger, map_target, limit, result);
	return ret ? run_fail(run, "counting rounds of the call_rcu worker: %s", strerror(-ret))
		   : 0;
}

/* The steps of demo.h. Nothing calls the map from a load's report until its probe is done. */
static int run_steps(struct stage *stage)
{
	struct run *run = stage->run;
	size_t empty = (size_t)(MAP_EMPTY_MAX * (double)run->map_new);

	if (await(stage, "churned") || probe(stage, SIZE_MAX, &run->churned))
		return -1;
	if (go_on(stage) || await(stage, "left") || probe(stage, empty, &run->left))
		return -1;
	server_tracker_stats(stage->server, &run->stats);
	run->map_peak = ledger_read(&run->ledger.map_peak);
	run->left_at = clock_seconds() - run->sampler.start;
	if (go_on(stage) || await(stage, "back"))
		return -1;
	if (server_stop(stage->server, &run->listed))
		return run_fail(run, "the range at shutdown failed");
	return await(stage, "over") || probe(stage, SIZE_MAX, &run->ranged) ? -1 : 0;
}

static int load_start(struct stage *stage)
{
	const struct plan *plan = stage->run->plan;
	char port[16], count[24], live[24], back[24];
	char *argv[] = {"conntrack", "load", "--port", port, "--count", count,
			"--live",    live,   "--back", back, "--steps", NULL};
	int ret;

	snprintf(port, sizeof(port), "%u", server_port(stage->server));
	snprintf(count, sizeof(count), "%zu", plan->count);
	snprintf(live, sizeof(live), "%zu", plan->live);
	snprintf(back, sizeof(back), "%zu", BACK);
	ret = child_start(&stage->load, child_self(), argv, -1);
	return ret ? run_fail(stage->run, "load generator: %s", strerror(-ret)) : 0;
}

static int run_with_load(struct stage *stage)
{
	int ret;

	if (load_start(stage))
		return -1;
	ret = run_steps(stage);
	if (child_end(&stage->load, ret ? 0 : END_MS))
		ret = run_fail(stage->run, "the load generator failed");
	return ret;
}

static int run_with_server(struct stage *stage)
{
	struct run *run = stage->run;
	size_t rest;
	int ret;

	ret = sampler_start(&run->sampler, &run->ledger);
	if (ret)
		return run_fail(run, "sampler: %s", strerror(-ret));
	run->map_new = ledger_read(&run->ledger.map_bytes);
	ret = run_with_load(stage);
	if (ret)
		(void)server_stop(stage->server, &rest); /* after an error that was not done */
	sampler_stop(&run->sampler);
	server_counts(stage->server, &run->counts);
	return ret;
}

void run_load(struct run *run, const struct plan *plan, const struct tracker_ops *ops)
{
	struct server_options options = {
		.ops = ops,
		.addr = {.sin_family = AF_INET},
		.workers = WORKERS,
	};
	struct stage stage = {.run = run};
	double start = clock_seconds();
	int ret;

	inet_pton(AF_INET, LOOPBACK, &options.addr.sin_addr);
	run->plan = plan;
	run->ops = ops;
	ret = server_start(&stage.server, &options, &run->ledger);
	if (ret) {
		run_fail(run, "server: %s", strerror(-ret));
		return;
	}
	run_with_server(&stage);
	if (server_destroy(stage.server))
		run_fail(run, "the map could not be destroyed");
	run->leaked = ledger_read(&run->ledger.live_bytes) + ledger_read(&run->ledger.dead_bytes) +
		      ledger_read(&run->ledger.map_bytes);
	run->seconds = clock_seconds() - start;
}

unsigned int run_map_rounds_max(const struct run *run)
{
	size_t shrunk = ledger_read(&run->ledger.map_peak) / MAP_SHRINK;
	unsigned int rounds = MAP_ROUNDS_MAX;

	for (; shrunk > run->map_new; shrunk /= MAP_SHRINK)
		rounds += MAP_ROUNDS_MAX;
	return rounds;
}
