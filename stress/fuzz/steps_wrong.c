/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Steps: wrong arguments. Nothing comes of them but -EINVAL.
 */
#include "steps.h"

#include <errno.h>

static void wrong_puts(const void *bytes, size_t len, void *value)
{
	void *out = &fuzz;

	fuzz_check(rcumap_store(fuzz.map, bytes, len, value) == -EINVAL, "store");
	fuzz_check(rcumap_swap(fuzz.map, bytes, len, value, &out) == -EINVAL && !out, "swap");
	out = &fuzz;
	fuzz_check(rcumap_load_or_store(fuzz.map, bytes, len, value, &out) == -EINVAL && !out,
		   "load_or_store");
	fuzz_check(rcumap_compare_and_swap(fuzz.map, bytes, len, &fuzz, value) == -EINVAL,
		   "compare_and_swap");
}

static void wrong_key(const void *bytes, size_t len)
{
	void *out = &fuzz;

	wrong_puts(bytes, len, other_value());
	fuzz_check(!rcumap_load(fuzz.map, bytes, len), "load");
	fuzz_check(rcumap_delete(fuzz.map, bytes, len) == -EINVAL, "delete");
	fuzz_check(rcumap_load_and_delete(fuzz.map, bytes, len, &out) == -EINVAL && !out,
		   "load_and_delete");
	fuzz_check(rcumap_compare_and_delete(fuzz.map, bytes, len, &fuzz) == -EINVAL,
		   "compare_and_delete");
}

static void wrong_old(struct key key)
{
	fuzz_check(rcumap_compare_and_swap(fuzz.map, key.bytes, key.len, NULL, other_value()) ==
			   -EINVAL,
		   "compare_and_swap from NULL");
	fuzz_check(rcumap_compare_and_delete(fuzz.map, key.bytes, key.len, NULL) == -EINVAL,
		   "compare_and_delete of NULL");
}

static void no_map(struct key key)
{
	fuzz_check(rcumap_store(NULL, key.bytes, key.len, other_value()) == -EINVAL, "store");
	fuzz_check(!rcumap_load(NULL, key.bytes, key.len), "load");
	fuzz_check(rcumap_delete(NULL, key.bytes, key.len) == -EINVAL, "delete");
	fuzz_check(rcumap_clear(NULL) == -EINVAL && rcumap_drain(NULL) == -EINVAL, "clear, drain");
	fuzz_check(rcumap_destroy(NULL) == -EINVAL, "destroy");
	fuzz_check(rcumap_destroy_wait(NULL) == -EINVAL, "destroy_wait");
	fuzz_check(rcumap_range(NULL, visit, NULL) == -EINVAL, "range");
	fuzz_check(rcumap_range(fuzz.map, NULL, NULL) == -EINVAL, "range without visit");
	fuzz_check(rcumap_count(NULL) == 0, "count");
}

static void wrong_attr(const struct rcumap_attr *attr)
{
	struct rcumap *map = fuzz.map;

	fuzz_check(rcumap_create_flavor(&map, attr, &toy_flavor, toy_worker) == -EINVAL && !map,
		   "create");
}

static void wrong_attrs(void)
{
	const struct rcumap_attr right = shape_attr(&fuzz.shape, value_freed);
	struct {
		struct rcumap_attr attr;
		char more;
	} long_attr = {right, 1};
	struct rcumap_attr attr = right;

	attr.size--;
	wrong_attr(&attr);
	long_attr.attr.size = sizeof(long_attr);
	wrong_attr(&long_attr.attr);
	attr = right;
	attr.flags |= 2 * RCUMAP_VALUE_LINK;
	wrong_attr(&attr);
	attr = right;
	attr.expected = SIZE_MAX / 64 + 1;
	wrong_attr(&attr);
	attr = right;
	attr.flags = RCUMAP_VALUE_LINK;
	attr.value_free = NULL;
	wrong_attr(&attr);
}

void step_wrong(void)
{
	unsigned int byte = take();
	struct key key = key_make(&fuzz.shape, byte);

	switch (byte % 5) {
	case 0:
		wrong_key(NULL, key.len ? key.len : 1);
		break;
	case 1:
		if (fuzz.shape.key_len)
			wrong_key(key.bytes, key.len + (byte & 64 ? 1 : (size_t)-1));
		else if (SIZE_MAX > RCUMAP_KEY_MAX)
			wrong_key(key.bytes, (size_t)-1);
		break;
	case 2:
		wrong_puts(key.bytes, key.len, NULL);
		if (fuzz.shape.values == VALUES_LINKED)
			wrong_puts(key.bytes, key.len, (char *)other_value() + 1);
		break;
	case 3:
		wrong_old(key);
		break;
	case 4:
		no_map(key);
		wrong_attrs();
		break;
	}
}
