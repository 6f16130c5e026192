/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Freed memory: poisoned, and kept for a while, so that whoever still uses it is found out.
 */
#ifndef RCUMAP_TORTURE_QUARANTINE_H
#define RCUMAP_TORTURE_QUARANTINE_H

#include <stddef.h>

/* Frees @size bytes at @ptr, which came from malloc() or aligned_alloc(), a little later. */
void quarantine_free(void *ptr, size_t size);

/* Frees what is still there; nobody uses any of it. */
void quarantine_empty(void);

#endif
