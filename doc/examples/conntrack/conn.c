/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Tracked connections: made, filled and freed.
 */
#include "conn.h"

#include <assert.h>
#include <errno.h>
#include <sys/socket.h>

static_assert(sizeof(struct conn_key) == 8, "a key must have no padding");

static void conn_free(struct conn *conn)
{
	struct buffer *buffer;

	while ((buffer = conn->buffers)) {
		conn->buffers = buffer->next;
		ledger_free(buffer);
	}
	ledger_free(conn);
}

struct conn *conn_new(struct ledger *ledger, int fd, const struct sockaddr_in *peer,
		      in_port_t local_port)
{
	struct conn *conn = ledger_alloc(ledger, MEM_CONN, sizeof(*conn));

	if (!conn)
		return NULL;
	*conn = (struct conn){
		.key = {peer->sin_addr.s_addr, peer->sin_port, local_port},
		.fd = fd,
		.refs = 1,
	};
	for (int i = 0; i < BUFFERS_PER_CONN; i++) {
		struct buffer *buffer = ledger_alloc(ledger, MEM_BUFFER, sizeof(*buffer));

		if (!buffer) {
			conn_free(conn);
			return NULL;
		}
		buffer->next = conn->buffers;
		buffer->used = 0;
		conn->buffers = buffer;
	}
	conn->filling = conn->buffers;
	return conn;
}

void conn_get(struct conn *conn)
{
	/* relaxed: the caller holds a reference already. */
	atomic_fetch_add_explicit(&conn->refs, 1, memory_order_relaxed);
}

void conn_put(struct conn *conn)
{
	/* acq_rel: what every other owner did happens before the last one frees. */
	if (atomic_fetch_sub_explicit(&conn->refs, 1, memory_order_acq_rel) == 1)
		conn_free(conn);
}

void conn_bury(struct conn *conn)
{
	for (struct buffer *buffer = conn->buffers; buffer; buffer = buffer->next)
		ledger_bury(buffer);
	ledger_bury(conn);
}

/* The buffer that the next byte goes to; after the last one it is the first again. */
static struct buffer *conn_room(struct conn *conn)
{
	struct buffer *buffer = conn->filling;

	if (buffer->used < sizeof(buffer->data))
		return buffer;
	buffer = buffer->next ? buffer->next : conn->buffers;
	buffer->used = 0;
	return conn->filling = buffer;
}

int conn_receive(struct conn *conn)
{
	for (;;) {
		struct buffer *buffer = conn_room(conn);
		ssize_t n = recv(conn->fd, buffer->data + buffer->used,
				 sizeof(buffer->data) - buffer->used, MSG_DONTWAIT);

		if (n == 0)
			return 0;
		if (n > 0) {
			buffer->used += (size_t)n;
			conn->received += (size_t)n;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			return 1;
		} else if (errno != EINTR) {
			return -errno;
		}
	}
}
