/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The library under test: the instrumented build that is linked, or the one that is installed.
 * Everybody calls it by this table.
 */
#ifndef RCUMAP_TORTURE_API_H
#define RCUMAP_TORTURE_API_H

#include <stdbool.h>

#include <rcumap.h>

#include "../../lib/seam.h"

struct api {
	const char *(*version)(void);
	int (*create)(struct rcumap **map, const struct rcumap_attr *attr,
		      const struct rcu_flavor_struct *flavor,
		      struct call_rcu_data *(*worker)(void));
	int (*destroy)(struct rcumap *map);
	int (*destroy_wait)(struct rcumap *map);
	void *(*load)(const struct rcumap *map, const void *key, size_t len);
	int (*store)(struct rcumap *map, const void *key, size_t len, void *value);
	int (*swap)(struct rcumap *map, const void *key, size_t len, void *value, void **old);
	int (*load_or_store)(struct rcumap *map, const void *key, size_t len, void *value,
			     void **actual);
	int (*load_and_delete)(struct rcumap *map, const void *key, size_t len, void **old);
	int (*remove)(struct rcumap *map, const void *key, size_t len);
	int (*compare_and_swap)(struct rcumap *map, const void *key, size_t len, void *old,
				void *value);
	int (*compare_and_delete)(struct rcumap *map, const void *key, size_t len, void *old);
	int (*range)(struct rcumap *map,
		     int (*visit)(const void *key, size_t len, void *value, void *ctx), void *ctx);
	int (*clear)(struct rcumap *map);
	size_t (*count)(const struct rcumap *map);
	int (*drain)(struct rcumap *map);

	/* NULL unless the library is instrumented. */
	int (*check_invariants)(struct rcumap *map);
	int (*rekey_rcu)(struct rcumap *map, uint64_t seed);
	void (**seam_hook)(enum rcumap_seam at);
};

extern struct api api;

static inline bool api_is_instrumented(void)
{
	return api.seam_hook;
}

/* Takes the instrumented build. */
void api_link(void);

/* Takes the installed library. NULL, or why that is not possible. */
const char *api_open(void);

#endif
