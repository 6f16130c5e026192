# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
# The flavors by name, for programs that run on each of them.
check_LTLIBRARIES += libflavors.la
libflavors_la_SOURCES = \
	stress/flavor/flavor_bp.c \
	stress/flavor/flavor_c11.c \
	stress/flavor/flavor_mb.c \
	stress/flavor/flavor_memb.c \
	stress/flavor/flavor_qsbr.c \
	stress/flavor/flavors.c stress/flavor/flavors.h
libflavors_la_CFLAGS = $(AM_CFLAGS) $(URCU_CFLAGS) -pthread
flavors_libs = libflavors.la $(URCU_MEMB_LIBS) $(URCU_MB_LIBS) $(URCU_QSBR_LIBS) $(URCU_BP_LIBS)

check_PROGRAMS += stress/flavor/test_litmus
TESTS += stress/flavor/test_litmus
stress_flavor_test_litmus_SOURCES = stress/flavor/test_litmus.c
stress_flavor_test_litmus_CFLAGS = $(AM_CFLAGS) $(URCU_CFLAGS) $(seam_cflags) -pthread
stress_flavor_test_litmus_LDADD = librcumap-seams.la $(flavors_libs)
