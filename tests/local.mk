# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
# Tests of the interface link the shared library as users do; tests that look inside link
# librcumap-seams.la. support.c is compiled anew for each program, since it is for one flavor.
# `CHECK=quick make check` takes fewer rounds; RCUMAP_SEED=... repeats a run that failed.

test_support = tests/support.c tests/support.h
test_cflags = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -pthread
test_memb_cflags = $(test_cflags) $(URCU_MEMB_CFLAGS)
test_inside_cflags = $(test_memb_cflags) $(seam_cflags)
test_public_libs = librcumap.la $(URCU_MEMB_LIBS) $(CMOCKA_LIBS)
test_inside_libs = librcumap-seams.la $(URCU_MEMB_LIBS) $(CMOCKA_LIBS)

test_programs = tests/test_ops tests/test_ops_context tests/test_ops_attr tests/test_args \
	tests/test_model tests/test_model_threads tests/test_model_clear \
	tests/test_flavors_memb tests/test_flavors_mb tests/test_flavors_qsbr \
	tests/test_flavors_bp tests/test_two_flavors tests/test_worker tests/test_exit \
	tests/test_nested tests/test_threads_memb tests/test_threads_mb \
	tests/test_threads_qsbr tests/test_threads_bp
test_scripts = tests/test_header.sh tests/test_readme.sh tests/test_doc.sh tests/test_man.sh

check_PROGRAMS += $(test_programs) tests/test_cxx
TESTS += $(test_programs) tests/test_cxx $(test_scripts)
EXTRA_DIST += $(test_scripts) tests/roff.awk tests/man_examples.awk tests/coverage.sh tests/uncovered

test_fixture = tests/test_ops_fixture.c tests/test_ops_fixture.h

tests_test_ops_SOURCES = tests/test_ops.c $(test_fixture) $(test_support)
tests_test_ops_CFLAGS = $(test_memb_cflags)
tests_test_ops_LDADD = $(test_public_libs)

tests_test_ops_context_SOURCES = tests/test_ops_context.c $(test_fixture) $(test_support)
tests_test_ops_context_CFLAGS = $(test_memb_cflags)
tests_test_ops_context_LDADD = $(test_public_libs)

tests_test_ops_attr_SOURCES = tests/test_ops_attr.c $(test_fixture) $(test_support)
tests_test_ops_attr_CFLAGS = $(test_memb_cflags)
tests_test_ops_attr_LDADD = $(test_public_libs)

tests_test_args_SOURCES = tests/test_args.c $(test_support)
tests_test_args_CFLAGS = $(test_memb_cflags)
tests_test_args_LDADD = $(test_public_libs)

tests_test_model_SOURCES = tests/test_model.c $(test_support)
tests_test_model_CFLAGS = $(test_inside_cflags)
tests_test_model_LDADD = $(test_inside_libs)

tests_test_model_threads_SOURCES = tests/test_model_threads.c $(test_support)
tests_test_model_threads_CFLAGS = $(test_inside_cflags)
tests_test_model_threads_LDADD = $(test_inside_libs)

tests_test_model_clear_SOURCES = tests/test_model_clear.c $(test_support)
tests_test_model_clear_CFLAGS = $(test_inside_cflags)
tests_test_model_clear_LDADD = $(test_inside_libs)

tests_test_worker_SOURCES = tests/test_worker.c $(test_support)
tests_test_worker_CFLAGS = $(test_memb_cflags)
tests_test_worker_LDADD = $(test_public_libs)

tests_test_exit_SOURCES = tests/test_exit.c $(test_support)
tests_test_exit_CFLAGS = $(test_memb_cflags)
tests_test_exit_LDADD = $(test_public_libs)

# Loads the library as a plugin's would be.
if SHARED
check_PROGRAMS += tests/test_unload
TESTS += tests/test_unload
endif
tests_test_unload_SOURCES = tests/test_unload.c $(test_support)
tests_test_unload_CFLAGS = $(test_memb_cflags) -DLIBRCUMAP='"$(abs_top_builddir)/.libs/librcumap.so"'
tests_test_unload_LDADD = $(URCU_MEMB_LIBS) $(CMOCKA_LIBS) -ldl

tests_test_nested_SOURCES = tests/test_nested.c $(test_support)
tests_test_nested_CFLAGS = $(test_memb_cflags)
tests_test_nested_LDADD = $(test_public_libs)

# In C++, without cmocka.
tests_test_cxx_SOURCES = tests/test_cxx.cc
tests_test_cxx_CXXFLAGS = -std=gnu++11 $(WARN_CXXFLAGS) $(URCU_MEMB_CFLAGS) -pthread
tests_test_cxx_LDADD = librcumap.la $(URCU_MEMB_LIBS)

# One source, four flavors.
test_flavors = tests/test_flavors.c $(test_support)

