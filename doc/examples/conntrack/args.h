/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * What the commands share in reading their arguments. A bad one ends the program with a message and
 * status 2.
 */
#ifndef CONNTRACK_ARGS_H
#define CONNTRACK_ARGS_H

#include <netinet/in.h>
#include <stdarg.h>
#include <stddef.h>

#define EXIT_USAGE 2

/* Says what is wrong, and where help is. */
_Noreturn void args_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A whole number from min to max. */
size_t args_number(const char *option, const char *text, size_t min, size_t max);

/* An address of this host, in 127.0.0.0/8. */
struct in_addr args_loopback(const char *option, const char *text);

/* Refuses what is left after the options, and options that getopt_long() did not know. */
void args_end(int argc, char *argv[]);
_Noreturn void args_unknown(void);

/* Lets the process have n descriptors open. 0; or -1, having said why not. */
int args_descriptors(size_t n);

/* The commands. Each gets its own name as argv[0], and returns an exit status. */
int cmd_demo(int argc, char *argv[]);
int cmd_server(int argc, char *argv[]);
int cmd_load(int argc, char *argv[]);

#endif
