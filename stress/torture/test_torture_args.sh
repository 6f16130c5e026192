#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
# The command line of the torture: what it refuses, what it repeats, and that it can fail.
set -eu

torture=${TORTURE:-stress/rcumap-torture}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

die() {
	echo "$*"
	cat "$dir/out" "$dir/err" || :
	exit 1
}

# expect STATUS ARG...: what the torture exits with.
expect() {
	want=$1
	shift
	got=0
	${EMULATOR-} "$torture" "$@" >"$dir/out" 2>"$dir/err" || got=$?
	[ "$got" = "$want" ] || die "$* exits with $got, not $want"
}

# says FILE PATTERN: somewhere in what it printed last.
says() {
	grep -qE -e "$2" "$dir/$1" || die "no '$2' in std$1"
}

for wrong in --nonsense --seconds=-1 --seconds=x --seconds= --seed=-1 --seed=1x --threads=0 \
	--threads=1e9 --delay=4 --keys=0 --flavor=none --key=none --value=none --require=none \
	nonsense; do
	expect 2 "$wrong"
	says err "Try --help"
done

expect 0 --help
says out '^Usage:'
expect 0 --version
says out '^rcumap-torture [0-9.]+$'
expect 0 --list
for scenario in mixed churn trickle grow-shrink idle-shrink hot-key range clear cas-vs-delete \
	stalled-reader stalled-writer thread-churn destroy-under-load many-maps out-of-memory \
	rekey; do
	says out "^$scenario  *[a-z]"
done

# A seed repeats what is chosen by it, and the last line is the verdict.
short="--seconds 0.02 --seed 7 --delay 1 churn"
# shellcheck disable=SC2086  # words
expect 0 $short
says out '^rcumap-torture .*its own instrumented build.* seed=7 '
tail -n 1 "$dir/out" | grep -qE '^1 passed, 0 failed.* hits=[1-9].* PASS$' || die "no verdict"
sed -n '1,2p' "$dir/out" >"$dir/first"
# shellcheck disable=SC2086
expect 0 $short
sed -n '1,2p' "$dir/out" >"$dir/second"
cmp "$dir/first" "$dir/second" || die "one seed, two choices"

# A counter that must move, and can't: nothing clears in that scenario.
expect 1 --seconds 0.02 --require clears churn
says out '^clears stayed at zero$'
says out '^repeat: rcumap-torture --seed [0-9]+ --flavor [a-z0-9]+ .*churn$'
tail -n 1 "$dir/out" | grep -qE '^0 passed, 1 failed.* FAIL$' || die "no verdict"
expect 1 --tap --seconds 0.02 --require clears churn
says out '^not ok 1 - churn [a-z0-9]+$'
