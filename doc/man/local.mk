# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
# The manual: rcumap(7), a page in section 3 for each function, and the tools in section 1.
# Pages of one line are aliases. tests/test_man.sh holds the pages against the header.
dist_man_MANS = \
	doc/man/rcumap.7 \
	doc/man/rcumap_attr.3 \
	doc/man/rcumap_clear.3 \
	doc/man/rcumap_compare_and_delete.3 \
	doc/man/rcumap_compare_and_swap.3 \
	doc/man/rcumap_count.3 \
	doc/man/rcumap_create.3 \
	doc/man/rcumap_create_flavor.3 \
	doc/man/rcumap_delete.3 \
	doc/man/rcumap_destroy.3 \
	doc/man/rcumap_destroy_wait.3 \
	doc/man/rcumap_drain.3 \
	doc/man/rcumap_link.3 \
	doc/man/rcumap_load.3 \
	doc/man/rcumap_load_and_delete.3 \
	doc/man/rcumap_load_or_store.3 \
	doc/man/rcumap_range.3 \
	doc/man/rcumap_store.3 \
	doc/man/rcumap_swap.3 \
	doc/man/rcumap_version.3

if ENABLE_TOOLS
dist_man_MANS += doc/man/rcumap-torture.1
else
EXTRA_DIST += doc/man/rcumap-torture.1
endif

# The checks that need mandoc and man.
EXTRA_DIST += tests/package/man
