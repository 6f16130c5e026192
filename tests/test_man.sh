#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
#
# test_man.sh - the manual is whole, says what the header says, and its programs work:
# every page is installed, every exported function and every reference has one; prototypes and errno
# values are those of the header; every program in a page compiles with the flavor that it includes,
# and succeeds (through $EMULATOR, if it is for another machine). Run from the build directory.
# What needs mandoc and man is checked by tests/package/man.
set -eu
: "${CC:=cc}" "${MAKE:=make}" "${PKG_CONFIG:=pkg-config}" "${srcdir:=.}"
man=$srcdir/doc/man
header=$srcdir/include/rcumap.h
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
: >"$tmp/failed"

fail()
{
	echo "FAIL: $*" >&2
	echo "$*" >>"$tmp/failed"
}

# Fails for each line of standard input, which awk has printed.
fail_lines()
{
	while read -r line; do
		fail "$line"
	done
}

roff=$(cat "$srcdir/tests/roff.awk")

# page NAME: the file that `man 3 NAME` shows, through an alias.
page()
{
	file=$man/$1.3
	to=$(sed -n 's|^\.so man3/||p' "$file")
	[ -z "$to" ] || file=$man/$to
	echo "$file"
}

# section TITLE FILE: the lines of one section.
section()
{
	awk -v title="$1" '/^\.SH / { inside = $0 == ".SH " title; next } inside' "$2"
}

# The header's statements, one a line, without spaces that mean nothing. Likewise what a SYNOPSIS says.
statements()
{
	awk '{ gsub(/\/\*[^*]*\*\//, "") }
	/\/\*/ { comment = 1 }
	/^#/ || continued { continued = /\\$/; next }
	!comment && !/^extern "C"/ && !/^}$/ { text = text " " $0 }
	/\*\// { comment = 0 }
	END {
		gsub(/RCUMAP_MUST_CHECK/, "", text); gsub(/[ \t]+/, " ", text)
		for (i = 1; i <= length(text); i++) {
			c = substr(text, i, 1)
			depth += (c == "{") - (c == "}")
			one = one c
			if (c == ";" && !depth) {
				gsub(/ ?[(){}*,;] ?/, "&", one)
				while (match(one, / [(){}*,;]/))
					one = substr(one, 1, RSTART - 1) substr(one, RSTART + 1)
				while (match(one, /[(){}*,;] /))
					one = substr(one, 1, RSTART) substr(one, RSTART + 2)
				sub(/^ +/, "", one)
				print one
				one = ""
			}
		}
	}'
}

# errors NAME: the errno values that the header says the function returns.
header_errors()
{
	awk -v name="$1" '/^\/\*\*/ { inside = 0; returns = 0; next }
	$1 == "*" && $2 == name && $3 == "-" { inside = 1 }
	inside && match($0, /Otherwise as rcumap_[a-z_]*/) { like = substr($0, RSTART + 13, RLENGTH - 13) }
	inside && / \* Return:/ { returns = found = 1 }
	inside && returns { while (match($0, /-E[A-Z]+/)) {
		print substr($0, RSTART, RLENGTH); $0 = substr($0, RSTART + RLENGTH) } }
	/\*\// { inside = returns = 0 }
	END { if (!found) print like ? "as " like : "none" }' "$header" | sort -u
}

page_errors() # NAME FILE
{
	section ERRORS "$2" | awk -v name="$1" "$roff"'
	/^\.TP/ { tag = 1; next }
	tag { tag = 0; s = args($0)
		if (s ~ /rcumap_/ && s !~ "[( ]" name "[(]") next
		if (match(s, /-E[A-Z]+/)) print substr(s, RSTART, RLENGTH) }' | sort -u
}

check_head()
{
	version=$(sed -n 's/^AC_INIT(\[rcumap\], \[\(.*\)\])/\1/p' "$srcdir/configure.ac")
	[ -n "$version" ] || fail "configure.ac has no version"
	for file in $pages; do
		awk -v version="$version" -v file="${file##*/}" "$roff"'
		/^\.so / { alias = 1 }
		/^\.TH / { found++; title = plain($2); section = $3; date = $4; rest = args($0) }
		END {
			want = toupper(file)
			if (alias) { if (found) print file ": an alias with a title"; exit }
			if (found != 1) { print file ": not one .TH"; exit }
			if (title "." section != want) print file ": its .TH is that of " title "(" section ")"
			if (date !~ /^20[0-9][0-9]-[01][0-9]-[0-3][0-9]$/) print file ": " date " is no date"
			if (index(rest, "rcumap " version "rcumap Manual") == 0)
				print file ": its .TH is not of rcumap " version
		}' "$file"
	done | fail_lines
}

