/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Values that are numbers. In a map without value_free the number is the pointer. In one with it,
 * values are objects that are freed, and whoever reads the number of one that is, or of no object
 * at all, is told.
 */
#ifndef RCUMAP_STRESS_VALUES_H
#define RCUMAP_STRESS_VALUES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rcumap.h>

enum value_kind { VALUE_NUMBER, VALUE_NOTED, VALUE_LINKED, VALUE_KINDS };

/* Not the number of any value: what was read was not alive. */
#define VALUE_DEAD UINT32_MAX

/* Sets value_free and what goes with it. */
void values_attr(struct rcumap_attr *attr, enum value_kind kind);

/* A value that no map has yet. */
void *value_make(enum value_kind kind, uint32_t number);

/* Frees a value that no map took. */
void value_unmake(enum value_kind kind, void *value);

/* The number of a value that was found in a section that still lasts; 0 for NULL. */
uint32_t value_number(enum value_kind kind, const void *value);

/* Objects that are made and not freed, of all maps; and how many were freed twice, or unmade. */
size_t values_alive(void);
size_t values_freed_twice(void);

#endif
