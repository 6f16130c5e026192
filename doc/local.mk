# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
EXTRA_DIST += doc/abi.md doc/design.md doc/ordering.md doc/testing.md doc/conntrack.svg

include doc/man/local.mk
if ENABLE_EXAMPLES
include doc/examples/local.mk
endif
