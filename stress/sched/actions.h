/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * actions.h - what the threads of a case do to the map: the operations, with their answers recorded,
 * and a few things that a history does not have.
 */
#ifndef RCUMAP_STRESS_ACTIONS_H
#define RCUMAP_STRESS_ACTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "../lin/history.h"
#include "memory.h"

/* Beyond the operations that a history has. */
enum { DO_DRAIN = OP_KINDS, DO_DESTROY, DO_DESTROY_WAIT, DO_KINDS };

const char *action_name(unsigned int kind);

void actions_reset(void);

/* The thread is going to do so many operations. A destroy waits until the last has begun. */
void actions_expect(enum thread_id id, unsigned int operations_of_history);

/* Does one thing. @value is stored; @expected is compared with. */
void action_do(unsigned int kind, unsigned int key, uint32_t value, uint32_t expected);

/* Whether the case has destroyed the map. */
bool actions_destroyed(void);

#endif
