#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
# coverage.sh [DIR] - the line coverage of lib/ by `make check` alone, with gcc and gcov. Builds in
# DIR (build-coverage if not given), prints the figure for each file and every line that no test
# reached, and fails below 98 %, or if such a line is in no function that tests/uncovered explains.
# The tests are the short ones, unless the environment has CHECK=full.
#
# The tests run both builds of lib/, with seams and without, and most headers are compiled many
# times: a line is reached if it is in any of them.
set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-build-coverage}
least=98
export CHECK=${CHECK:-quick}

mkdir -p "$build"
cd "$build"
build=$PWD
log=$build/coverage.log
lines=$build/coverage.lines

# quietly COMMAND...: shows what it printed only if it fails.
quietly() {
	"$@" >"$log" 2>&1 && return
	tail -n 100 "$log"
	echo "coverage: failed: $*"
	exit 1
}

# Atomic counters, because threads share them. Unoptimised, so that each line keeps code of its own.
configure() {
	"$top/configure" CC=gcc CFLAGS="-O0 -g --coverage -fprofile-update=atomic"
}

# For each line of lib/ that has code, and each time it was compiled: file, number, times reached.
count_lines() {
	find "$build/lib" -name '*.gcda' -print0 | sort -z |
		xargs -0 -n 1 gcov --stdout 2>"$log" |
		awk -F: -v lib="$top/lib/" '
			$3 == "Source" { file = index($4, lib) == 1 ? substr($4, length(lib) + 1) : "" }
			file != "" && $2 > 0 {
				sub(/^ */, "", $1)
				if ($1 != "-") print file, $2 + 0, $1 ~ /^[0-9]/ ? 1 : 0
			}'
}

# Adds up what count_lines printed. A function begins, in the style of this project, with a line
# that is not indented and has a parenthesis, and ends with a brace at the margin.
report() {
	awk -v top="$top" -v least="$least" '
	function load_reasons(line, f) {
		while ((getline line < (top "/tests/uncovered")) > 0)
			if (line !~ /^#/ && split(line, f, " ") > 2) reason[f[1] " " f[2]] = line
	}
	function name_of(line) {
		sub(/\(.*/, "", line)
		sub(/.*[ *]/, "", line)
		return line
	}
	function report_file(file, path, line, number, name, n, reached) {
		path = top "/lib/" file
		while ((getline line < path) > 0) {
			number++
			if (line ~ /^[a-z].*\(/ && line !~ /;$/) name = name_of(line)
			if ((file, number) in hit) {
				n++
				if (hit[file, number]) reached++
				else missed(file, number, name, line)
			}
			if (line ~ /^}/) name = "-"
		}
		close(path)
		printf "%6.2f %%  %4d of %4d lines  lib/%s\n", 100 * reached / n, reached, n, file
		all += n
		all_reached += reached
	}
	function missed(file, number, name, line, key) {
		key = "lib/" file " " name
		list = list sprintf("lib/%s:%d: %s(): %s\n", file, number, name, line)
		used[key] = 1
		if (!(key in reason)) unexplained = unexplained sprintf("lib/%s:%d: %s()\n", file, number, name)
	}
	{ hit[$1, $2] += $3; if (!($1 in seen)) { seen[$1] = 1; files[++count] = $1 } }
	END {
		if (!count) { print "coverage: nothing was counted"; exit 1 }
		load_reasons()
		for (i = 1; i <= count; i++) report_file(files[i])
		percent = 100 * all_reached / all
		printf "%6.2f %%  %4d of %4d lines in all; at least %d %% are wanted\n", percent, all_reached, all, least
		if (list) print "\nNot reached:\n" list
		for (key in used) if (key in reason) print "Explained: " reason[key]
		for (key in reason) if (!(key in used)) print "Reached, though explained: " reason[key]
		if (unexplained) print "Neither reached nor explained in tests/uncovered:\n" unexplained
		exit percent < least || unexplained != ""
	}' "$lines"
}

[ -f Makefile ] || quietly configure
quietly make -j"$(nproc)"
quietly make -j"$(nproc)" check TESTS=
find . -name '*.gcda' -delete
quietly make -j"$(nproc)" check
count_lines | sort >"$lines"
report
