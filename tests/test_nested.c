/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_nested.c - maps whose values are maps, and whose value_free destroys them: a whole tree is
 * taken down from its root, by the call_rcu worker, also inside a section.
 */
#include "support.h"

enum { DEPTH = 3, WIDTH = 8 };

struct tree {
	struct test_alloc alloc;
	struct value_pool pool; /* of the leaves */
	size_t maps;
	_Atomic size_t destroyed; /* in value_free */
};

static void destroy_map(void *map, void *ctx)
{
	struct tree *tree = ctx;

	check_int(rcumap_destroy(map), 0);
	atomic_fetch_add(&tree->destroyed, 1);
}

/* A map of WIDTH maps, and so on, DEPTH deep; the lowest hold values. */
static struct rcumap *grow(struct tree *tree, int depth)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct rcumap *map;

	test_alloc_attr(&attr, &tree->alloc);
	attr.value_free = destroy_map;
	attr.value_ctx = tree;
	if (!depth)
		value_pool_attr(&attr, &tree->pool, false);
	check_int(rcumap_create(&map, &attr), 0);
	tree->maps++;
	for (uint64_t i = 0; i < WIDTH; i++) {
		void *value = depth ? (void *)grow(tree, depth - 1) : value_new(&tree->pool, i, 1);

		check_int(rcumap_store(map, &i, sizeof(i), value), 0);
	}
	return map;
}

static void check_all_is_gone(struct tree *tree)
{
	check_that(test_alloc_await_empty(&tree->alloc, 16 * (DEPTH + 1)), "%zu blocks are left",
		   test_alloc_held(&tree->alloc).blocks);
	check_size(atomic_load(&tree->destroyed), tree->maps - 1);
	value_pool_fini(&tree->pool);
}

static void plant(struct tree *tree)
{
	memset(tree, 0, sizeof(*tree));
	value_pool_init(&tree->pool);
}

static void a_tree_of_maps_is_taken_down_from_its_root(void **state)
{
	struct tree tree;

	(void)state;
	plant(&tree);
	check_int(rcumap_destroy(grow(&tree, DEPTH)), 0);
	check_all_is_gone(&tree);
}

static void a_tree_of_maps_may_be_taken_down_inside_a_section(void **state)
{
	struct rcumap *root, *branch;
	struct tree tree;
	uint64_t key = 3;

	(void)state;
	plant(&tree);
	root = grow(&tree, DEPTH);
	rcu_read_lock();
	branch = rcumap_load(root, &key, sizeof(key));
	check_int(rcumap_destroy(root), 0);
	check_size(atomic_load(&tree.destroyed), 0);
	check_that(rcumap_load(branch, &key, sizeof(key)), "a branch did not outlive the section");
	rcu_read_unlock();
	check_all_is_gone(&tree);
}

/* What leaves the root one by one is destroyed one by one, by drains at the latest. */
static void a_map_that_is_deleted_or_replaced_is_destroyed(void **state)
{
	struct rcumap *root;
	struct tree tree;

	(void)state;
	plant(&tree);
	root = grow(&tree, 1);
	for (uint64_t i = 0; i < WIDTH; i++) {
		if (i % 2)
			check_int(rcumap_delete(root, &i, sizeof(i)), 1);
		else
			check_int(rcumap_store(root, &i, sizeof(i), grow(&tree, 0)), 0);
	}
	check_int(rcumap_drain(root), 0);
	check_size(atomic_load(&tree.destroyed), WIDTH);
	check_size(rcumap_count(root), WIDTH / 2);
	check_int(rcumap_clear(root), 0);
	check_int(rcumap_drain(root), 0);
	check_size(atomic_load(&tree.destroyed), tree.maps - 1);
	check_int(rcumap_destroy(root), 0);
	check_all_is_gone(&tree);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tree_of_maps_is_taken_down_from_its_root),
		cmocka_unit_test(a_tree_of_maps_may_be_taken_down_inside_a_section),
		cmocka_unit_test(a_map_that_is_deleted_or_replaced_is_destroyed),
	};

	test_begin();
	return test_end(cmocka_run_group_tests_name("nested", tests, NULL, NULL));
}
