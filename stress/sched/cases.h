/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * cases.h - the list of cases: every pair of operations in every state, and longer programs.
 *
 * A case is its name: what A does, what B does, perhaps what P does, and the state in which that
 * begins. "delete,store+load,load-M@present" is a case in which A deletes K and stores it, while B
 * loads K and then M; "/2" at the end gives it a second worker.
 */
#ifndef RCUMAP_STRESS_CASES_H
#define RCUMAP_STRESS_CASES_H

#include <stdbool.h>

#include "scenario.h"

unsigned int cases_number(void);

/* Case @i of the list. */
struct scenario case_at(unsigned int i);

/* The case with this name, on the list or not. False: the name says none. */
bool case_named(const char *name, struct scenario *scenario);

/* The length of the part of a name that says what is done. */
unsigned int case_actions_length(const char *name);

#endif
