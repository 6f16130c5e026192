#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
#
# test_readme.sh - the library is installed to a directory, where tests/package/installed finds all in
# order; and the first C example of README.md compiles against it, found with pkg-config as the README
# says, and runs; through $EMULATOR, if it is for another machine.
set -eu
: "${CC:=cc}" "${MAKE:=make}" "${PKG_CONFIG:=pkg-config}" "${srcdir:=.}"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

fail()
{
	echo "FAIL: $*" >&2
	exit 1
}

awk '/^```c$/ { inside = 1; next } /^```/ && inside { exit } inside' "$srcdir/README.md" \
	>"$tmp/example.c"
[ -s "$tmp/example.c" ] || fail "README.md has no block of C"

# The flavor that the example includes.
flavor=$(sed -n 's/.*<urcu\/urcu-\([a-z]*\)\.h>.*/\1/p; s/.*<urcu-\([a-z]*\)\.h>.*/\1/p' \
	"$tmp/example.c" | head -n 1)
: "${flavor:=memb}"

MAKEFLAGS='' $MAKE install DESTDIR="$tmp/root" >"$tmp/log" 2>&1 ||
	{ cat "$tmp/log" >&2; fail "make install"; }
pc=$(find "$tmp/root" -name rcumap.pc)
[ -n "$pc" ] || fail "rcumap.pc is not installed"
MAKEFLAGS='' $MAKE --no-print-directory installcheck DESTDIR="$tmp/root" || fail "make installcheck"

# Inside the root that it was installed to, and only there.
rcumap()
{
	PKG_CONFIG_PATH=${pc%/*} PKG_CONFIG_LIBDIR=${pc%/*} PKG_CONFIG_SYSROOT_DIR=$tmp/root \
		PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1 \
		$PKG_CONFIG "$@" rcumap
}

# shellcheck disable=SC2046,SC2086
$CC ${CFLAGS-} -Wall -Wextra "$tmp/example.c" $(rcumap --cflags --libs) \
	$($PKG_CONFIG --cflags --libs "liburcu-$flavor") -o "$tmp/example" ||
	fail "the example does not compile"
LD_LIBRARY_PATH=${pc%/pkgconfig/*} ${EMULATOR-} "$tmp/example" >"$tmp/out" || fail "the example returned $?"
[ -s "$tmp/out" ] || fail "the example prints nothing"
cat "$tmp/out"
