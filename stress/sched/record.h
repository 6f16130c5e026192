/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * record.h - the history of an execution: what each operation was asked, what it answered, and which
 * operations had returned before it was invoked.
 */
#ifndef RCUMAP_STRESS_RECORD_H
#define RCUMAP_STRESS_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "../lin/history.h"
#include "memory.h"

void record_reset(void);

/* The key is present at the beginning, with this value. */
void record_initial(unsigned int key, uint32_t value);
uint32_t record_initial_of(unsigned int key);

/* The thread that runs invokes an operation. The caller fills in the rest, arguments first. */
struct operation *record_invoke(enum operation_kind kind, unsigned int key);

/* The operation that the thread that runs invoked last has returned. */
void record_return(void);

/* A step on a shared word; for machine_on_step. */
void record_step(enum thread_id id);

/* How many operations have been invoked, and have not returned. */
unsigned int record_under_way(void);

/* How many operations of a thread have begun. */
unsigned int record_began(enum thread_id id);

/* Whether an operation that has returned stored the value, or it was there at the beginning. */
bool record_stored(uint32_t value);

/* The whole, and a number that is the same for histories that are. */
void record_history(struct history *to, uint64_t *hash);

#endif
