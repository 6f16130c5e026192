/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * What is shown while the demonstration runs: one line that rewrites itself on a terminal, a line
 * per finished run elsewhere.
 */
#ifndef CONNTRACK_PROGRESS_H
#define CONNTRACK_PROGRESS_H

void progress_update(const char *format, ...) __attribute__((format(printf, 1, 2)));
void progress_done(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
