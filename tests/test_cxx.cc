// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The rcumap authors
//
// test_cxx.cc - a program in C++ that links the shared library: names, structures and callbacks are
// those of C. It uses the language alone, nothing of the C++ library, so that it also runs where
// there is a C library without one.
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <urcu.h>

#include <rcumap.h>

namespace
{

struct packets {
	unsigned long count;
	struct rcumap_link link;
};

class section
{
      public:
	section()
	{
		rcu_read_lock();
	}
	~section()
	{
		rcu_read_unlock();
	}
	section(const section &) = delete;
	section &operator=(const section &) = delete;
};

unsigned int freed;

int failed(const char *what)
{
	fprintf(stderr, "FAIL: %s\n", what);
	return 1;
}

template <typename T> T *load(const struct rcumap *map, const char *key)
{
	return static_cast<T *>(rcumap_load(map, key, strlen(key)));
}

int use(struct rcumap *map)
{
	static packets first = {1, {nullptr}}, second = {2, {nullptr}}, third = {3, {nullptr}};
	unsigned long sum = 0;
	auto add = [](const void *, size_t, void *value, void *ctx) {
		*static_cast<unsigned long *>(ctx) += static_cast<packets *>(value)->count;
		return 0;
	};

	if (rcumap_store(map, "a", 1, &first) != 0 || rcumap_store(map, "bc", 2, &second) != 0)
		return failed("store");
	if (rcumap_store(map, "a", 1, &third) != 0)
		return failed("store a second value");
	{
		section here;
		const packets *found = load<packets>(map, "a");

		if (!found || found->count != 3)
			return failed("load what was stored last");
		if (load<packets>(map, "b"))
			return failed("a key that was not stored is missed");
	}
	if (rcumap_range(map, add, &sum) != 0 || sum != 5)
		return failed("range");
	if (rcumap_delete(map, "a", 1) != 1 || rcumap_delete(map, "a", 1) != 0)
		return failed("delete");
	if (rcumap_count(map) != 1)
		return failed("count");
	return 0;
}

} // namespace

int main()
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct rcumap *map;
	int status;

	attr.flags = RCUMAP_VALUE_LINK;
	attr.value_free = [](void *, void *ctx) { ++*static_cast<unsigned int *>(ctx); };
	attr.value_ctx = &freed;
	attr.value_link = offsetof(packets, link);
	rcu_register_thread();
	if (rcumap_create(&map, &attr) != 0)
		return failed("create");
	status = use(map);
	if (rcumap_destroy_wait(map) != 0 || freed != 3)
		status = failed("every value is freed once");
	rcu_unregister_thread();
	if (!status)
		printf("ok: %s from C++\n", rcumap_version());
	return status;
}
