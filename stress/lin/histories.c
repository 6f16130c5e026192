/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * rcumap-histories: many short histories of a few threads on a real map, each of them judged.
 *
 * A run is a series of stages: a map of some profile with a team of threads. On each stage a few
 * hundred histories are made, one after the other; each begins with the values that the one before
 * has left, and ends with a look at all keys while nobody else is there. What the threads are to do
 * follows from the seed; how they interleave does not.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lin.h"
#include "memory.h"
#include "options.h"
#include "report.h"
#include "team.h"

enum { STAGE_HISTORIES = 250, FIRST_STEPS = 3, BARRIERS = 1000 };

/* Seconds after which a stage that has not ended never will; SIGALRM then ends the program. */
enum { STUCK = 120 };

struct run {
	struct options options;
	struct rng rng;
	struct stage stage;
	struct player players[PLAYERS];
	struct team team;
	struct history history; /* the last one */
	uint64_t stages;
	time_t end; /* 0: by number only */
	bool failed;
	struct report report;
};

/*
 * A history
 */

/* Decides what the players shall do. Returns whether they may count. */
static bool plan(struct run *run)
{
	const struct stage *stage = &run->stage;
	struct mix mix = profile_mix(stage->profile, &run->rng);

	for (unsigned int i = 0; i < stage->players; i++) {
		struct player *p = &run->players[i];

		p->steps = FIRST_STEPS + rng_below(&run->rng, STEPS - FIRST_STEPS + 1);
		for (unsigned int n = 0; n < p->steps; n++)
			p->step[n] = profile_step(stage->profile, &mix, stage->keys, &run->rng);
	}
	return mix.counts;
}

static void gather(struct run *run)
{
	struct history *history = &run->history;

	history->operations = 0;
	for (unsigned int i = 0; i < run->stage.players; i++) {
		const struct player *p = &run->players[i];

		memcpy(&history->operation[history->operations], p->record,
		       p->records * sizeof(p->record[0]));
		history->operations += p->records;
	}
}

static struct operation *look(struct run *run, enum operation_kind kind, unsigned int key)
{
	struct operation *op = &run->history.operation[run->history.operations++];

	*op = (struct operation){.kind = kind, .thread = run->stage.players, .key = key};
	player_do(&run->players[0], op);
	return op;
}

static int count_visit(const void *key, size_t len, void *value, void *ctx)
{
	(void)key;
	(void)len;
	(void)value;
	++*(size_t *)ctx;
	return 0;
}

/* Nobody else is there, so the count is exact, fillers included. Tells @others the number of these. */
static bool count_is_exact(const struct run *run, const uint32_t *values, uint32_t *others)
{
	size_t visited = 0;
	size_t counted = rcumap_count(run->stage.map);
	int err = rcumap_range(run->stage.map, count_visit, &visited);

	*others = (uint32_t)visited;
	for (unsigned int key = 0; key < run->stage.keys; key++)
		*others -= values[key] != 0;
	if (!err && counted == visited)
		return true;
	printf("at rest count is %zu, range visits %zu and says %d\n", counted, visited, err);
	return false;
}

/* Looks at all keys at rest. These looks belong to the history; the next one begins with them. */
static void look_at_all(struct run *run, uint32_t *values, bool counts)
{
	for (unsigned int key = 0; key < run->stage.keys; key++)
		values[key] = look(run, OP_LOAD, key)->result;
	look(run, OP_RANGE, 0);
	if (counts)
		look(run, OP_COUNT, 0);
}

static void make_history(struct run *run, bool counts)
{
	if (run->stage.profile->amended)
		player_rekey(&run->players[0]);
	memory_refuse(run->stage.profile->refuse_one_in);
	team_play(&run->team);
	memory_refuse(0);
	gather(run);
	if (!counts)
		run->history.others = 0; /* they come and go */
}

static void print_bad_history(const struct run *run)
{
	printf("history %" PRIu64 " of seed %" PRIu64 ", a map %s, values of kind %d:\n",
	       run->report.histories, run->options.seed, run->stage.profile->name,
	       run->stage.values);
	history_print(stdout, &run->history);
}

/* Times count from the first invocation on, which reads better. */
static void rebase_times(struct history *history)
{
	uint64_t first = UINT64_MAX;

	for (unsigned int i = 0; i < history->operations; i++)
		if (history->operation[i].invoked < first)
			first = history->operation[i].invoked;
	for (unsigned int i = 0; i < history->operations; i++) {
		history->operation[i].invoked -= first;
		history->operation[i].returned -= first;
	}
}

