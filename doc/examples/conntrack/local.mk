# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
noinst_PROGRAMS += doc/examples/conntrack/conntrack
doc_examples_conntrack_conntrack_SOURCES = \
	doc/examples/conntrack/alloc.c doc/examples/conntrack/alloc.h \
	doc/examples/conntrack/args.c doc/examples/conntrack/args.h \
	doc/examples/conntrack/chart.c \
	doc/examples/conntrack/child.c doc/examples/conntrack/child.h \
	doc/examples/conntrack/cmd_load.c \
	doc/examples/conntrack/cmd_server.c \
	doc/examples/conntrack/conn.c doc/examples/conntrack/conn.h \
	doc/examples/conntrack/demo.c doc/examples/conntrack/demo.h \
	doc/examples/conntrack/gomap.c doc/examples/conntrack/gomap.h \
	doc/examples/conntrack/load.c doc/examples/conntrack/load.h \
	doc/examples/conntrack/main.c \
	doc/examples/conntrack/probe.c doc/examples/conntrack/probe.h \
	doc/examples/conntrack/progress.c doc/examples/conntrack/progress.h \
	doc/examples/conntrack/proto.h \
	doc/examples/conntrack/rcu.h \
	doc/examples/conntrack/report.c doc/examples/conntrack/report.h \
	doc/examples/conntrack/run.c \
	doc/examples/conntrack/sample.c doc/examples/conntrack/sample.h \
	doc/examples/conntrack/server.c doc/examples/conntrack/server.h \
	doc/examples/conntrack/svg.c \
	doc/examples/conntrack/tracker.h \
	doc/examples/conntrack/tracker_go.c \
	doc/examples/conntrack/tracker_rcumap.c
doc_examples_conntrack_conntrack_CFLAGS = $(AM_CFLAGS) $(URCU_MEMB_CFLAGS) -D_GNU_SOURCE -pthread
doc_examples_conntrack_conntrack_LDADD = librcumap.la $(URCU_MEMB_LIBS)
doc_examples_conntrack_conntrack_LDFLAGS = -pthread
TESTS += doc/examples/conntrack/conntrack.test
EXTRA_DIST += doc/examples/conntrack/conntrack.test
