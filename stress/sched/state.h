/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * state.h - saving and restoring all that an execution changes, and telling states apart.
 *
 * The state consists of what the modules keep in variables that they declare with STATE(), of the
 * used parts of the heaps, and of the live parts of the stacks, registers included. So an execution
 * can be taken up again at any point, with every choice that is possible there, without running it
 * from the beginning. Variables declared with TALLY() are saved, too, but do not tell states apart:
 * they count steps, for messages and for the times in histories.
 */
#ifndef RCUMAP_STRESS_STATE_H
#define RCUMAP_STRESS_STATE_H

#include <stddef.h>
#include <stdint.h>

void state_declare(void *variable, size_t size);
void state_declare_tally(void *variable, size_t size);

#define STATE(variable) \
	__attribute__((constructor)) static void state_of_##variable(void) \
	{ \
		state_declare(&(variable), sizeof(variable)); \
	} \
	struct state_semicolon

#define TALLY(variable) \
	__attribute__((constructor)) static void tally_of_##variable(void) \
	{ \
		state_declare_tally(&(variable), sizeof(variable)); \
	} \
	struct state_semicolon

/* An upper bound of what state_save() writes. */
size_t state_size(void);

/* Returns how much it wrote. *@hash names the state; two states have the same by accident only. */
size_t state_save(void *to, uint64_t *hash);

void state_restore(const void *from);

#endif
