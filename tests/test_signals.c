/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_signals.c - loads in signal handlers, which interrupt operations anywhere: at each seam, and
 * in a storm of signals. Compiled once for each flavor of liburcu; with qsbr, the threads that are
 * interrupted are online.
 */
#include "seams.h"
#include "subject.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

enum { KEYS = 64, CHURNED = 1000000, THREADS = 2 };

static struct subject subject;
static _Atomic size_t signals, seen[SEAMS];

/* Of this thread: it wants a signal at each seam; it is in the handler. */
static _Thread_local volatile sig_atomic_t wants_signals, handling;

/* The stable keys are all there, whatever was interrupted. */
static void on_signal(int signal)
{
	int saved = errno;

	(void)signal;
	handling = 1;
	rcu_read_lock();
	for (uint64_t i = 0; i < KEYS; i++) {
		void *value = rcumap_load(subject.map, &i, sizeof(i));

		check_that(value, "a handler does not find key %d", (int)i);
		value_check(value, i);
	}
	check_ptr(rcumap_load(subject.map, &(uint64_t){CHURNED - 1}, 8), NULL);
	rcu_read_unlock();
	handling = 0;
	atomic_fetch_add(&signals, 1);
	errno = saved;
}

static void handle_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

	check_int(sigaction(SIGUSR1, &action, NULL), 0);
}

static void signal_at_seam(enum rcumap_seam at)
{
	if (!wants_signals || handling)
		return;
	atomic_fetch_add(&seen[at], 1);
	pthread_kill(pthread_self(), SIGUSR1); /* is handled before it returns */
}

static int visit_nothing(const void *key, size_t len, void *value, void *ctx)
{
	(void)key, (void)len, (void)value, (void)ctx;
	return 0;
}

/* Every operation, on keys of this thread alone; the map grows and shrinks with them. */
static void change(struct subject *s, unsigned int index, struct rng *rng)
{
	uint64_t n = CHURNED * (index + 1) + rng_below(rng, 300), stable = rng_below(rng, KEYS);
	void *out;

	switch (rng_below(rng, 12)) {
	case 0:
		subject_store(s, stable, 2);
		break;
	case 1:
		(void)subject_rekey(s);
		break;
	case 2:
		check_that(rcumap_swap(s->map, &n, 8, value_new(&s->pool, n, 2), &out) >= 0,
			   "swap failed");
		break;
	case 3:
		check_int(rcumap_range(s->map, visit_nothing, NULL), 0);
		break;
	case 4:
		check_that(rcumap_count(s->map) + THREADS > KEYS, "the count is too low");
		break;
	case 5:
	case 6:
	case 7:
	case 8:
		check_that(rcumap_load_and_delete(s->map, &n, 8, &out) >= 0, "delete failed");
		break;
	default:
		subject_store(s, n, 1);
	}
	rcu_quiescent_state();
}

static void a_handler_loads_at_every_seam(void **state)
{
	struct rng rng = rng_make(1);

	(void)state;
	subject_make(&subject, NULL, false, KEYS);
	rcumap__seam_hook = signal_at_seam;
	wants_signals = 1;
	for (size_t i = test_scale(20000, 3000); i; i--)
		change(&subject, 0, &rng);
	wants_signals = 0;
	rcumap__seam_hook = NULL;
	for (unsigned int at = 0; at < SEAMS; at++)
		check_that(!seam_is_common(at) || atomic_load(&seen[at]),
			   "no signal came at seam %u", at);
	subject_unmake(&subject);
}

/*
 * A storm
 */

static pthread_t victims[THREADS];
static _Atomic unsigned int ready;

static void change_in_storm(unsigned int index, void *arg)
{
	struct rng rng = rng_make(index);

	(void)arg;
	victims[index] = pthread_self();
	atomic_fetch_add(&ready, 1);
	while (!atomic_load(&subject.stop))
		change(&subject, index, &rng);
}

static void a_storm_of_signals_finds_the_map_whole(void **state)
{
	size_t storm = test_scale(20000, 3000);
	struct test_threads *threads;

	(void)state;
	subject_make(&subject, NULL, true, KEYS);
	threads = test_threads_start(THREADS, change_in_storm, NULL);
	while (atomic_load(&ready) < THREADS)
		sched_yield();
	atomic_store(&signals, 0);
	rcu_thread_offline();
	while (atomic_load(&signals) < storm) {
		for (unsigned int i = 0; i < THREADS; i++)
			check_int(pthread_kill(victims[i], SIGUSR1), 0);
		usleep(20); /* signals that come before the one before was handled are merged */
	}
	rcu_thread_online();
	atomic_store(&subject.stop, true);
	test_threads_join(threads);
	subject_unmake(&subject);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_handler_loads_at_every_seam),
		cmocka_unit_test(a_storm_of_signals_finds_the_map_whole),
	};

	test_begin();
	handle_signals();
	return test_end(cmocka_run_group_tests_name("signals " FLAVOR_NAME, tests, NULL, NULL));
}
