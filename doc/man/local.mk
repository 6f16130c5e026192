# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
# The manual: rcumap(7), a page in section 3 for each function, and the tools in section 1.
