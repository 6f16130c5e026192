/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * subject.c - a map under test with all that it uses; see subject.h.
 */
#include "subject.h"

#include "../lib/migrate.h"

void subject_make(struct subject *s, uint64_t (*hash)(const void *, size_t, uint64_t, void *),
		  bool link, uint64_t keys)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;

	memset(s, 0, sizeof(*s));
	value_pool_init(&s->pool);
	attr.key_len = sizeof(uint64_t);
	attr.hash = hash;
	test_alloc_attr(&attr, &s->alloc);
	value_pool_attr(&attr, &s->pool, link);
	check_int(rcumap_create(&s->map, &attr), 0);
	for (uint64_t i = 0; i < keys; i++)
		subject_store(s, i, 1);
	s->keys = keys;
}

void subject_unmake(struct subject *s)
{
	check_int(rcumap__check(s->map), 0);
	check_int(rcumap_destroy_wait(s->map), 0);
	check_size(test_alloc_held(&s->alloc).blocks, 0);
	value_pool_fini(&s->pool);
}

void subject_store(struct subject *s, uint64_t n, uint64_t generation)
{
	test_note_key(&n, sizeof(n));
	check_int(rcumap_store(s->map, &n, sizeof(n), value_new(&s->pool, n, generation)), 0);
}

uint64_t subject_generation(struct subject *s, uint64_t n)
{
	uint64_t generation = 0;
	void *value;

	test_note_key(&n, sizeof(n));
	rcu_read_lock();
	value = rcumap_load(s->map, &n, sizeof(n));
	if (value)
		generation = value_check(value, n);
	rcu_read_unlock();
	return generation;
}

int subject_rekey(struct subject *s)
{
	int err;

	rcu_read_lock();
	err = rcumap__migrate_rekey_rcu(s->map, atomic_fetch_add(&s->seed, 1) + 1);
	rcu_read_unlock();
	return err;
}

struct table *subject_snapshot(const struct subject *s)
{
	return atomic_load(&s->map->snapshot);
}

bool subject_amended(const struct subject *s)
{
	return atomic_load(&subject_snapshot(s)->dirty);
}
