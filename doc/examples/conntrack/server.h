/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The tracking server: one thread accepts, a few more serve. A connection goes into the tracker at
 * accept, out of it at close, and is never looked up in between.
 */
#ifndef CONNTRACK_SERVER_H
#define CONNTRACK_SERVER_H

#include <netinet/in.h>
#include <stddef.h>

#include "alloc.h"
#include "tracker.h"

struct server;

struct server_options {
	const struct tracker_ops *ops;
	struct sockaddr_in addr; /* port 0: any */
	unsigned int workers;
};

struct server_counts {
	size_t opened;
	size_t closed;
	size_t failed; /* could not be served in full, or were not in the map at the end */
};

/*
 * Makes the tracker and starts to listen. The ledger must outlive the server. The caller is
 * registered with RCU, here and below. 0 or -errno.
 */
int server_start(struct server **server, const struct server_options *options,
		 struct ledger *ledger);

in_port_t server_port(const struct server *server); /* in host byte order */
void server_counts(const struct server *server, struct server_counts *counts);
void server_tracker_stats(struct server *server, struct tracker_stats *stats);

/* Ends the threads; then ranges over what is still open and closes it. *listed: how many. */
int server_stop(struct server *server, size_t *listed);

/* After server_stop(). Frees everything, and returns when it is freed. 0 or -errno. */
int server_destroy(struct server *server);

#endif
