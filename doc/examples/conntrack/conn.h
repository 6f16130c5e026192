/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * One tracked connection: who the peer is, the socket, and a chain of buffers that received data goes
 * to; about 16.6 kB in all, as a connection of the Go servers had that ran out of memory.
 *
 * A connection is counted. The server owns one reference from accept to close, the map another one;
 * with the last its memory goes. How the map owns it differs: a value of rcumap, a key of sync.Map.
 */
#ifndef CONNTRACK_CONN_H
#define CONNTRACK_CONN_H

#include <netinet/in.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alloc.h"

#define BUFFER_BYTES 4096
#define BUFFERS_PER_CONN 4

/*
 * The key: what makes a connection of one listening address unique, in network byte order. 8 bytes
 * without padding, because keys are compared byte by byte.
 */
struct conn_key {
	uint32_t peer_addr;
	uint16_t peer_port;
	uint16_t local_port;
};

struct buffer {
	struct buffer *next;
	size_t used;
	unsigned char data[BUFFER_BYTES];
};

struct conn {
	struct conn_key key;
	int fd;
	atomic_uint refs;
	bool answered;		/* this and what follows: only the worker that serves it */
	size_t received;	/* bytes in all */
	struct buffer *buffers; /* all of them */
	struct buffer *filling; /* where the next byte goes */
};

/* A connection with one reference, the caller's; NULL if there is no memory. The fd is not owned. */
struct conn *conn_new(struct ledger *ledger, int fd, const struct sockaddr_in *peer,
		      in_port_t local_port);

void conn_get(struct conn *conn);
void conn_put(struct conn *conn);

/* Tells the allocator that the connection is over: what it still holds from now on is dead. */
void conn_bury(struct conn *conn);

/* Reads what has arrived into the buffers. 1: still open; 0: the peer has ended it; or -errno. */
int conn_receive(struct conn *conn);

#endif
