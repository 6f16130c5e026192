/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * states.h - the states of an entry and its bucket in which a case begins.
 */
#ifndef RCUMAP_STRESS_STATES_H
#define RCUMAP_STRESS_STATES_H

#include "../../lib/seam.h"
#include "rig.h"

struct state {
	const char *name;
	struct rig_shape shape;
	void (*build)(void);
	/* The third thread does this, and has stopped at this seam in the middle of it. */
	bool third;
	unsigned int kind, key;
	enum rcumap_seam seam;
};

extern const struct state states[];
extern const unsigned int n_states;

const struct state *state_named(const char *name);

#endif
