/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Runs in processes of their own.
 */
#include "supervise.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "counters.h"
#include "delay.h"
#include "options.h"
#include "report.h"
#include "run.h"
#include "scenario.h"

enum { POLL_US = 5000 };

/* A run that is not over by then hangs. Sanitizers are slow. */
#define PATIENCE 60.0

/* Its messages come from the process itself, if it can; a sanitizer's go to stderr. */
static const char *verdict(int status)
{
	static char why[128];

	if (*counters_message())
		return counters_message();
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_PASS)
		return NULL;
	if (WIFSIGNALED(status))
		snprintf(why, sizeof(why), "killed by signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else
		snprintf(why, sizeof(why), "exit status %d", WEXITSTATUS(status));
	return why;
}

static _Noreturn void run_here(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	run_do();
	exit(EXIT_PASS);
}

/* Returns the status. @seconds is the time that the run began, and then the time that it took. */
static int wait_for(pid_t child, double *seconds)
{
	double began = *seconds, limit = 4 * run.seconds + PATIENCE;
	int status;

	while (!waitpid(child, &status, WNOHANG)) {
		*seconds = run_clock() - began;
		report_progress(*seconds);
		if (*seconds > limit) {
			if (counters_claim_message())
				snprintf(counters_message(), MESSAGE_SIZE, "hangs");
			kill(child, SIGABRT);
			waitpid(child, &status, 0);
			break;
		}
		nap(POLL_US);
	}
	*seconds = run_clock() - began;
	return status;
}

void supervise(void)
{
	double seconds = run_clock();
	pid_t child;

	counters_reset();
	report_run_begin();
	child = fork();
	if (child < 0) {
		perror("rcumap-torture: fork");
		exit(EXIT_FAIL);
	}
	if (!child)
		run_here();
	report_run_end(seconds, verdict(wait_for(child, &seconds)));
}
