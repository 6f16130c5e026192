/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Runs in processes of their own, so that the report comes whatever becomes of them, and none
 * begins with what another has left.
 */
#ifndef RCUMAP_TORTURE_SUPERVISE_H
#define RCUMAP_TORTURE_SUPERVISE_H

/* Does the run and reports it. */
void supervise(void);

#endif
