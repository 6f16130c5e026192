# SPDX-License-Identifier: LGPL-2.1-or-later
# The judge of histories, for all that make some.
noinst_LTLIBRARIES += liblin.la
liblin_la_SOURCES = stress/lin/history.h stress/lin/lin.c stress/lin/lin.h stress/lin/print.c
liblin_la_CFLAGS = $(AM_CFLAGS)
