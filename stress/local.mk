# SPDX-License-Identifier: LGPL-2.1-or-later
# Whatever attacks the map, beyond the tests: one folder for each way to do it. doc/testing.md tells which is for what.
include stress/flavor/local.mk
include stress/fuzz/local.mk
include stress/lin/local.mk
include stress/model/local.mk
include stress/mutants/local.mk
include stress/sched/local.mk
include stress/torture/local.mk
