/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The tracking server: the life of a connection is server_enter(), worker_serve(), server_leave().
 */
#include "server.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conn.h"
#include "proto.h"
#include "rcu.h"

#define BACKLOG 4096 /* the kernel takes less if net.core.somaxconn says so */
#define EVENTS 64
#define WORKERS_MAX 64

struct worker {
	struct server *server;
	pthread_t thread;
	int epoll;
};

struct server {
	const struct tracker_ops *ops;
	struct tracker *tracker;
	struct ledger *ledger;
	int listener;
	int stop; /* an eventfd: readable when the threads are to end */
	in_port_t port;
	pthread_t acceptor;
	bool accepting;
	unsigned int nr_workers;
	atomic_size_t opened;
	atomic_size_t closed;
	atomic_size_t failed;
	struct worker workers[];
};

static void count(atomic_size_t *counter)
{
	atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

/* ---- one connection ---- */

/* Closes with a reset; proto.h says why. */
static void socket_reset(int fd)
{
	const struct linger now = {.l_onoff = 1, .l_linger = 0};

	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(fd);
}

/*
 * The end of a connection. It leaves the map before its socket is closed: afterwards the kernel may
 * give the same pair of addresses, hence the same key, to another connection. And the reset comes
 * last, since the peer takes it for the news that all of this is done.
 */
static void server_leave(struct server *server, struct conn *conn)
{
	int fd = conn->fd;

	if (server->ops->remove(server->tracker, conn) != 1)
		count(&server->failed);
	conn_bury(conn);
	conn_put(conn); /* the server's reference: only the map may still have one */
	count(&server->closed);
	socket_reset(fd);
}

/* The beginning of one: made, put into the map, handed to a worker. Owns the fd. */
static void server_enter(struct server *server, struct worker *worker, int fd,
			 const struct sockaddr_in *peer)
{
	struct epoll_event event = {.events = EPOLLIN};
	struct conn *conn = conn_new(server->ledger, fd, peer, htons(server->port));

	if (!conn)
		goto refuse;
	if (server->ops->add(server->tracker, conn))
		goto put;
	count(&server->opened);
	/* The conn may be gone when this returns: the worker has it then. */
	event.data.ptr = conn;
	if (epoll_ctl(worker->epoll, EPOLL_CTL_ADD, fd, &event) == 0)
		return;
	count(&server->failed);
	server_leave(server, conn);
	return;
put:
	conn_put(conn);
refuse:
	count(&server->failed);
	socket_reset(fd);
}

/* Something has happened on a socket. */
static void worker_serve(struct worker *worker, struct conn *conn)
{
	static const char reply = REPLY;
	struct server *server = worker->server;
	int ret = conn_receive(conn);

	if (ret > 0 && !conn->answered && conn->received >= REQUEST_BYTES) {
		conn->answered = true;
		if (send(conn->fd, &reply, 1, MSG_NOSIGNAL | MSG_DONTWAIT) != 1)
			ret = -errno;
	}
	if (ret > 0)
		return;
	if (ret < 0 || !conn->answered)
		count(&server->failed);
	server_leave(server, conn);
}

/* ---- threads ---- */

static void *worker_run(void *arg)
{
	struct worker *worker = arg;
	struct epoll_event events[EVENTS];
	bool stop = false;

	rcu_register_thread();
	while (!stop) {
		int n = epoll_wait(worker->epoll, events, EVENTS, -1);

		for (int i = 0; i < n; i++) {
			if (events[i].data.ptr)
				worker_serve(worker, events[i].data.ptr);
			else
				stop = true;
		}
	}
	rcu_unregister_thread();
	return NULL;
}

/* What accept() says about a connection that is gone already, or asks us to try again. */
static bool accept_harmless(int err)
{
	return err == EAGAIN || err == EWOULDBLOCK || err == EINTR || err == ECONNABORTED;
}

static void *acceptor_run(void *arg)
{
	struct server *server = arg;
	struct pollfd fds[] = {
		{.fd = server->listener, .events = POLLIN},
		{.fd = server->stop, .events = POLLIN},
	};

	rcu_register_thread();
	for (unsigned int turn = 0;;) {
		struct sockaddr_in peer;
		socklen_t len = sizeof(peer);
		int fd;

		if (poll(fds, 2, -1) > 0 && fds[1].revents)
			break;
		fd = accept4(server->listener, (struct sockaddr *)&peer, &len,
			     SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			server_enter(server, &server->workers[turn++ % server->nr_workers], fd,
				     &peer);
		} else if (!accept_harmless(errno)) {
			/* Out of descriptors, most likely: wait for some to come back. */
			count(&server->failed);
			poll(NULL, 0, 10);
		}
	}
	rcu_unregister_thread();
	return NULL;
}

/* ---- start and stop ---- */

static int listener_open(struct server *server, const struct sockaddr_in *wanted)
{
	struct sockaddr_in addr = *wanted;
	socklen_t len = sizeof(addr);

	server->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (server->listener < 0)
		return -errno;
	if (bind(server->listener, (struct sockaddr *)&addr, sizeof(addr)) ||
	    listen(server->listener, BACKLOG) ||
	    getsockname(server->listener, (struct sockaddr *)&addr, &len))
		return -errno;
	server->port = ntohs(addr.sin_port);
	return 0;
}

static int worker_start(struct server *server, struct worker *worker)
{
	struct epoll_event stop = {.events = EPOLLIN, .data.ptr = NULL};
	int ret;

	worker->server = server;
	worker->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (worker->epoll < 0)
		return -errno;
	if (epoll_ctl(worker->epoll, EPOLL_CTL_ADD, server->stop, &stop))
		ret = -errno;
	else
		ret = -pthread_create(&worker->thread, NULL, worker_run, worker);
	if (ret) {
		close(worker->epoll);
		return ret;
	}
	server->nr_workers++;
	return 0;
}

static int threads_start(struct server *server, unsigned int workers)
{
	int ret = 0;

	while (!ret && server->nr_workers < workers)
		ret = worker_start(server, &server->workers[server->nr_workers]);
	if (!ret)
		ret = -pthread_create(&server->acceptor, NULL, acceptor_run, server);
	server->accepting = !ret;
	return ret;
}

static void threads_stop(struct server *server)
{
	const uint64_t one = 1;

	if (write(server->stop, &one, sizeof(one)) != sizeof(one))
		abort(); /* cannot happen: a fresh eventfd has room for it */
	if (server->accepting)
		pthread_join(server->acceptor, NULL);
	server->accepting = false;
	for (unsigned int i = 0; i < server->nr_workers; i++) {
		pthread_join(server->workers[i].thread, NULL);
		close(server->workers[i].epoll);
	}
	server->nr_workers = 0;
}

int server_start(struct server **out, const struct server_options *options, struct ledger *ledger)
{
	unsigned int workers = options->workers < WORKERS_MAX ? options->workers : WORKERS_MAX;
	struct server *server = calloc(1, sizeof(*server) + workers * sizeof(*server->workers));
	int ret;

	if (!server)
		return -ENOMEM;
	server->ops = options->ops;
	server->ledger = ledger;
	server->listener = -1;
	server->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ret = server->stop < 0 ? -errno : server->ops->create(&server->tracker, ledger);
	if (!ret)
		ret = listener_open(server, &options->addr);
	if (!ret)
		ret = threads_start(server, workers);
	if (ret) {
		(void)server_stop(server, &(size_t){0});
		(void)server_destroy(server);
		return ret;
	}
	*out = server;
	return 0;
}

struct closing {
	struct server *server;
	size_t listed;
};

/* The map may be changed while it is walked, so what is still open can be closed right here. */
static void closing_visit(struct conn *conn, void *ctx)
{
	struct closing *closing = ctx;

	closing->listed++;
	server_leave(closing->server, conn);
}

int server_stop(struct server *server, size_t *listed)
{
	struct closing closing = {.server = server};
	int ret = 0;

	if (server->stop >= 0)
		threads_stop(server);
	if (server->tracker)
		ret = server->ops->range(server->tracker, closing_visit, &closing);
	*listed = closing.listed;
	return ret;
}

int server_destroy(struct server *server)
{
	int ret = server->tracker ? server->ops->destroy(server->tracker) : 0;

	if (server->listener >= 0)
		close(server->listener);
	if (server->stop >= 0)
		close(server->stop);
	free(server);
	return ret;
}

in_port_t server_port(const struct server *server)
{
	return server->port;
}

void server_counts(const struct server *server, struct server_counts *counts)
{
	counts->opened = ledger_read(&server->opened);
	counts->closed = ledger_read(&server->closed);
	counts->failed = ledger_read(&server->failed);
}

void server_tracker_stats(struct server *server, struct tracker_stats *stats)
{
	server->ops->stats(server->tracker, stats);
}
