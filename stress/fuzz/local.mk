# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
# Replays the corpus. `stress/fuzz/run` builds the fuzzers, which need clang or AFL++, and looks for more.
fuzz_sources = \
	stress/fuzz/fuzz.h \
	stress/fuzz/fuzz_ops.c \
	stress/fuzz/model.c stress/fuzz/model.h \
	stress/fuzz/shape.c stress/fuzz/shape.h \
	stress/fuzz/steps.c stress/fuzz/steps.h \
	stress/fuzz/steps_around.c \
	stress/fuzz/steps_key.c \
	stress/fuzz/steps_map.c \
	stress/fuzz/steps_wrong.c \
	stress/fuzz/supply.c stress/fuzz/supply.h \
	stress/fuzz/toy.c stress/fuzz/toy.h

check_PROGRAMS += stress/fuzz/replay
TESTS += stress/fuzz/replay
EXTRA_DIST += stress/fuzz/run stress/fuzz/corpus

stress_fuzz_replay_SOURCES = stress/fuzz/replay.c $(fuzz_sources)
stress_fuzz_replay_CPPFLAGS = $(AM_CPPFLAGS) -DCORPUS='"$(top_srcdir)/stress/fuzz/corpus"'
stress_fuzz_replay_CFLAGS = $(AM_CFLAGS) $(URCU_CFLAGS) $(seam_cflags) -pthread
stress_fuzz_replay_LDFLAGS = -pthread -Wl,--wrap=getrandom,--wrap=sysconf
stress_fuzz_replay_LDADD = librcumap-seams.la
