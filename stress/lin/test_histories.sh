#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
# Histories of real threads: 100,000 in all, shared by the flavors of liburcu. HISTORIES=N makes N of
# each flavor. A program built for ThreadSanitizer has the flavor that this understands.
set -eu

case ${CHECK:-} in
quick) default=5000 ;;
*) default=25000 ;;
esac
histories=stress/rcumap-histories
flavors='memb mb qsbr bp'
if ${EMULATOR-} "$histories" --help | grep -q 'default c11'; then
	flavors=c11
fi

for flavor in $flavors; do
	${EMULATOR-} "$histories" --flavor "$flavor" --histories "${HISTORIES:-$default}"
done

# It can fail, and says so: wrong options, and a run too short for any overlap.
for wrong in --histories=x --flavor=none --profile=99 nonsense; do
	if ${EMULATOR-} "$histories" "$wrong" >/dev/null 2>&1; then
		echo "takes $wrong"
		exit 1
	fi
done
if ${EMULATOR-} "$histories" --histories 0 >/dev/null; then
	echo "passes without a history"
	exit 1
fi
