# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
# Whatever attacks the map, beyond the tests: one folder for each way to do it. doc/testing.md tells which is for what.
include stress/flavor/local.mk
include stress/fuzz/local.mk
include stress/lin/local.mk
include stress/model/local.mk
include stress/mutants/local.mk
include stress/sched/local.mk
include stress/torture/local.mk

EXTRA_DIST += stress/verify stress/ports

# Every attack in its long form, one after another.
verify: all
	$(srcdir)/stress/verify

# Every scenario on every flavor, for so many seconds in all.
TORTURE_SECONDS = 600
torture: stress/rcumap-torture$(EXEEXT)
	stress/rcumap-torture --flavor all --seconds $(TORTURE_SECONDS)

.PHONY: torture verify
