# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
# The deterministic scheduler. The library's sources are compiled once more, with points.h before each
# of them, so that the scheduler sees every step; and with portions so small that a map of 4 buckets
# takes several rounds.
sched_cppflags = -I$(top_srcdir)/stress/sched
sched_cflags = -DRCUMAP_SEAMS -DMIGRATE_PORTION=1 -DSWEEP_PORTION=4

check_LTLIBRARIES += librcumap-sched.la
librcumap_sched_la_SOURCES = $(rcumap_sources)
librcumap_sched_la_CPPFLAGS = $(AM_CPPFLAGS) $(sched_cppflags)
librcumap_sched_la_CFLAGS = $(rcumap_cflags) $(sched_cflags) -include $(top_srcdir)/stress/sched/points.h

sched_sources = \
	stress/sched/actions.c stress/sched/actions.h \
	stress/sched/cases.c stress/sched/cases.h \
	stress/sched/explore.c stress/sched/explore.h \
	stress/sched/flavor.c stress/sched/flavor.h \
	stress/sched/machine.c stress/sched/machine.h \
	stress/sched/memory.c stress/sched/memory.h \
	stress/sched/points.h \
	stress/sched/record.c stress/sched/record.h \
	stress/sched/rig.c stress/sched/rig.h \
	stress/sched/scenario.c stress/sched/scenario.h \
	stress/sched/schedule.c stress/sched/schedule.h \
	stress/sched/set.c stress/sched/set.h \
	stress/sched/state.c stress/sched/state.h \
	stress/sched/states.c stress/sched/states.h \
	stress/sched/values.c stress/sched/values.h

check_LTLIBRARIES += libsched.la
libsched_la_SOURCES = $(sched_sources)
libsched_la_CFLAGS = $(AM_CFLAGS) $(URCU_CFLAGS) $(XXHASH_CFLAGS) $(sched_cflags)
libsched_la_LIBADD = librcumap-sched.la liblin.la

check_PROGRAMS += stress/sched/rcumap-schedules
stress_sched_rcumap_schedules_SOURCES = stress/sched/main.c
stress_sched_rcumap_schedules_CFLAGS = $(libsched_la_CFLAGS)
stress_sched_rcumap_schedules_LDADD = libsched.la

check_PROGRAMS += stress/sched/test_schedules
TESTS += stress/sched/test_schedules
stress_sched_test_schedules_SOURCES = stress/sched/test_schedules.c
stress_sched_test_schedules_CFLAGS = $(libsched_la_CFLAGS)
stress_sched_test_schedules_LDADD = libsched.la

TESTS += stress/sched/test_explore.sh
EXTRA_DIST += stress/sched/test_explore.sh stress/sched/replays
