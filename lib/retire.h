/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Retiring: what has left the map waits in the queue of a stripe until a grace period has passed.
 *
 * All three are called in a section that is older than the retired thing's leaving, with or without
 * the stripe held; they never block, and fail for want of nothing.
 */
#ifndef RCUMAP_RETIRE_H
#define RCUMAP_RETIRE_H

#include "internal.h"

/* Stands for a replaced value in a queue, if the value itself has no room for a link. */
struct note {
	uintptr_t next;
	void *value;
};

/* Whether a replaced value needs a note. */
static inline bool retire_needs_note(const struct rcumap *map)
{
	return map->value_free && !map->value_link;
}

/* A note, or NULL. */
struct note *rcumap__retire_note_new(const struct rcumap *map);
void rcumap__retire_note_free(const struct rcumap *map, struct note *note);

/* An entry that has left its bucket, and the value it had. */
void rcumap__retire_entry_rcu(struct stripe *s, struct entry *e, void *value);

/* A value that was replaced; @note if retire_needs_note(). */
void rcumap__retire_value_rcu(struct stripe *s, void *value, struct note *note);

#endif