tests_test_flavors_memb_SOURCES = $(test_flavors)
tests_test_flavors_memb_CFLAGS = $(test_cflags) $(URCU_MEMB_CFLAGS) -DFLAVOR_MEMB
tests_test_flavors_memb_LDADD = librcumap.la $(URCU_MEMB_LIBS) $(CMOCKA_LIBS)

tests_test_flavors_mb_SOURCES = $(test_flavors)
tests_test_flavors_mb_CFLAGS = $(test_cflags) $(URCU_MB_CFLAGS) -DFLAVOR_MB
tests_test_flavors_mb_LDADD = librcumap.la $(URCU_MB_LIBS) $(CMOCKA_LIBS)

tests_test_flavors_qsbr_SOURCES = $(test_flavors)
tests_test_flavors_qsbr_CFLAGS = $(test_cflags) $(URCU_QSBR_CFLAGS) -DFLAVOR_QSBR
tests_test_flavors_qsbr_LDADD = librcumap.la $(URCU_QSBR_LIBS) $(CMOCKA_LIBS)

tests_test_flavors_bp_SOURCES = $(test_flavors)
tests_test_flavors_bp_CFLAGS = $(test_cflags) $(URCU_BP_CFLAGS) -DFLAVOR_BP
tests_test_flavors_bp_LDADD = librcumap.la $(URCU_BP_LIBS) $(CMOCKA_LIBS)

test_threads = tests/test_threads.c $(test_support)

tests_test_threads_memb_SOURCES = $(test_threads)
tests_test_threads_memb_CFLAGS = $(test_cflags) $(URCU_MEMB_CFLAGS) -DFLAVOR_MEMB
tests_test_threads_memb_LDADD = librcumap.la $(URCU_MEMB_LIBS) $(CMOCKA_LIBS)

tests_test_threads_mb_SOURCES = $(test_threads)
tests_test_threads_mb_CFLAGS = $(test_cflags) $(URCU_MB_CFLAGS) -DFLAVOR_MB
tests_test_threads_mb_LDADD = librcumap.la $(URCU_MB_LIBS) $(CMOCKA_LIBS)

tests_test_threads_qsbr_SOURCES = $(test_threads)
tests_test_threads_qsbr_CFLAGS = $(test_cflags) $(URCU_QSBR_CFLAGS) -DFLAVOR_QSBR
tests_test_threads_qsbr_LDADD = librcumap.la $(URCU_QSBR_LIBS) $(CMOCKA_LIBS)

tests_test_threads_bp_SOURCES = $(test_threads)
tests_test_threads_bp_CFLAGS = $(test_cflags) $(URCU_BP_CFLAGS) -DFLAVOR_BP
tests_test_threads_bp_LDADD = librcumap.la $(URCU_BP_LIBS) $(CMOCKA_LIBS)

# Two flavors in one program: one file includes the header of each.
tests_test_two_flavors_SOURCES = tests/test_two_flavors.c tests/test_two_flavors_qsbr.c \
	tests/test_two_flavors.h $(test_support)
tests_test_two_flavors_CFLAGS = $(test_memb_cflags) $(URCU_QSBR_CFLAGS)
tests_test_two_flavors_LDADD = librcumap.la $(URCU_MEMB_LIBS) $(URCU_QSBR_LIBS) $(CMOCKA_LIBS)

# Tests that look inside.
test_subject = tests/subject.c tests/subject.h
test_inside = tests/test_hash tests/test_migrate tests/test_oom tests/test_race tests/test_range \
	tests/test_retention tests/test_stall tests/test_cancel tests/test_parked tests/test_undo \
	tests/test_check
check_PROGRAMS += $(test_inside)
TESTS += $(test_inside)

tests_test_hash_SOURCES = tests/test_hash.c $(test_support)
tests_test_hash_CFLAGS = $(test_inside_cflags) $(XXHASH_CFLAGS)
tests_test_hash_LDADD = $(test_inside_libs)

tests_test_migrate_SOURCES = tests/test_migrate.c $(test_subject) $(test_support)
tests_test_migrate_CFLAGS = $(test_inside_cflags)
tests_test_migrate_LDADD = $(test_inside_libs)

tests_test_oom_SOURCES = tests/test_oom.c $(test_subject) $(test_support)
tests_test_oom_CFLAGS = $(test_inside_cflags) $(XXHASH_CFLAGS)
tests_test_oom_LDADD = $(test_inside_libs)

tests_test_race_SOURCES = tests/test_race.c $(test_support)
tests_test_race_CFLAGS = $(test_inside_cflags)
tests_test_race_LDADD = $(test_inside_libs)

tests_test_range_SOURCES = tests/test_range.c $(test_subject) $(test_support)
tests_test_range_CFLAGS = $(test_inside_cflags)
tests_test_range_LDADD = $(test_inside_libs)

