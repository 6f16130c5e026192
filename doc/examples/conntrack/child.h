/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * A child process with which we talk in lines, and which never outlives us. One at a time.
 */
#ifndef CONNTRACK_CHILD_H
#define CONNTRACK_CHILD_H

#include <stddef.h>
#include <sys/types.h>

struct child {
	pid_t pid;
	int to;	  /* its stdin */
	int from; /* its stdout; -1 if that is not ours */
	size_t have;
	char text[256]; /* what was read beyond the last line */
};

/* The path of this program, to be run again. */
const char *child_self(void);

/* Runs a program; its stdout is out, or a pipe to us if that is -1. 0 or -errno. */
int child_start(struct child *child, const char *path, char *const argv[], int out);

/* The next line, without its end. 1; 0: not within timeout_ms; -1: there will be none. */
int child_line(struct child *child, char *line, size_t size, int timeout_ms);

/* Sends an empty line. 0 or -errno. */
int child_go_on(struct child *child);

/* Closes its stdin and waits; kills it after timeout_ms. Its exit status, or -1. */
int child_end(struct child *child, int timeout_ms);

/* Kills the child that runs, if any. For signal handlers. */
void child_kill(void);

#endif
