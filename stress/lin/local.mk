# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
# The judge of histories, for all that make some.
check_LTLIBRARIES += liblin.la
liblin_la_SOURCES = stress/lin/history.h stress/lin/lin.c stress/lin/lin.h stress/lin/print.c
liblin_la_CFLAGS = $(AM_CFLAGS)

if HAVE_CMOCKA
lin_tests = stress/lin/test_lin stress/lin/test_lin_random
check_PROGRAMS += $(lin_tests)
TESTS += $(lin_tests)
endif
stress_lin_test_lin_SOURCES = stress/lin/test_lin.c
stress_lin_test_lin_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
stress_lin_test_lin_LDADD = liblin.la $(CMOCKA_LIBS)

stress_lin_test_lin_random_SOURCES = stress/lin/brute.c stress/lin/brute.h stress/rng.h \
	stress/lin/test_lin_random.c
stress_lin_test_lin_random_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
stress_lin_test_lin_random_LDADD = liblin.la $(CMOCKA_LIBS)

# Histories of real threads. 100,000 take some seconds; `rcumap-histories --help` tells how to make
# more.
check_PROGRAMS += stress/rcumap-histories
stress_rcumap_histories_SOURCES = \
	stress/lin/clock.h \
	stress/lin/histories.c \
	stress/lin/memory.c stress/lin/memory.h \
	stress/lin/nudge.c stress/lin/nudge.h \
	stress/lin/options.c stress/lin/options.h \
	stress/lin/player.c stress/lin/player.h \
	stress/lin/profile.c stress/lin/profile.h \
	stress/rng.h \
	stress/lin/report.c stress/lin/report.h \
	stress/lin/team.c stress/lin/team.h \
	stress/lin/values.c stress/lin/values.h
stress_rcumap_histories_CFLAGS = $(AM_CFLAGS) $(URCU_CFLAGS) $(seam_cflags) -pthread
stress_rcumap_histories_LDADD = liblin.la librcumap-seams.la $(flavors_libs)
TESTS += stress/lin/test_histories.sh
EXTRA_DIST += stress/lin/test_histories.sh
