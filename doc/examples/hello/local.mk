# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
# A program built against the installed library, with each of four build systems: not by this
# makefile, but by tests/package/build-systems.
EXTRA_DIST += \
	doc/examples/hello/README.md \
	doc/examples/hello/hello.c \
	doc/examples/hello/make/Makefile \
	doc/examples/hello/autotools/configure.ac \
	doc/examples/hello/autotools/Makefile.am \
	doc/examples/hello/cmake/CMakeLists.txt \
	doc/examples/hello/meson/meson.build \
	doc/examples/hello/meson/meson_options.txt
