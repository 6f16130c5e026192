# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
# Threads that attack the map, for people to run on their own machines.
if ENABLE_TOOLS
bin_PROGRAMS += stress/rcumap-torture
else
check_PROGRAMS += stress/rcumap-torture
endif
stress_rcumap_torture_SOURCES = \
	stress/torture/api.c stress/torture/api.h \
	stress/torture/climb.c \
	stress/torture/contended.c \
	stress/torture/counters.c stress/torture/counters.h \
	stress/torture/delay.c stress/torture/delay.h \
	stress/torture/fail.c stress/torture/fail.h \
	stress/torture/founder.c \
	stress/torture/key.c stress/torture/key.h \
	stress/torture/main.c \
	stress/torture/memory.c stress/torture/memory.h \
	stress/torture/options.c stress/torture/options.h \
	stress/torture/owned.c \
	stress/torture/quarantine.c stress/torture/quarantine.h \
	stress/torture/report.c stress/torture/report.h \
	stress/rng.h \
	stress/torture/run.c stress/torture/run.h \
	stress/torture/scenario.h \
	stress/torture/scenario_destroy.c \
	stress/torture/scenario_idle.c \
	stress/torture/scenarios.c \
	stress/torture/stalls.c \
	stress/torture/supervise.c stress/torture/supervise.h \
	stress/torture/threads.c stress/torture/threads.h \
	stress/torture/value.c stress/torture/value.h \
	stress/torture/walk.c \
	stress/torture/watch.h \
	stress/torture/world.c stress/torture/world.h
stress_rcumap_torture_CFLAGS = $(AM_CFLAGS) $(URCU_CFLAGS) $(seam_cflags) -pthread
stress_rcumap_torture_LDADD = librcumap-seams.la $(flavors_libs) -ldl

torture_tests = stress/torture/test_torture.sh stress/torture/test_torture_args.sh
TESTS += $(torture_tests)
EXTRA_DIST += $(torture_tests)
