#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
#
# test_header.sh - the public header compiles alone in every dialect it promises, without a warning
# and without a header of liburcu; and the version script lists exactly what the header declares.
# tests/package/installed compares the script with what the library exports.
set -eu
: "${CC:=cc}" "${CXX:=c++}" "${NM:=nm}" "${PKG_CONFIG:=pkg-config}" "${srcdir:=.}"
header=$srcdir/include/rcumap.h
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0

fail()
{
	echo "FAIL: $*" >&2
	failed=1
}

flags="-Wall -Wextra -pedantic -Werror -I$srcdir/include"

compiles() # DESCRIPTION COMMAND...
{
	what=$1
	shift
	if "$@" >"$tmp/log" 2>&1; then
		echo "ok: $what"
	else
		fail "$what"
		cat "$tmp/log" >&2
	fi
}

# Twice, to see that it can be; and used, so that the macros are expanded.
cat >"$tmp/alone.c" <<'EOF'
#include <rcumap.h>
#include <rcumap.h>
extern const struct rcu_flavor_struct flavor;
struct call_rcu_data *worker(void);
struct rcumap *make(void);
struct rcumap *make(void)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct rcumap *map;

	attr.flags = RCUMAP_VALUE_LINK;
	attr.key_len = RCUMAP_KEY_MAX;
	return rcumap_create_flavor(&map, &attr, &flavor, worker) == 0 ? map : NULL;
}
EOF
cp "$tmp/alone.c" "$tmp/alone.cc"
for std in c99 c11 c17 gnu11; do
	# shellcheck disable=SC2086
	compiles "the header alone as $std" $CC -std=$std $flags -Wstrict-prototypes -Wundef \
		-fsyntax-only "$tmp/alone.c"
done
for std in c++11 c++17; do
	# shellcheck disable=SC2086
	compiles "the header alone as $std" $CXX -std=$std $flags -Wundef -fsyntax-only "$tmp/alone.cc"
done

# Names as C++ sees them must be those of C.
# shellcheck disable=SC2086
compiles "the header in C++, to an object" $CXX -std=c++11 $flags -c "$tmp/alone.cc" \
	-o "$tmp/alone.o"
$NM -u "$tmp/alone.o" | grep -qw rcumap_create_flavor || fail "C++ mangles the names"

# What the header's opening comment tells users to write must compile.
sed -n '/^#/q; s/^ \*     \(#include <[^>]*>\).*/\1/p' "$header" >"$tmp/usage.c"
grep -q 'include.*urcu' "$tmp/usage.c" || fail "the header does not say how to include it"
cat >>"$tmp/usage.c" <<'EOF'
struct rcumap *make(void);
struct rcumap *make(void)
{
	struct rcumap *map;

	return rcumap_create(&map, NULL) == 0 ? map : NULL;
}
EOF
# shellcheck disable=SC2046,SC2086
compiles "the #include lines of the header's comment" $CC $flags -Wno-pedantic \
	$($PKG_CONFIG --cflags liburcu-memb) -fsyntax-only "$tmp/usage.c"

# shellcheck disable=SC2086
$CC $flags -E "$tmp/alone.c" >"$tmp/alone.i"
if grep -n '^#.*urcu' "$tmp/alone.i"; then
	fail "the header includes one of liburcu's"
fi

# shellcheck disable=SC2086
echo '#include <rcumap.h>' | $CC $flags -E -P -x c - |
	grep -o '\<rcumap_[a-z_]*(' | tr -d '(' | sort -u >"$tmp/declared"
sed -n 's/^	\(rcumap_[a-z_]*\);.*/\1/p' "$srcdir/lib/librcumap.map" | sort -u >"$tmp/listed"
[ "$(wc -l <"$tmp/declared")" -ge 16 ] || fail "found only $(wc -l <"$tmp/declared") declarations"
diff -u "$tmp/declared" "$tmp/listed" ||
	fail "declared in the header (-) and listed in librcumap.map (+) are not the same"
echo "ok: $(wc -l <"$tmp/declared") functions declared, and as many listed"
exit $failed
