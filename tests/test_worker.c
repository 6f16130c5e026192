/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_worker.c - the first rcumap_create() starts liburcu's call_rcu worker, with all signals
 * blocked. In a process of its own, because the worker is started once.
 */
#include "support.h"

#include <dirent.h>
#include <inttypes.h>
#include <signal.h>
#include <unistd.h>

/* The mask of signals that a thread blocks, bit 0 for signal 1. */
static uint64_t blocked_signals(const char *tid)
{
	char path[64], line[256];
	uint64_t mask = 0;
	FILE *status;

	snprintf(path, sizeof(path), "/proc/self/task/%.20s/status", tid);
	status = fopen(path, "r");
	check_that(status, "%s can't be read", path);
	while (fgets(line, sizeof(line), status))
		if (sscanf(line, "SigBlk: %" SCNx64, &mask) == 1)
			break;
	fclose(status);
	return mask;
}

/* Calls @visit for every other thread of the process; returns how many there are. */
static size_t other_threads(void (*visit)(const char *tid))
{
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *task;
	size_t threads = 0;

	check_that(tasks, "/proc/self/task can't be read");
	while ((task = readdir(tasks))) {
		if (task->d_name[0] == '.' || atol(task->d_name) == (long)getpid())
			continue;
		visit(task->d_name);
		threads++;
	}
	closedir(tasks);
	return threads;
}

static void check_blocks_signals(const char *tid)
{
	static const int signals[] = {SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGCHLD, SIGALRM, SIGPIPE};
	uint64_t mask = blocked_signals(tid);

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		check_that(mask >> (signals[i] - 1) & 1, "signal %d can land on thread %s",
			   signals[i], tid);
}

static void create_starts_the_worker_with_all_signals_blocked(void **state)
{
	/* None, or that of an emulator. */
	size_t others = other_threads(check_blocks_signals);
	sigset_t before, after;
	struct rcumap *map;

	(void)state;
	pthread_sigmask(SIG_SETMASK, NULL, &before);
	check_int(rcumap_create(&map, NULL), 0);
	pthread_sigmask(SIG_SETMASK, NULL, &after);
	for (int signal = 1; signal < 32; signal++)
		check_int(sigismember(&after, signal), sigismember(&before, signal));
	rcu_barrier(); /* a thread that has not run yet blocks all signals anyway */
	check_size(other_threads(check_blocks_signals), others + 1);

	check_int(rcumap_store(map, "", 0, map), 0);
	check_int(rcumap_delete(map, "", 0), 1);
	/* The delete started no other. */
	check_size(other_threads(check_blocks_signals), others + 1);
	check_int(rcumap_destroy_wait(map), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(create_starts_the_worker_with_all_signals_blocked),
	};

	test_begin();
	return test_end(cmocka_run_group_tests_name("worker", tests, NULL, NULL));
}