/* Makes a history, judges it, and leaves the beginning of the next one. */
static void try_history(struct run *run)
{
	uint32_t values[HISTORY_KEYS] = {0};
	bool counts = plan(run);
	uint32_t others;

	make_history(run, counts);
	look_at_all(run, values, counts);
	rebase_times(&run->history);
	run->report.overlapped += history_overlaps(&run->history);
	run->failed = !lin_judge(&run->history);
	run->failed |= !count_is_exact(run, values, &others);
	if (run->failed)
		print_bad_history(run);
	run->report.histories++;
	run->history.others = others;
	memcpy(run->history.initial, values, sizeof(values));
}

/*
 * A stage
 */

static const struct profile *choose_profile(const struct run *run)
{
	if (run->options.profile)
		return run->options.profile;
	return &profiles[run->stages % profile_count];
}

static void make_map(struct stage *stage)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;

	attr.key_len = stage->key_len;
	profile_attr(stage->profile, &attr);
	values_attr(&attr, stage->values);
	memory_attr(&attr);
	if (rcumap_create_flavor(&stage->map, &attr, stage->flavor->rcu,
				 stage->flavor->default_worker)) {
		fprintf(stderr, "no map\n");
		exit(2);
	}
}

static void set_stage(struct run *run)
{
	static const unsigned int nudges[] = {0, 4, 16, 64};
	struct rng *rng = &run->rng;
	unsigned int one_in = nudges[rng_below(rng, 4)];

	run->stage = (struct stage){
		.flavor = run->options.flavor,
		.profile = choose_profile(run),
		.values = (enum value_kind)rng_below(rng, VALUE_KINDS),
		.players = 2 + rng_below(rng, PLAYERS - 1),
		.keys = 1 + rng_below(rng, HISTORY_KEYS),
		.key_len = rng_below(rng, 2) ? sizeof(uint64_t) : 0,
		.first_key = rng_next(rng),
	};
	make_map(&run->stage);
	for (unsigned int i = 0; i < PLAYERS; i++) {
		struct player *p = &run->players[i];

		p->stage = &run->stage;
		p->number = i;
		p->rng.state = rng_next(rng);
		p->nudge.rng.state = rng_next(rng);
		p->nudge.one_in = one_in;
		p->fillers = 0;
		p->fewer = false;
		memset(p->seen, 0, sizeof(p->seen));
	}
	run->history = (struct history){.keys = run->stage.keys};
}

static bool goes_on(const struct run *run)
{
	if (run->failed)
		return false;
	if (run->end)
		return time(NULL) < run->end;
	return run->report.histories < run->options.histories;
}

static void play_stage(struct run *run)
{
	alarm(STUCK);
	set_stage(run);
	team_start(&run->team, run->players, run->stage.players);
	for (unsigned int n = 0; n < STAGE_HISTORIES && goes_on(run); n++)
		try_history(run);
	team_stop(&run->team);
	rcumap_destroy(run->stage.map);
	for (unsigned int i = 0; i < run->stage.players; i++)
		report_add(&run->report, &run->players[i]);
	run->stages++;
}

/*
 * The run
 */

/* Waits until all maps are gone. Whether all came back, and each value once. */
static bool all_is_freed(const struct run *run)
{
	const struct rcu_flavor_struct *rcu = run->options.flavor->rcu;
	bool freed = false;

	rcu->thread_offline();
	for (int n = 0; !freed && n < BARRIERS; n++) {
		rcu->barrier();
		freed = !memory_held() && !values_alive();
	}
	rcu->thread_online();
	if (!freed)
		printf("%zu blocks and %zu values were not freed\n", memory_held(), values_alive());
	if (values_freed_twice())
		printf("%zu values were freed twice\n", values_freed_twice());
	return freed && !values_freed_twice();
}

static bool verdict(struct run *run)
{
	bool all_profiles = !run->options.profile && run->stages >= 2 * profile_count;
	bool good = !run->failed;

	/* After a failure the map may be in any state. */
	if (good)
		good = report_print(&run->report, all_profiles) && all_is_freed(run);
	printf("%" PRIu64 " histories, %" PRIu64 " overlapping, %" PRIu64 " promotions, %" PRIu64
	       " clears: %s\n",
	       run->report.histories, run->report.overlapped,
	       run->report.total.nudge.passed[SEAM_PROMOTED],
	       run->report.total.answers[OP_CLEAR][0], good ? "PASS" : "FAIL");
	return good;
}

int main(int argc, char **argv)
{
	static struct run run;
	bool good;

	run.options = options_read(argc, argv);
	options_print(&run.options);
	run.rng.state = run.options.seed;
	run.end = run.options.seconds ? time(NULL) + (time_t)run.options.seconds : 0;
	nudge_begin();
	flavor_thread_begin(run.options.flavor, 0);
	while (goes_on(&run))
		play_stage(&run);
	good = verdict(&run);
	flavor_thread_end(run.options.flavor);
	return good ? 0 : 1;
}
