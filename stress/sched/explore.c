/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * explore.c - trying all schedules of a case, up to a number of preemptions; see explore.h.
 *
 * A depth-first search. Where there is more than one choice, the state is saved on a stack, together
 * with the choices that are left; when an execution has come to its end, the latest saved state that
 * has choices left is taken up again.
 *
 * The search is made for 0, 1, 2, ... preemptions, up to the bound, and for each number again until
 * no more words turn out to be shared. Most turn out early, when a search is short; and a failure is
 * found with as few preemptions as it needs. The figures are those of the last search.
 */
#include "explore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "machine.h"
#include "set.h"
#include "state.h"

enum { NODES = 4096, NOBODY = THREADS };

_Static_assert(EXPLORE_BOUND_MAX < 1 << SET_RANK_BITS, "the number of preemptions is a rank");

#define SAVED_MAX ((size_t)128 << 20)

/* A point of the current execution where there was a choice. */
struct node {
	size_t saved; /* where its state begins */
	unsigned char options, current, used;
	unsigned int runs, steps; /* of the schedule, and of its last run */
};

static struct {
	const struct subject *subject;
	struct explore_result *result;
	unsigned int bound;
	unsigned long limit;
	double deadline;
	unsigned int looks; /* at the clock, or nearly */
	bool prunes;
	struct set seen;
	char *saved;
	size_t saved_used;
	struct node node[NODES];
	unsigned int nodes;
	struct schedule schedule;
	unsigned char current; /* who made the last step, if leaving it is a preemption */
	unsigned char used;
} x;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool all_ended(void)
{
	for (enum thread_id i = THREAD_A; i <= THREAD_P; i++)
		if (machine_exists(i) && !machine_finished(i))
			return false;
	return true;
}

/* Who could make the next step. THREAD_F stands for the end. */
static unsigned char enabled(void)
{
	unsigned char options = 0;

	for (enum thread_id i = THREAD_A; i <= THREAD_X; i++)
		if (machine_enabled(i))
			options |= (unsigned char)(1 << i);
	if (all_ended())
		options |= 1 << THREAD_F;
	else if (!options)
		machine_fail("deadlock: nobody can go on");
	return options;
}

/* Of those, who may, for the preemptions that are left. */
static unsigned char affordable(unsigned char options)
{
	unsigned char current = (unsigned char)(1 << x.current);

	if (x.current != NOBODY && x.used == x.bound)
		return options & current;
	return options;
}

static void settle_current(enum thread_id id)
{
	x.current = NOBODY;
	if (x.bound != EXPLORE_UNBOUNDED && machine_enabled(id) && !machine_waiting(id))
		x.current = (unsigned char)id;
}

/* Lets @id make its step, or makes the end. False: the execution has ended. */
static bool choose(enum thread_id id)
{
	if (x.current != NOBODY && x.current != id)
		x.used++;
	if (id == THREAD_F) {
		machine_explore(false);
		x.subject->end(x.subject->context);
		x.result->explored++;
		return false;
	}
	if (x.used == x.bound)
		machine_run_on(id);
	else
		machine_run(id);
	schedule_add(&x.schedule, id, machine_mark_of(id));
	settle_current(id);
	return true;
}

/* Saves the state with all its options. False: it was met before. */
static bool save(unsigned char options)
{
	struct node *n = &x.node[x.nodes];
	uint64_t hash;
	size_t size = state_save(x.saved + x.saved_used, &hash);

	hash ^= (x.current + 1u) * UINT64_C(0x9e3779b97f4a7c15);
	if (x.prunes && set_add(&x.seen, hash, x.used))
		return false;
	*n = (struct node){x.saved_used, options, x.current, x.used, x.schedule.n, 0};
	if (x.schedule.n)
		n->steps = x.schedule.run[x.schedule.n - 1].steps;
	x.saved_used += size;
	if (++x.nodes == NODES || x.saved_used + state_size() > SAVED_MAX)
		machine_fail("an execution has too many points");
	return true;
}

/* Takes the next option of the latest node; whoever goes on for nothing comes first. */
static bool take(void)
{
	struct node *n = &x.node[x.nodes - 1];
	enum thread_id id = (enum thread_id)__builtin_ctz(n->options);

	if (n->current != NOBODY && n->options >> n->current & 1)
		id = n->current;
	n->options &= (unsigned char)~(1 << id);
	if (!n->options) {
		x.nodes--;
		x.saved_used = n->saved;
	}
	return choose(id);
}

/* Goes back to the latest node, and takes its next option. */
static bool resume(void)
{
	const struct node *n = &x.node[x.nodes - 1];

	machine_explore(true);
	state_restore(x.saved + n->saved);
	x.current = n->current;
	x.used = n->used;
	x.schedule.n = n->runs;
	if (n->runs)
		x.schedule.run[n->runs - 1].steps = n->steps;
	return take();
}

