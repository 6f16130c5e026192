# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
# What is made for others to build and link: checked as it is installed.
EXTRA_DIST += tests/package/build-systems
EXTRA_DIST += tests/package/tools.sh
EXTRA_DIST += tests/package/abi
EXTRA_DIST += lib/abi
