/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Judges histories: whether one order of all operations, each between its invocation and its
 * return, explains every answer of a map that does one thing at a time.
 *
 * An operation that failed with a negative answer must have changed nothing. Two operations promise
 * less (rcumap.h), and are judged by what they promise: range, that each key is visited at most
 * once, with a value that it had at an instant of the call, and only those may be left out that
 * were absent at an instant of it; count, that it is off by at most the number of inserts, deletes
 * and clears that overlap it.
 */
#ifndef RCUMAP_STRESS_LIN_H
#define RCUMAP_STRESS_LIN_H

#include <stdbool.h>
#include <stdio.h>

#include "history.h"

/* Whether the history can be explained. */
bool lin_judge(const struct history *history);

/* As the function is called, without the prefix. */
const char *operation_name(enum operation_kind kind);

/* One line for each operation, by time of invocation. */
void history_print(FILE *to, const struct history *history);

#endif
