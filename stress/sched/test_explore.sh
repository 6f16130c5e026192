#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
# The short form of the exploration: the schedules that once showed a mistake, then all cases with one
# preemption (CHECK=quick: every fourth case). CI and `make verify` explore more; see
# stress/sched/main.c.
set -u
here=$(dirname "$0")
program=stress/sched/rcumap-schedules

${EMULATOR-} "$program" --replays "$here/replays" || exit
case ${CHECK:-} in
quick) exec ${EMULATOR-} "$program" --preemptions 1 --shard 1/4 ;;
*) exec ${EMULATOR-} "$program" --preemptions 1 ;;
esac
