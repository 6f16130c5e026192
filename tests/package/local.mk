# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
# What is made for others to build and link: checked as it is installed.
EXTRA_DIST += tests/package/build-systems
EXTRA_DIST += tests/package/installed
EXTRA_DIST += tests/package/reproducible
EXTRA_DIST += tests/package/builds
EXTRA_DIST += tests/package/tools.sh
EXTRA_DIST += tests/package/abi
EXTRA_DIST += lib/abi

# The tree that `make install` has made, in $(DESTDIR) if there is one.
installcheck-local:
	CC='$(CC)' CXX='$(CXX)' CFLAGS='$(CPPFLAGS) $(CFLAGS)' LDFLAGS='$(LDFLAGS)' NM='$(NM)' \
	PKG_CONFIG='$(PKG_CONFIG)' DESTDIR='$(DESTDIR)' libdir='$(libdir)' includedir='$(includedir)' \
	srcdir='$(srcdir)' features="`$(LIBTOOL) --features`" \
	$(SHELL) $(srcdir)/tests/package/installed
EXTRA_DIST += tests/package/deb
EXTRA_DIST += tests/package/requirements
EXTRA_DIST += tests/package/rpm tests/package/rpmlint.toml
