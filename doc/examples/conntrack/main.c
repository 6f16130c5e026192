/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * conntrack - the case that ran Go 1.15 servers out of memory (golang/go#40999), on rcumap and on
 * the algorithm of Go 1.15's sync.Map.
 *
 * Where to read on: tracker_rcumap.c is all that uses the library; server.c is the daemon; gomap.c
 * the algorithm that retained; demo.c runs both under the same loads and report.c judges.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"

static const char usage[] =
	"Usage: conntrack [demo] [--quick] [--svg FILE]\n"
	"       conntrack server [OPTION]...\n"
	"       conntrack load --port PORT [OPTION]...\n"
	"\n"
	"Tracks TCP connections on loopback in a map: stored at accept, deleted at close,\n"
	"never loaded. Shows what two maps keep of connections that are gone: rcumap, and the\n"
	"algorithm of sync.Map in Go 1.15.\n"
	"\n"
	"demo: runs three loads against both, prints a table, a chart and a verdict\n"
	"  --quick          fewer connections; a few seconds\n"
	"  --svg FILE       write the chart of the first load there\n"
	"                   (default: conntrack.svg; with --quick: none)\n"
	"\n"
	"server: tracks connections until SIGINT or SIGTERM, printing the figures each second\n"
	"  --map MAP        rcumap (default) or go1.15\n"
	"  --address ADDR   in 127.0.0.0/8 (default: 127.0.0.1)\n"
	"  --port PORT      default: any that is free; it is printed\n"
	"  --workers N      threads that serve (default: 2)\n"
	"  --seconds N      end after so long (default: 300)\n"
	"\n"
	"load: opens and closes connections\n"
	"  --port PORT      of the server\n"
	"  --address ADDR   of the server (default: 127.0.0.1)\n"
	"  --count N        connections in all (default: 20000)\n"
	"  --live N         when so many are open, the oldest closes (default: 2)\n"
	"  --back N         at the end, open so many more and keep them\n"
	"  --steps          wait for a line on stdin after each step\n"
	"\n"
	"Exit status: 0 passed; 1 failed; 2 bad arguments.\n";

static const struct {
	const char *name;
	int (*run)(int argc, char *argv[]);
} commands[] = {
	{"demo", cmd_demo},
	{"server", cmd_server},
	{"load", cmd_load},
};

/*
 * A program that is started with stdin or stdout closed would get these numbers for its first
 * sockets and pipes, and print into them.
 */
static void standard_open(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char *argv[])
{
	standard_open();
	/* Whoever reads us through a pipe or a log sees each line when it is written. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") && strcmp(argv[i], "-h"))
			continue;
		fputs(usage, stdout);
		return EXIT_SUCCESS;
	}
	if (argc < 2 || argv[1][0] == '-')
		return cmd_demo(argc, argv);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	args_die("unknown command '%s'", argv[1]);
}
