/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_check.c - rcumap__check(), on which the other tests rely, sees a map that is broken, and says
 * which invariant it is.
 */
#include "subject.h"

#include "../lib/table.h"

enum { KEYS = 20, I2 = -2, I4 = -4, I6 = -6 };

static int visit_nothing(const void *key, size_t len, void *value, void *ctx)
{
	(void)key, (void)len, (void)value, (void)ctx;
	return 0;
}

/* The first bucket that has entries and room for more. */
static struct bucket *find_bucket(struct subject *s)
{
	struct table *t = subject_snapshot(s);

	for (size_t i = 0; i < table_buckets(t); i++) {
		uintptr_t header = atomic_load(&t->buckets[i].header);
		struct place room;

		if (header && !(header & BUCKET_CHAINED) &&
		    bucket_room_locked(&t->buckets[i], &room))
			return &t->buckets[i];
	}
	check_that(false, "there is no such bucket");
	return NULL;
}

/* What is broken: the map, and two slots of a bucket, one that is filled and one that is empty. */
struct target {
	struct table *table;
	struct place filled, empty;
	struct entry *entry;	    /* in the filled one */
	_Atomic(uintptr_t) *header; /* of the bucket */
};

static struct target find_target(struct subject *s)
{
	struct bucket *b = find_bucket(s);
	struct target t = {subject_snapshot(s), {b, 0}, {b, 0}, NULL, &b->header};

	while (!atomic_load(&b->slot[t.filled.slot]))
		t.filled.slot++;
	while (atomic_load(&b->slot[t.empty.slot]))
		t.empty.slot++;
	t.entry = (struct entry *)atomic_load(&b->slot[t.filled.slot]);
	return t;
}

/* Each of them breaks what is whole, and mends what it broke if called again. */

static void tag_an_empty_slot(struct target *t)
{
	atomic_fetch_xor(t->header, tag_bits(7, t->empty.slot));
}

static void take_a_tag(struct target *t)
{
	atomic_fetch_xor(t->header, tag_bits(hash_tag(t->entry->hash), t->filled.slot));
}

static void change_a_tag(struct target *t)
{
	unsigned int tag = hash_tag(t->entry->hash), other = tag == 1 ? 2 : 1;

	atomic_fetch_xor(t->header, tag_bits(tag ^ other, t->filled.slot));
}

static void chain_to_nothing(struct target *t)
{
	atomic_fetch_xor(t->header, BUCKET_CHAINED);
}

static void change_a_hash(struct target *t)
{
	t->entry->hash ^= (uint64_t)1 << 32; /* neither its bucket nor its tag */
}

static void delete_without_withdrawing(struct target *t)
{
	static void *value;

	value = atomic_exchange(&t->entry->value, value);
}

static void put_a_key_into_two_slots(struct target *t)
{
	if (atomic_load(&t->empty.bucket->slot[t->empty.slot]))
		bucket_withdraw_locked(t->empty);
	else
		bucket_publish_locked(t->empty, hash_tag(t->entry->hash), t->entry);
}

static void miscount_the_keys(struct target *t)
{
	atomic_fetch_xor(&t->table->stripes[0].delta, 1);
}

static void count_buckets_as_moved(struct target *t)
{
	atomic_fetch_xor(&t->table->unmoved, table_buckets(t->table) | 1);
}

static void a_broken_invariant_is_seen(void **state)
{
	static const struct {
		void (*change)(struct target *t);
		int invariant;
	} cases[] = {
		{tag_an_empty_slot, I4},
		{change_a_tag, I4},
		{take_a_tag, I4},
		{chain_to_nothing, I4},
		{change_a_hash, I4},
		{delete_without_withdrawing, I4},
		{put_a_key_into_two_slots, I2},
		{miscount_the_keys, I2},
		{count_buckets_as_moved, I6},
	};
	struct target target;
	struct subject s;

	(void)state;
	subject_make(&s, NULL, true, KEYS);
	check_int(rcumap_range(s.map, visit_nothing, NULL), 0); /* finishes a migration */
	target = find_target(&s);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		check_int(rcumap__check(s.map), 0);
		cases[i].change(&target);
		check_int(rcumap__check(s.map), cases[i].invariant);
		cases[i].change(&target);
	}
	subject_unmake(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_broken_invariant_is_seen),
	};

	test_begin();
	return test_end(cmocka_run_group_tests_name("check", tests, NULL, NULL));
}
