/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The maps' memory: counted, and refused now and then.
 */
#ifndef RCUMAP_STRESS_MEMORY_H
#define RCUMAP_STRESS_MEMORY_H

#include <stddef.h>

#include <rcumap.h>

void memory_attr(struct rcumap_attr *attr);

/* From now on one in @n allocations is refused; 0: none. */
void memory_refuse(unsigned int n);

/* Blocks that are held, and how often one was refused. */
size_t memory_held(void);
size_t memory_refused(void);

#endif
