# SPDX-License-Identifier: LGPL-2.1-or-later
# The judge of histories, for all that make some.
noinst_LTLIBRARIES += liblin.la
liblin_la_SOURCES = stress/lin/history.h stress/lin/lin.c stress/lin/lin.h stress/lin/print.c
liblin_la_CFLAGS = $(AM_CFLAGS)

if HAVE_CMOCKA
check_PROGRAMS += stress/lin/test_lin
TESTS += stress/lin/test_lin
endif
stress_lin_test_lin_SOURCES = stress/lin/brute.c stress/lin/brute.h stress/lin/test_lin.c
stress_lin_test_lin_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
stress_lin_test_lin_LDADD = liblin.la $(CMOCKA_LIBS)