tests_test_retention_SOURCES = tests/test_retention.c $(test_support)
tests_test_retention_CFLAGS = $(test_inside_cflags)
tests_test_retention_LDADD = $(test_inside_libs)

tests_test_stall_SOURCES = tests/test_stall.c tests/seams.c tests/seams.h $(test_subject) $(test_support)
tests_test_stall_CFLAGS = $(test_inside_cflags)
tests_test_stall_LDADD = $(test_inside_libs)

tests_test_cancel_SOURCES = tests/test_cancel.c $(test_subject) $(test_support)
tests_test_cancel_CFLAGS = $(test_inside_cflags)
tests_test_cancel_LDADD = $(test_inside_libs)

tests_test_parked_SOURCES = tests/test_parked.c tests/seams.c tests/seams.h $(test_subject) $(test_support)
tests_test_parked_CFLAGS = $(test_inside_cflags) $(XXHASH_CFLAGS)
tests_test_parked_LDADD = $(test_inside_libs)

tests_test_undo_SOURCES = tests/test_undo.c $(test_subject) $(test_support)
tests_test_undo_CFLAGS = $(test_inside_cflags) $(XXHASH_CFLAGS)
tests_test_undo_LDADD = $(test_inside_libs)

tests_test_check_SOURCES = tests/test_check.c $(test_subject) $(test_support)
tests_test_check_CFLAGS = $(test_inside_cflags) $(XXHASH_CFLAGS)
tests_test_check_LDADD = $(test_inside_libs)

# Tests that look inside, once for each flavor.
test_inside_flavors = \
	tests/test_fork_memb tests/test_fork_mb tests/test_fork_qsbr tests/test_fork_bp \
	tests/test_signals_memb tests/test_signals_mb tests/test_signals_qsbr tests/test_signals_bp
check_PROGRAMS += $(test_inside_flavors)
TESTS += $(test_inside_flavors)

test_inside_memb_cflags = $(test_cflags) $(URCU_MEMB_CFLAGS) $(seam_cflags)
test_inside_mb_cflags = $(test_cflags) $(URCU_MB_CFLAGS) $(seam_cflags) -DFLAVOR_MB
test_inside_qsbr_cflags = $(test_cflags) $(URCU_QSBR_CFLAGS) $(seam_cflags) -DFLAVOR_QSBR
test_inside_bp_cflags = $(test_cflags) $(URCU_BP_CFLAGS) $(seam_cflags) -DFLAVOR_BP
test_inside_memb_libs = librcumap-seams.la $(URCU_MEMB_LIBS) $(CMOCKA_LIBS)
test_inside_mb_libs = librcumap-seams.la $(URCU_MB_LIBS) $(CMOCKA_LIBS)
test_inside_qsbr_libs = librcumap-seams.la $(URCU_QSBR_LIBS) $(CMOCKA_LIBS)
test_inside_bp_libs = librcumap-seams.la $(URCU_BP_LIBS) $(CMOCKA_LIBS)

test_fork = tests/test_fork.c $(test_subject) $(test_support)

tests_test_fork_memb_SOURCES = $(test_fork)
tests_test_fork_memb_CFLAGS = $(test_inside_memb_cflags)
tests_test_fork_memb_LDADD = $(test_inside_memb_libs)

tests_test_fork_mb_SOURCES = $(test_fork)
tests_test_fork_mb_CFLAGS = $(test_inside_mb_cflags)
tests_test_fork_mb_LDADD = $(test_inside_mb_libs)

tests_test_fork_qsbr_SOURCES = $(test_fork)
tests_test_fork_qsbr_CFLAGS = $(test_inside_qsbr_cflags)
tests_test_fork_qsbr_LDADD = $(test_inside_qsbr_libs)

tests_test_fork_bp_SOURCES = $(test_fork)
tests_test_fork_bp_CFLAGS = $(test_inside_bp_cflags)
tests_test_fork_bp_LDADD = $(test_inside_bp_libs)

test_signals = tests/test_signals.c $(test_subject) $(test_support)

tests_test_signals_memb_SOURCES = $(test_signals)
tests_test_signals_memb_CFLAGS = $(test_inside_memb_cflags)
tests_test_signals_memb_LDADD = $(test_inside_memb_libs)

tests_test_signals_mb_SOURCES = $(test_signals)
tests_test_signals_mb_CFLAGS = $(test_inside_mb_cflags)
tests_test_signals_mb_LDADD = $(test_inside_mb_libs)

tests_test_signals_qsbr_SOURCES = $(test_signals)
tests_test_signals_qsbr_CFLAGS = $(test_inside_qsbr_cflags)
tests_test_signals_qsbr_LDADD = $(test_inside_qsbr_libs)

tests_test_signals_bp_SOURCES = $(test_signals)
tests_test_signals_bp_CFLAGS = $(test_inside_bp_cflags)
tests_test_signals_bp_LDADD = $(test_inside_bp_libs)
