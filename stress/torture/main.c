/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * rcumap-torture: threads that attack librcumap, in named scenarios, and a verdict.
 *
 *	options.c	the command line
 *	supervise.c	each run in a process of its own; report.c tells of it
 *	run.c		one run: what is chosen for it, how it goes, when it is over
 *	scenarios.c	who does what to which maps, and which counters that must move
 *	world.c		a map and what is known about its keys; what must hold at rest
 *	threads.c	threads in roles: owned.c contended.c climb.c walk.c stalls.c founder.c
 *	value.c		values with a magic number, a generation and an age
 *	memory.c	the allocator of a map; quarantine.c keeps and poisons what it frees
 *	delay.c		delays at the library's seams, and the counting of them; counters.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../flavor/flavors.h"
#include "api.h"
#include "counters.h"
#include "options.h"
#include "report.h"
#include "run.h"
#include "scenario.h"
#include "supervise.h"

/* Liburcu's flavors, or c11 where they do not work. */
enum { FLAVORS_MAX = 4 };

struct plan {
	const struct flavor *flavors[FLAVORS_MAX];
	unsigned int flavors_n;
	bool turns; /* each scenario runs on one of them */
};

static struct plan plan_make(const struct options *o)
{
	struct plan plan = {.turns = !strcmp(o->flavor, "turns")};

	if (flavor_find(o->flavor))
		plan.flavors[plan.flavors_n++] = flavor_find(o->flavor);
	for (int i = 0; !flavor_find(o->flavor) && i < FLAVORS_MAX; i++)
		if (options_flavor_works(flavors[i]->name))
			plan.flavors[plan.flavors_n++] = flavors[i];
	if (!plan.flavors_n)
		plan.flavors[plan.flavors_n++] = &flavor_c11;
	return plan;
}

static const struct scenario *scenario_number(const struct options *o, unsigned int i)
{
	return o->scenarios_n ? scenario_find(o->scenarios[i]) : &scenarios[i];
}

static unsigned int scenarios_planned(const struct options *o)
{
	return o->scenarios_n ? (unsigned int)o->scenarios_n : scenarios_count;
}

static void run_one(const struct options *o, const struct scenario *s, const struct flavor *flavor)
{
	run_choose(o, s, flavor);
	if (s->inside && !api_is_instrumented())
		report_skip("can't be done from outside");
	else
		supervise();
}

static void run_all(const struct options *o, const struct plan *plan)
{
	for (unsigned int i = 0; i < scenarios_planned(o); i++) {
		const struct scenario *s = scenario_number(o, i);

		for (unsigned int f = 0; f < plan->flavors_n; f++)
			if (!plan->turns || f == (o->seed + i) % plan->flavors_n)
				run_one(o, s, plan->flavors[f]);
	}
}

int main(int argc, char **argv)
{
	struct options o = options_parse(argc, argv);
	struct plan plan = plan_make(&o);
	double began = run_clock();
	const char *why = NULL;
	unsigned int runs;

	if (o.system)
		why = api_open();
	else
		api_link();
	if (why) {
		fprintf(stderr, "rcumap-torture: %s\n", why);
		return EXIT_FAIL;
	}
	counters_make();
	runs = scenarios_planned(&o) * (plan.turns ? 1 : plan.flavors_n);
	o.seconds /= runs;
	report_begin(&o, runs);
	run_all(&o, &plan);
	return report_end(run_clock() - began) ? EXIT_PASS : EXIT_FAIL;
}
