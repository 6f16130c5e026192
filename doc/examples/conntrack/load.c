/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The load generator. Its steps, each of which it reports as a line "WORD OPEN FAILED":
 *
 *     churned   all connections have been opened, all but the last few are closed again
 *     left      those are closed, too
 *     back      a few more were opened, and stay
 *     over      the server has closed them
 *
 * With a window of one, each connection is known to be in the server's map (its reply says so) before
 * the oldest one is told to go, and that is known to be out of the map (its reset says so) before the
 * next one opens: with live = 2, one or two connections are live at any time.
 */
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "proto.h"

#define ANSWER_SECONDS 15 /* the longest wait for the server */
#define WINDOW 64	  /* connections that are opened at once if none has to close before */

struct load {
	const struct load_options *options;
	int *fds; /* of the connections that are open: a ring of ring entries */
	size_t ring;
	size_t oldest; /* connections closed so far */
	size_t newest; /* connections opened so far */
	size_t failed;
};

static int load_fail(struct load *load, const char *what)
{
	fprintf(stderr, "conntrack load: connection %zu: %s: %s\n", load->newest, what,
		strerror(errno));
	load->failed++;
	return -1;
}

static int send_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/* 1: a byte has come; 0: the server has closed; -1: neither, with errno. */
static int receive_one(int fd, char *byte)
{
	ssize_t n;

	do
		n = recv(fd, byte, 1, 0);
	while (n < 0 && errno == EINTR);
	if (n == 0)
		errno = ECONNRESET; /* for the message, if this is not what was expected */
	return n < 0 && errno == ECONNRESET ? 0 : (int)n;
}

/* Connects and sends the request. Returns a descriptor, or -1 and errno. */
static int conn_open(const struct sockaddr_in *server)
{
	static const char request[REQUEST_BYTES] = "conntrack";
	/* Bounds every wait on this socket; on Linux SO_SNDTIMEO is for connect() as well. */
	const struct timeval limit = {.tv_sec = ANSWER_SECONDS};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int err;

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == 0 &&
	    connect(fd, (const struct sockaddr *)server, sizeof(*server)) == 0 &&
	    send_all(fd, request, sizeof(request)) == 0)
		return fd;
	err = errno;
	close(fd);
	errno = err;
	return -1;
}

/* Opens n connections together; 0 when the server has all of them in its map. */
static int load_open(struct load *load, size_t n)
{
	size_t first = load->newest;
	char byte;

	for (; load->newest < first + n; load->newest++) {
		int fd = conn_open(&load->options->server);

		if (fd < 0)
			return load_fail(load, "open");
		load->fds[load->newest % load->ring] = fd;
	}
	for (size_t i = first; i < first + n; i++) {
		if (receive_one(load->fds[i % load->ring], &byte) == 1 && byte == REPLY)
			continue;
		return load_fail(load, "no reply");
	}
	return 0;
}

/* Waits for the server's end of the n oldest ones. */
static int load_await_end(struct load *load, size_t n)
{
	char byte;

	for (size_t end = load->oldest + n; load->oldest < end; load->oldest++) {
		int fd = load->fds[load->oldest % load->ring];
		int ret = receive_one(fd, &byte);

		close(fd);
		if (ret)
			return load_fail(load, "not closed by the server");
	}
	return 0;
}

/* Closes the n oldest ones together; 0 when the server has none of them in its map. */
static int load_close(struct load *load, size_t n)
{
	for (size_t i = load->oldest; i < load->oldest + n; i++)
		if (shutdown(load->fds[i % load->ring], SHUT_WR))
			return load_fail(load, "shutdown");
	return load_await_end(load, n);
}

static int load_churn(struct load *load)
{
	const struct load_options *options = load->options;

	while (load->newest < options->count) {
		size_t room = options->live - (load->newest - load->oldest);
		size_t todo = options->count - load->newest;
		size_t window = options->live > options->count ? WINDOW : 1;

		window = window < room ? window : room;
		if (load_open(load, window < todo ? window : todo))
			return -1;
		if (load->newest - load->oldest >= options->live && load_close(load, 1))
			return -1;
	}
	return 0;
}

static void load_report(const struct load *load, const char *word)
{
	printf("%s %zu %zu\n", word, load->newest - load->oldest, load->failed);
	fflush(stdout);
}

/* Waits for leave to go on, if that was asked for. */
static int load_wait(const struct load *load)
{
	char line[16];

	if (!load->options->steps || fgets(line, sizeof(line), stdin))
		return 0;
	fputs("conntrack load: end of input before the last step\n", stderr);
	return -1;
}

static int load_steps(struct load *load)
{
	size_t back = load->options->back;

	if (load_churn(load))
		return -1;
	load_report(load, "churned");
	if (load_wait(load) || load_close(load, load->newest - load->oldest))
		return -1;
	load_report(load, "left");
	if (!back)
		return 0;
	if (load_wait(load) || load_open(load, back))
		return -1;
	load_report(load, "back");
	if (load_await_end(load, back))
		return -1;
	load_report(load, "over");
	return 0;
}

int load_run(const struct load_options *options)
{
	struct load load = {.options = options};
	int ret;

	load.ring = options->live < options->count ? options->live : options->count;
	load.ring = load.ring > options->back ? load.ring : options->back;
	load.fds = calloc(load.ring, sizeof(*load.fds));
	if (!load.fds) {
		perror("conntrack load");
		return EXIT_FAILURE;
	}
	alarm(LIFETIME_SECONDS);
	ret = load_steps(&load);
	if (ret)
		load_report(&load, "failed");
	free(load.fds);
	return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}
