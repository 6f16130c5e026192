#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
# The torture, for an instant: every scenario once, with TAP that has to add up. Long runs are for
# people: `rcumap-torture --flavor all`, or `make torture`.
set -eu

case ${CHECK:-} in
quick) seconds=0.3 ;;
*) seconds=3 ;;
esac
torture=${TORTURE:-stress/rcumap-torture}
# ThreadSanitizer sleeps for a second at the end of each run.
export TSAN_OPTIONS="${TSAN_OPTIONS:-atexit_sleep_ms=0}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# The seed is printed, so that a failure can be looked into.
status=0
${EMULATOR-} "$torture" --tap --seconds "$seconds" >"$log" || status=$?
cat "$log"
[ "$status" = 0 ]

awk -v scenarios="$(${EMULATOR-} "$torture" --list | wc -l)" '
/^1\.\./ { planned = substr($1, 4) }
/^ok / && $2 == ran + 1 && $3 == "-" && NF == 5 { ran++; next }
/^(not )?ok / { print "wrong:", $0; wrong = 1 }
!/^(TAP version 13$|1\.\.|# )/ { print "not TAP:", $0; wrong = 1 }
END { exit wrong || ran != planned || ran != scenarios }' "$log"