/* From a point to the next. False: the execution has ended, has failed, or is pruned. */
static bool advance(void)
{
	unsigned char options = affordable(enabled());

	if (machine_failure())
		return false;
	if (!(options & (options - 1)))
		return choose((enum thread_id)__builtin_ctz(options));
	if (save(options))
		return take();
	x.result->pruned++;
	return false;
}

static bool limit_reached(void)
{
	if (x.limit && x.result->explored >= x.limit)
		return true;
	return x.deadline > 0 && (++x.looks & 63) == 0 && now() > x.deadline;
}

static unsigned long options_left(void)
{
	unsigned long left = 0;

	for (unsigned int i = 0; i < x.nodes; i++)
		left += (unsigned long)__builtin_popcount(x.node[i].options);
	return left;
}

/* Brings about the first point: all threads stand before their first step. */
static void begin(void)
{
	x.schedule.n = 0;
	x.nodes = 0;
	x.saved_used = 0;
	x.current = NOBODY;
	x.used = 0;
	x.subject->begin(x.subject->context);
	machine_explore(true);
	for (enum thread_id i = THREAD_A; i <= THREAD_X; i++)
		if (machine_enabled(i) && !machine_steps(i))
			machine_run(i);
}

/* One search. False: it was cut off, or has failed. Either way nothing of it is left. */
static bool search(void)
{
	bool goes_on = true;

	x.result->explored = x.result->pruned = x.result->cut_off = 0;
	set_clear(&x.seen);
	begin();
	for (;;) {
		while (goes_on && !machine_failure())
			goes_on = advance();
		if (machine_failure() || limit_reached())
			break;
		if (!x.nodes)
			return true;
		goes_on = resume();
	}
	x.result->cut_off = options_left();
	return false;
}

/*
 * Searches again, until no word turned out to be shared that was not known to be. Until then, sections
 * may have begun too late, and the times of operations may be wrong; so failures do not count.
 */
static bool search_to_fixpoint(void)
{
	bool complete;

	do {
		complete = search();
	} while (machine_sharing_grew() && (complete || machine_failure()));
	return complete;
}

static void report(void)
{
	const char *failure = machine_failure();

	x.result->failed = failure;
	if (failure)
		snprintf(x.result->message, sizeof(x.result->message), "%s", failure);
	schedule_format(&x.schedule, x.result->schedule, sizeof(x.result->schedule));
	machine_explore(false);
}

static void prepare(const struct subject *subject, struct explore_result *result)
{
	memset(result, 0, sizeof(*result));
	x.subject = subject;
	x.result = result;
	if (!x.saved)
		x.saved = malloc(SAVED_MAX);
	if (!x.saved)
		exit(2);
}

static unsigned int next_bound(unsigned int bound, unsigned int last)
{
	return bound == 2 && last == EXPLORE_UNBOUNDED ? last : bound + 1;
}

void explore(const struct subject *subject, const struct explore_options *options,
	     struct explore_result *result)
{
	unsigned int last = options->preemptions;

	prepare(subject, result);
	x.prunes = !options->without_reduction;
	x.limit = options->limit;
	x.deadline = options->seconds > 0 ? now() + options->seconds : 0;
	if (!options->without_reduction)
		machine_sharing_reset();
	machine_stop_always(options->without_reduction);
	for (x.bound = 0; search_to_fixpoint() && x.bound != last;)
		x.bound = next_bound(x.bound, last);
	machine_stop_always(false);
	report();
}

/*
 * Replaying
 */

static bool replay_run(const struct run *run)
{
	if (!machine_enabled(run->thread)) {
		x.result->misfit = true;
		machine_fail("%c can't go on here: the schedule does not fit",
			     machine_name(run->thread));
	}
	do {
		if (machine_failure())
			return false;
		machine_run(run->thread);
		x.current = run->thread;
	} while (machine_steps(run->thread) < run->steps && machine_enabled(run->thread));
	return true;
}

/* Without preemptions, to the end. */
static void replay_rest(void)
{
	unsigned char options;

	for (;;) {
		options = enabled();
		if (machine_failure())
			return;
		if (options & 1 << THREAD_F)
			break;
		if (x.current == NOBODY || !(options >> x.current & 1))
			x.current = (unsigned char)__builtin_ctz(options);
		machine_run(x.current);
	}
	machine_explore(false);
	x.subject->end(x.subject->context);
}

void explore_replay(const struct subject *subject, const struct schedule *schedule,
		    struct explore_result *result)
{
	bool fits = true;

	prepare(subject, result);
	machine_sharing_reset();
	machine_share_all(true);
	begin();
	for (unsigned int i = 0; fits && i < schedule->n; i++)
		fits = replay_run(&schedule->run[i]);
	if (!machine_failure())
		replay_rest();
	machine_share_all(false);
	x.schedule = *schedule;
	report();
}
