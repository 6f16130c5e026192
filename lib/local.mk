# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
rcumap_sources = \
	lib/alloc.c lib/alloc.h \
	lib/bucket.h \
	lib/check.c \
	lib/entry.c lib/entry.h \
	lib/hash.h \
	lib/idle.c lib/idle.h \
	lib/internal.h \
	lib/life.c \
	lib/map.c \
	lib/migrate.c lib/migrate.h \
	lib/order.h \
	lib/range.c \
	lib/retire.c lib/retire.h \
	lib/seam.h \
	lib/section.c lib/section.h \
	lib/sweep.c lib/sweep.h \
	lib/table.c lib/table.h
rcumap_cflags = $(AM_CFLAGS) $(URCU_CFLAGS) $(XXHASH_CFLAGS) -fvisibility=hidden -pthread

lib_LTLIBRARIES += librcumap.la
librcumap_la_SOURCES = $(rcumap_sources)
librcumap_la_CFLAGS = $(rcumap_cflags)
# nodelete: a callback that has told a waiter that it is done still runs our text for an instant.
librcumap_la_LDFLAGS = -version-info 0:0:0 -no-undefined -Wl,-z,nodelete \
	-Wl,--version-script=$(top_srcdir)/lib/librcumap.map
EXTRA_librcumap_la_DEPENDENCIES = lib/librcumap.map
EXTRA_DIST += lib/librcumap.map

# The same sources once more, for the tests and the torture: with seams and assertions, and portions so
# small that a small map takes several rounds.
seam_cflags = -DRCUMAP_SEAMS -DMIGRATE_PORTION=256 -DSWEEP_PORTION=512
check_LTLIBRARIES += librcumap-seams.la
librcumap_seams_la_SOURCES = $(rcumap_sources)
librcumap_seams_la_CFLAGS = $(rcumap_cflags) $(seam_cflags)
