/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * What the demonstration tells when it has run: table, charts and verdict.
 */
#ifndef CONNTRACK_REPORT_H
#define CONNTRACK_REPORT_H

#include <stdbool.h>

#include "demo.h"

void report_table(const struct duel duels[DUELS]);

/* The last line. Whether it says PASS. */
bool report_verdict(const struct duel duels[DUELS]);

/* Bytes held by dead connections over time, in the terminal. */
void chart_print(const struct duel duels[DUELS]);

/* The same of the first load as an SVG; says what it did. */
void svg_write(const struct duel duels[DUELS], const char *path);

#endif
