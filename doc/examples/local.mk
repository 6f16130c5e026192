# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
include doc/examples/conntrack/local.mk
include doc/examples/hello/local.mk
include doc/examples/porting/local.mk
