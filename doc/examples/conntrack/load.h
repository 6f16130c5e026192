/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The load generator: opens and closes connections to the server, as a process of its own. A load is
 * two numbers: how many connections to open in all, and how many may be live at a time.
 */
#ifndef CONNTRACK_LOAD_H
#define CONNTRACK_LOAD_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

struct load_options {
	struct sockaddr_in server;
	size_t count; /* connections in all */
	size_t live;  /* when so many are open, the oldest one closes */
	size_t back;  /* how many come back at the end and stay until the server closes them */
	bool steps;   /* wait for a line on stdin after each step */
};

/* Runs it, and tells on stdout of each step that is done. Returns an exit status. */
int load_run(const struct load_options *options);

#endif