# Every page is installed, and nothing else.
check_installed()
{
	MAKEFLAGS='' $MAKE install-man DESTDIR="$tmp/root" >"$tmp/log" 2>&1 ||
		{ cat "$tmp/log" >&2; fail "make install-man"; }
	find "$tmp/root" -type f | sed 's|.*/\(man[0-9]/\)|\1|' | sort >"$tmp/installed"
	for file in $pages; do
		echo "man${file##*.}/${file##*/}"
	done | sort >"$tmp/there"
	diff -u "$tmp/there" "$tmp/installed" ||
		fail "pages that are there (-) and pages that are installed (+) are not the same"
}

# Each function has a page of its name, which names it, shows its prototype and has its errors.
check_functions()
{
	statements <"$header" >"$tmp/header"
	for name in $functions; do
		[ -f "$man/$name.3" ] || { fail "$name has no page"; continue; }
		file=$(page "$name")
		[ -f "$file" ] || continue
		section NAME "$file" | grep -qw "$name" || fail "${file##*/} does not name $name"
		grep -q "$name" "$man/rcumap.7" || fail "rcumap.7 does not mention $name"
		check_prototype "$name" "$file"
		check_errors "$name" "$file"
	done
	for name in rcumap_attr rcumap_link; do
		check_statement "^struct $name{" "$name" "$(page "$name")"
	done
}

synopsis()
{
	section SYNOPSIS "$1" | awk "$roff"'
	/^\.B/ { s = args($0); if (s !~ /^#/) print s }' | statements
}

# The macro is rcumap_create_flavor() without the flavor.
check_prototype()
{
	if [ "$1" = rcumap_create ]; then
		sed -n 's/rcumap_create_flavor(\(.*\),const struct rcu_flavor_struct.*/rcumap_create(\1);/p' \
			"$tmp/header" >"$tmp/create"
		cat "$tmp/create" >>"$tmp/header"
	fi
	check_statement "[ *]$1(" "$@"
}

check_statement() # PATTERN NAME FILE
{
	grep "$1" "$tmp/header" | sort -u >"$tmp/want"
	synopsis "$3" | grep "$1" >"$tmp/is" || :
	[ -s "$tmp/want" ] || fail "the header does not declare $2"
	diff "$tmp/want" "$tmp/is" ||
		fail "${3##*/}: $2 is not as the header (<) declares it"
}

check_errors()
{
	errors=$(header_errors "$1")
	case $errors in
	as*) errors=$(header_errors "${errors#as }") ;;
	none) errors='no Return in the header' ;;
	esac
	is=$(page_errors "$1" "$2")
	# shellcheck disable=SC2086  # lists, on one line
	[ "$errors" = "$is" ] ||
		fail "${2##*/}: the errors of $1 are" $is "and in the header" $errors
}

