# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
# Not in TESTS: `make check` is not to need spin. CI and `make verify` call stress/model/check.
EXTRA_DIST += \
	stress/model/README \
	stress/model/check \
	stress/model/bucket.pml \
	stress/model/clear.pml \
	stress/model/config.pml \
	stress/model/drain.pml \
	stress/model/idle.pml \
	stress/model/map.pml \
	stress/model/migrate.pml \
	stress/model/operations.pml \
	stress/model/queue.pml \
	stress/model/range.pml \
	stress/model/retire.pml \
	stress/model/section.pml \
	stress/model/spec.pml
