/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The command "conntrack load".
 */
#include <arpa/inet.h>
#include <getopt.h>

#include "args.h"
#include "load.h"
#include "proto.h"

#define CONNS_MAX 1000000

int cmd_load(int argc, char *argv[])
{
	static const struct option longs[] = {
		{"address", required_argument, NULL, 'a'},
		{"port", required_argument, NULL, 'p'},
		{"count", required_argument, NULL, 'c'},
		{"live", required_argument, NULL, 'l'},
		{"back", required_argument, NULL, 'b'},
		{"steps", no_argument, NULL, 's'},
		{NULL, 0, NULL, 0},
	};
	struct load_options options = {
		.server = {.sin_family = AF_INET},
		.count = 20000,
		.live = 2,
	};
	size_t open;

	inet_pton(AF_INET, LOOPBACK, &options.server.sin_addr);
	for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
		if (c == 'a')
			options.server.sin_addr = args_loopback("--address", optarg);
		else if (c == 'p')
			options.server.sin_port = htons(args_number("--port", optarg, 1, 65535));
		else if (c == 'c')
			options.count = args_number("--count", optarg, 1, CONNS_MAX);
		else if (c == 'l')
			options.live = args_number("--live", optarg, 1, CONNS_MAX + 1);
		else if (c == 'b')
			options.back = args_number("--back", optarg, 0, CONNS_MAX);
		else if (c == 's')
			options.steps = true;
		else
			args_unknown();
	}
	args_end(argc, argv);
	if (!options.server.sin_port)
		args_die("load needs --port");
	open = options.live < options.count ? options.live : options.count;
	if (args_descriptors((open > options.back ? open : options.back) + 16))
		return 1;
	return load_run(&options);
}
