/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * model.h - the naive map: an array of values, by the number of the key. And what a walk over the
 * real one may see, while operations that a visit makes change it.
 */
#ifndef RCUMAP_FUZZ_MODEL_H
#define RCUMAP_FUZZ_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shape.h"

struct walk {
	struct walk *outer; /* the walk whose visit began this one */
	uint64_t began;	    /* by toy_now() */
	bool cleared;	    /* since it began */
	bool touched[KEYS_MAX];
	unsigned char visits[KEYS_MAX];
};

struct model {
	size_t count;
	struct value *value[KEYS_MAX]; /* NULL: absent */
	struct walk *walk;	       /* the innermost that is under way */
};

void model_begin(struct model *model);

/* Sets the value of a key, NULL to delete it, in an operation that began at @when. */
void model_set(struct model *model, unsigned int key, struct value *value, uint64_t when);
void model_clear(struct model *model, uint64_t when);

void walk_begin(struct model *model, struct walk *walk);
void walk_visit(struct model *model, unsigned int key, struct value *value);

/* Ends the innermost walk; @complete: it was not stopped. */
void walk_end(struct model *model, bool complete);

#endif
