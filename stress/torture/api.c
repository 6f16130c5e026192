/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The library under test.
 */
#include "api.h"

#include <dlfcn.h>

#include "../../lib/migrate.h"

#define SONAME "librcumap.so.0"

struct api api;

void api_link(void)
{
	api = (struct api){
		.version = rcumap_version,
		.create = rcumap_create_flavor,
		.destroy = rcumap_destroy,
		.destroy_wait = rcumap_destroy_wait,
		.load = rcumap_load,
		.store = rcumap_store,
		.swap = rcumap_swap,
		.load_or_store = rcumap_load_or_store,
		.load_and_delete = rcumap_load_and_delete,
		.remove = rcumap_delete,
		.compare_and_swap = rcumap_compare_and_swap,
		.compare_and_delete = rcumap_compare_and_delete,
		.range = rcumap_range,
		.clear = rcumap_clear,
		.count = rcumap_count,
		.drain = rcumap_drain,
		.check_invariants = rcumap__check,
		.rekey_rcu = rcumap__migrate_rekey_rcu,
		.seam_hook = &rcumap__seam_hook,
	};
}

/* dlsym() gives functions as object pointers; POSIX says how to turn one into the other. */
static bool symbol(void *library, const char *name, void *function)
{
	void *found = dlsym(library, name);

	*(void **)function = found;
	return found;
}

const char *api_open(void)
{
	void *library = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return dlerror();
	api = (struct api){0};
	if (symbol(library, "rcumap_version", &api.version) &&
	    symbol(library, "rcumap_create_flavor", &api.create) &&
	    symbol(library, "rcumap_destroy", &api.destroy) &&
	    symbol(library, "rcumap_destroy_wait", &api.destroy_wait) &&
	    symbol(library, "rcumap_load", &api.load) &&
	    symbol(library, "rcumap_store", &api.store) &&
	    symbol(library, "rcumap_swap", &api.swap) &&
	    symbol(library, "rcumap_load_or_store", &api.load_or_store) &&
	    symbol(library, "rcumap_load_and_delete", &api.load_and_delete) &&
	    symbol(library, "rcumap_delete", &api.remove) &&
	    symbol(library, "rcumap_compare_and_swap", &api.compare_and_swap) &&
	    symbol(library, "rcumap_compare_and_delete", &api.compare_and_delete) &&
	    symbol(library, "rcumap_range", &api.range) &&
	    symbol(library, "rcumap_clear", &api.clear) &&
	    symbol(library, "rcumap_count", &api.count) &&
	    symbol(library, "rcumap_drain", &api.drain))
		return NULL;
	return dlerror();
}
