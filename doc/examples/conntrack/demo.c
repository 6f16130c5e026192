/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The command "conntrack demo": three loads, each against both maps, then the report.
 */
#include "demo.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "args.h"
#include "child.h"
#include "progress.h"
#include "proto.h"
#include "rcu.h"
#include "report.h"

static const struct plan full[DUELS] = {
	{"rolling", "20,000 connections, one or two live", 20000, 2},
	{"pool", "20,000 connections, up to 300 live", 20000, 300},
	{"burst", "2,000 connections open together, then leave", 2000, 2001},
};

static const struct plan quick[DUELS] = {
	{"rolling", "1,000 connections, one or two live", 1000, 2},
	{"pool", "1,000 connections, up to 50 live", 1000, 50},
	{"burst", "200 connections open together, then leave", 200, 201},
};

/* Too late: end everything, in the form that was promised. Async-signal-safe calls only. */
static void on_alarm(int signal)
{
	static const char text[] = "\nFAIL: the demonstration did not end in time\n";

	(void)signal;
	child_kill();
	if (write(STDOUT_FILENO, text, sizeof(text) - 1) < 0)
		_exit(EXIT_FAILURE);
	_exit(EXIT_FAILURE);
}

static void guard(void)
{
	struct sigaction late = {.sa_handler = on_alarm};
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigaction(SIGALRM, &late, NULL);
	sigaction(SIGPIPE, &ignore, NULL); /* a load that has died shows as an error */
	alarm(LIFETIME_SECONDS);
}

static void demo_run(struct run *run, const struct plan *plan, const struct tracker_ops *ops)
{
	run_load(run, plan, ops);
	if (run->error[0])
		progress_done("%-8s %-16s %s", plan->name, ops->name, run->error);
	else
		progress_done("%-8s %-16s %6zu connections in %4.1f s, at most %.1f MB dead",
			      plan->name, ops->name, run->counts.opened, run->seconds,
			      (double)ledger_read(&run->ledger.dead_peak) / 1e6);
}

static bool demo(const struct plan plans[DUELS], const char *svg)
{
	static struct duel duels[DUELS];
	bool passed;

	for (int i = 0; i < DUELS; i++) {
		printf("%s: %s\n", plans[i].name, plans[i].what);
		demo_run(&duels[i].go, &plans[i], &tracker_go);
		demo_run(&duels[i].rcumap, &plans[i], &tracker_rcumap);
	}
	report_table(duels);
	chart_print(duels);
	if (svg)
		svg_write(duels, svg);
	passed = report_verdict(duels);
	for (int i = 0; i < DUELS; i++) {
		sampler_free(&duels[i].go.sampler);
		sampler_free(&duels[i].rcumap.sampler);
	}
	return passed;
}

int cmd_demo(int argc, char *argv[])
{
	static const struct option longs[] = {
		{"quick", no_argument, NULL, 'q'},
		{"svg", required_argument, NULL, 's'},
		{NULL, 0, NULL, 0},
	};
	const struct plan *plans = full;
	const char *svg = NULL;
	bool passed;

	for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
		if (c == 'q')
			plans = quick;
		else if (c == 's')
			svg = optarg;
		else
			args_unknown();
	}
	args_end(argc, argv);
	if (!svg && plans == full)
		svg = "conntrack.svg";
	if (args_descriptors(plans[DUELS - 1].count + 64)) {
		puts("FAIL: not enough open files are allowed");
		return EXIT_FAILURE;
	}
	guard();
	rcu_register_thread();
	passed = demo(plans, svg);
	rcu_unregister_thread();
	return passed ? EXIT_SUCCESS : EXIT_FAILURE;
}
