/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_unload.c - dlclose() with callbacks pending: the library stays in memory, as long as the
 * process, so that its callbacks do. This program does not link the library; it loads it.
 */
#include "support.h"

#include <dlfcn.h>
#include <unistd.h>

enum { KEYS = 3000, SKIP = 77 };

struct functions {
	void *handle;
	int (*create)(struct rcumap **map, const struct rcumap_attr *attr,
		      const struct rcu_flavor_struct *flavor,
		      struct call_rcu_data *(*worker)(void));
	int (*store)(struct rcumap *map, const void *key, size_t len, void *value);
	int (*delete)(struct rcumap *map, const void *key, size_t len);
	int (*destroy)(struct rcumap *map);
};

/* LeakSanitizer stumbles over the thread-local storage of libraries that are loaded like this. */
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
	return 1;
}

static void *symbol(const struct functions *f, const char *name)
{
	void *found = dlsym(f->handle, name);

	check_that(found, "%s is not in the library", name);
	return found;
}

static struct functions load_library(void)
{
	struct functions f = {.handle = dlopen(LIBRCUMAP, RTLD_NOW | RTLD_LOCAL)};

	check_that(f.handle, "%s can't be loaded: %s", LIBRCUMAP, dlerror());
	*(void **)&f.create = symbol(&f, "rcumap_create_flavor");
	*(void **)&f.store = symbol(&f, "rcumap_store");
	*(void **)&f.delete = symbol(&f, "rcumap_delete");
	*(void **)&f.destroy = symbol(&f, "rcumap_destroy");
	return f;
}

/* Leaves a map behind that is about to be swept, with queues armed. */
static void use_and_unload(struct value_pool *pool, struct test_alloc *alloc)
{
	struct functions f = load_library();
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct rcumap *map;

	value_pool_attr(&attr, pool, false);
	test_alloc_attr(&attr, alloc);
	check_int(f.create(&map, &attr, &rcu_flavor, get_default_call_rcu_data), 0);
	for (uint64_t i = 0; i < KEYS; i++)
		check_int(f.store(map, &i, sizeof(i), value_new(pool, i, 1)), 0);
	rcu_read_lock(); /* so that nothing is freed before the library is unloaded */
	for (uint64_t i = 0; i < KEYS; i += 2)
		check_int(f.delete(map, &i, sizeof(i)), 1);
	check_int(f.destroy(map), 0);
	check_int(dlclose(f.handle), 0);
	check_size(atomic_load(&pool->freed), 0);
	rcu_read_unlock();
}

static void callbacks_outlive_dlclose(void **state)
{
	(void)state;
	for (size_t rounds = test_scale(20, 3); rounds; rounds--) {
		struct test_alloc alloc = {0};
		struct value_pool pool;

		value_pool_init(&pool);
		use_and_unload(&pool, &alloc);
		check_that(test_alloc_await_empty(&alloc, 64), "%zu blocks are left",
			   test_alloc_held(&alloc).blocks);
		value_pool_fini(&pool);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(callbacks_outlive_dlclose),
	};

	if (access(LIBRCUMAP, F_OK)) {
		fprintf(stderr, "skipped: the library was built without --enable-shared\n");
		return SKIP;
	}
	test_begin();
	return test_end(cmocka_run_group_tests_name("unload", tests, NULL, NULL));
}
