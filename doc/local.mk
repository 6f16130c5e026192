# SPDX-License-Identifier: LGPL-2.1-or-later
EXTRA_DIST += doc/design.md doc/ordering.md doc/testing.md
