/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The command "conntrack server": the daemon by itself, to be watched while load is run by hand.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "args.h"
#include "proto.h"
#include "rcu.h"
#include "server.h"

#define CONNS_WANTED 10000

static const struct tracker_ops *map_option(const char *text)
{
	if (!strcmp(text, "rcumap"))
		return &tracker_rcumap;
	if (!strcmp(text, "go1.15"))
		return &tracker_go;
	args_die("--map takes rcumap or go1.15, not '%s'", text);
}

static void print_figures(struct server *server, const struct ledger *ledger)
{
	struct tracker_stats stats;

	server_tracker_stats(server, &stats);
	printf("live %zu (%.1f MB)  dead %zu (%.1f MB)  map: %zu keys, %zu misses, %zu bytes\n",
	       ledger_read(&ledger->live_conns), (double)ledger_read(&ledger->live_bytes) / 1e6,
	       ledger_read(&ledger->dead_conns), (double)ledger_read(&ledger->dead_bytes) / 1e6,
	       stats.keys, stats.misses, ledger_read(&ledger->map_bytes));
}

/* Prints the figures each second until a signal comes, or the time is up. */
static void serve(struct server *server, const struct ledger *ledger, const sigset_t *signals,
		  size_t seconds)
{
	const struct timespec second = {.tv_sec = 1};

	for (size_t i = 0; i < seconds; i++) {
		if (sigtimedwait(signals, NULL, &second) >= 0)
			break;
		print_figures(server, ledger);
	}
}

static int server_command(const struct server_options *options, size_t seconds)
{
	static struct ledger ledger;
	struct server_counts counts;
	struct server *server;
	sigset_t signals;
	size_t listed;
	int ret;

	/* Before the first thread: all inherit it, and serve() alone takes these. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	ret = server_start(&server, options, &ledger);
	if (ret) {
		fprintf(stderr, "conntrack server: %s\n", strerror(-ret));
		return EXIT_FAILURE;
	}
	printf("listening on port %u, connections in %s\n", server_port(server),
	       options->ops->name);
	serve(server, &ledger, &signals, seconds);
	ret = server_stop(server, &listed);
	server_counts(server, &counts);
	printf("%zu opened, %zu still open at the end, %zu failed\n", counts.opened, listed,
	       counts.failed);
	print_figures(server, &ledger);
	if (server_destroy(server) || ret || counts.failed)
		return EXIT_FAILURE;
	return EXIT_SUCCESS;
}

int cmd_server(int argc, char *argv[])
{
	static const struct option longs[] = {
		{"map", required_argument, NULL, 'm'},
		{"address", required_argument, NULL, 'a'},
		{"port", required_argument, NULL, 'p'},
		{"workers", required_argument, NULL, 'w'},
		{"seconds", required_argument, NULL, 's'},
		{NULL, 0, NULL, 0},
	};
	struct server_options options = {
		.ops = &tracker_rcumap,
		.addr = {.sin_family = AF_INET},
		.workers = 2,
	};
	size_t seconds = LIFETIME_SECONDS;
	int ret;

	inet_pton(AF_INET, LOOPBACK, &options.addr.sin_addr);
	for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
		if (c == 'm')
			options.ops = map_option(optarg);
		else if (c == 'a')
			options.addr.sin_addr = args_loopback("--address", optarg);
		else if (c == 'p')
			options.addr.sin_port = htons(args_number("--port", optarg, 0, 65535));
		else if (c == 'w')
			options.workers = (unsigned int)args_number("--workers", optarg, 1, 64);
		else if (c == 's')
			seconds = args_number("--seconds", optarg, 1, 86400);
		else
			args_unknown();
	}
	args_end(argc, argv);
	(void)args_descriptors(CONNS_WANTED); /* it serves with fewer, too */
	rcu_register_thread();
	ret = server_command(&options, seconds);
	rcu_unregister_thread();
	return ret;
}
