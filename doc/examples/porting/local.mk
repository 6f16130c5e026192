# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
# The programs of doc/porting: each before and after. A program before needs the library that it is
# ported from, and is left out without it; porting.test says so.
porting_cflags = $(AM_CFLAGS) $(URCU_MEMB_CFLAGS) -pthread
porting_libs = librcumap.la $(URCU_MEMB_LIBS) -lpthread

# The programs before that are built; porting.test runs them.
porting_from = cds_lfht
check_PROGRAMS += \
	doc/examples/porting/cds_lfht_before doc/examples/porting/cds_lfht_after \
	doc/examples/porting/glib_after \
	doc/examples/porting/sync_map_after \
	doc/examples/porting/uthash_after
if HAVE_GLIB
porting_from += glib
check_PROGRAMS += doc/examples/porting/glib_before
endif
if HAVE_UTHASH
porting_from += uthash
check_PROGRAMS += doc/examples/porting/uthash_before
endif

doc_examples_porting_cds_lfht_before_SOURCES = doc/examples/porting/cds_lfht_before.c
doc_examples_porting_cds_lfht_before_CFLAGS = $(porting_cflags) $(URCU_CDS_CFLAGS)
doc_examples_porting_cds_lfht_before_LDADD = $(URCU_CDS_LIBS) $(URCU_MEMB_LIBS) -lpthread
doc_examples_porting_cds_lfht_after_SOURCES = doc/examples/porting/cds_lfht_after.c
doc_examples_porting_cds_lfht_after_CFLAGS = $(porting_cflags)
doc_examples_porting_cds_lfht_after_LDADD = $(porting_libs)

doc_examples_porting_glib_before_SOURCES = doc/examples/porting/glib_before.c
doc_examples_porting_glib_before_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) -pthread
doc_examples_porting_glib_before_LDADD = $(GLIB_LIBS) -lpthread
doc_examples_porting_glib_after_SOURCES = doc/examples/porting/glib_after.c
doc_examples_porting_glib_after_CFLAGS = $(porting_cflags)
doc_examples_porting_glib_after_LDADD = $(porting_libs)

doc_examples_porting_uthash_before_SOURCES = doc/examples/porting/uthash_before.c
doc_examples_porting_uthash_before_CFLAGS = $(AM_CFLAGS) -pthread
doc_examples_porting_uthash_before_LDADD = -lpthread
doc_examples_porting_uthash_after_SOURCES = doc/examples/porting/uthash_after.c
doc_examples_porting_uthash_after_CFLAGS = $(porting_cflags)
doc_examples_porting_uthash_after_LDADD = $(porting_libs)

doc_examples_porting_sync_map_after_SOURCES = doc/examples/porting/sync_map_after.c
doc_examples_porting_sync_map_after_CFLAGS = $(porting_cflags)
doc_examples_porting_sync_map_after_LDADD = $(porting_libs)

TESTS += doc/examples/porting/porting.test
EXTRA_DIST += doc/porting/cds_lfht.md doc/porting/mutex.md doc/porting/sync-map.md \
	doc/porting/when-not.md \
	doc/examples/porting/porting.test \
	doc/examples/porting/sync_map_before.go \
	doc/examples/porting/cds_lfht.expected \
	doc/examples/porting/glib.expected \
	doc/examples/porting/sync_map.expected \
	doc/examples/porting/uthash.expected
