/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cases.h - the list of cases: every pair of operations in every state, and longer programs.
 */
#ifndef RCUMAP_STRESS_CASES_H
#define RCUMAP_STRESS_CASES_H

#include "scenario.h"

unsigned int cases_number(void);

/* Case @i: "load+store@present" is a pair in a state, "program/..." a longer program. */
struct scenario case_at(unsigned int i);

/* The length of the part of a name that says which pair it is. */
unsigned int case_pair_length(const char *name);

#endif