# Whatever looks like a page of ours is one, and names are those of the header.
check_references()
{
	awk '/^#define RCUMAP_/ { sub(/\(.*/, "", $2); print $2 }' "$header" >"$tmp/names"
	# shellcheck disable=SC2086  # a list of words
	printf '%s\n' $functions rcumap_attr rcumap_link >>"$tmp/names"
	for file in $pages; do
		echo "${file##*/}"
	done >"$tmp/pages"
	# shellcheck disable=SC2086  # a list of words
	awk -v names="$tmp/names" -v pages="$tmp/pages" "$roff"'
	BEGIN {
		while ((getline line <names) > 0) known[line] = 1
		while ((getline line <pages) > 0) page[line] = 1
	}
	/^\.\\"/ { next }
	/^\.so / { sub(/.*\//, "", $2); if (!page[$2]) print name_of(FILENAME) ": no page " $2 }
	/^\.SH / { heading[name_of(FILENAME) " " toupper(plain(substr($0, 5)))] = 1 }
	{ gsub(/"/, ""); s = plain($0) }
	{
		for (t = s; match(t, /rcumap[-a-z_]* ?\([0-9]\)/); t = substr(t, RSTART + RLENGTH)) {
			ref = substr(t, RSTART, RLENGTH)
			gsub(/[ )]/, "", ref); sub(/\(/, ".", ref)
			if (!page[ref]) print name_of(FILENAME) ":" FNR ": no page " ref
			count++
		}
		for (t = s; match(t, /(rcumap|RCUMAP)_[A-Za-z_]+/); t = substr(t, RSTART + RLENGTH)) {
			ref = substr(t, RSTART, RLENGTH)
			if (!known[ref] && s !~ /^\.(TH|so) /) print name_of(FILENAME) ":" FNR ": unknown " ref
		}
	}
	END { if (count < 50) print "found only " count + 0 " references" }' $pages | fail_lines
	check_headings
}

# A reference to a section of rcumap(7), as in: see "Who frees the value" in rcumap(7).
check_headings()
{
	for file in $pages; do
		tr '\n' ' ' <"$file" | grep -o '"[^"]*" in \.BR rcumap (7)' | sed 's/^"\(.*\)".*/\1/' |
			tr '[:lower:]' '[:upper:]' |
			while read -r title; do
				grep -qFx ".SH $title" "$man/rcumap.7" ||
					echo "${file##*/}: rcumap(7) has no section \"$title\""
			done
	done | fail_lines
}

# Pages of section 3 have all sections, in one order.
check_sections()
{
	for file in $pages; do
		case $file in
		*.3) ! grep -q '^\.so ' "$file" || continue ;;
		*) continue ;;
		esac
		is=$(sed -n 's/^\.SH //p' "$file" | grep -vxE 'LIFETIME|PROGRESS' | tr '\n' ,)
		[ "$is" = "NAME,SYNOPSIS,DESCRIPTION,CONTEXT,ORDERING,RETURN VALUE,ERRORS,EXAMPLES,SEE ALSO," ] ||
			fail "${file##*/}: its sections are $is"
	done
}

flavor_of()
{
	if grep -q '^#define RCU_MB' "$1"; then
		echo mb
	else
		sed -n 's/.*<urcu\/urcu-\([a-z]*\)\.h>.*/\1/p; s/.*<urcu-\([a-z]*\)\.h>.*/\1/p' "$1" |
			grep . || echo memb
	fi
}

run_example() # FILE.c
{
	flavor=$(flavor_of "$1")
	library=.libs/librcumap.so
	[ -e "$library" ] || library=.libs/librcumap.a # configured with --disable-shared
	# shellcheck disable=SC2046,SC2086  # lists of words
	$CC ${CFLAGS-} -std=gnu11 -Wall -Wextra -Werror -I"$srcdir/include" "$1" "$library" \
		$($PKG_CONFIG --cflags --libs "liburcu-$flavor") -pthread -o "${1%.c}" >"$tmp/log" 2>&1 ||
		{ cat "$tmp/log" >&2; fail "${1##*/} does not compile"; return; }
	# shellcheck disable=SC2086  # may be a command with options
	LD_LIBRARY_PATH=$PWD/.libs timeout 100 ${EMULATOR-} "${1%.c}" >"$tmp/log" 2>&1 ||
		{ status=$?; cat "$tmp/log" >&2; fail "${1##*/} returned $status"; }
}

check_examples()
{
	mkdir "$tmp/examples"
	for file in $pages; do
		awk -v out="$tmp/examples" -f "$srcdir/tests/roff.awk" -f "$srcdir/tests/man_examples.awk" \
			"$file" | fail_lines
		case $file in
		*.3) grep -q '^\.so ' "$file" || [ -f "$tmp/examples/${file##*/}-01.c" ] ||
			fail "${file##*/} has no program" ;;
		esac
	done
	programs=0
	for file in "$tmp"/examples/*.c; do
		run_example "$file"
		programs=$((programs + 1))
	done
}

pages=$(find "$man" -name '*.[1-9]' | sort)
functions="rcumap_create $(sed -n 's/^\t\(rcumap_[a-z_]*\);$/\1/p' "$srcdir/lib/librcumap.map")"
check_head
check_installed
check_functions
check_references
check_sections
check_examples
[ ! -s "$tmp/failed" ] || { echo "test_man.sh: $(wc -l <"$tmp/failed") failures" >&2; exit 1; }
# shellcheck disable=SC2086  # lists of words
set -- $functions
echo "test_man.sh: $(wc -l <"$tmp/pages") pages, $# functions, $programs programs: all as the header says"
