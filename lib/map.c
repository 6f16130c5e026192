/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The operations on keys: the read side first, then what CASes a value, then what takes a stripe.
 *
 * An operation reads the snapshot once, at its beginning, inside a section. From there it follows
 * moved buckets to the one that is live for its key (I2). A key that is present is loaded, stored
 * and swapped without a lock, by loads and compare-and-swaps of its entry's value: that the entry
 * may be in a frozen bucket does not matter, since all tables hold the same entry. Inserts and
 * deletes lock the stripe of the live bucket and look again.
 *
 * DELETED means absent. A load, a compare-and-swap or a delete that meets it answers at once: the
 * key is absent at that instant, because to insert it again takes the stripe, which its deleter
 * holds until the bucket is clear of it. A store that meets it goes to the stripe. Nobody waits for
 * a deleter by spinning.
 *
 * P4 value: values are put in by release (an insert's slot, a CAS) and taken out by acquire, so
 * what was done before a store is visible to whoever loads the value; DELETED is put in by acq_rel,
 * so a miss comes after the delete. Pairs with itself, everywhere below and in range.c.
 */
#include <errno.h>

#include "entry.h"
#include "migrate.h"
#include "retire.h"
#include "section.h"
#include "sweep.h"
#include "table.h"

/* A key, as an operation was given it. */
struct key {
	const void *bytes;
	size_t len;
};

/* Where a key lives: its hash belongs to the table. */
struct home {
	struct table *table;
	uint64_t hash;
	struct stripe *stripe; /* held, if the name of the function says _locked */
};

static bool key_valid(const struct rcumap *map, const void *key, size_t len)
{
	if (map->key_len)
		return key && len == map->key_len;
	return len <= RCUMAP_KEY_MAX && (key || !len);
}

static bool value_valid(const struct rcumap *map, const void *value)
{
	uintptr_t link = (uintptr_t)value + map->value_offset;

	return value && (!map->value_link || link % alignof(struct rcumap_link) == 0);
}

static struct entry *find_rcu(const struct rcumap *map, struct key key, struct home *home)
{
	struct place at;

	home->table = map_snapshot_rcu(map);
	home->hash = hash_key(map, home->table->seed, key.bytes, key.len);
	return table_probe_rcu(map, &home->table, &home->hash, key.bytes, key.len, &at);
}

static struct bucket *home_bucket(const struct home *home)
{
	return &home->table->buckets[table_index(home->table, home->hash)];
}

static struct stripe *home_stripe(const struct home *home)
{
	return table_stripe(home->table, table_index(home->table, home->hash));
}

void *rcumap_load(const struct rcumap *map, const void *key, size_t len)
{
	struct home home;
	struct entry *e;

	if (unlikely(!map || !key_valid(map, key, len)))
		return NULL;
	e = find_rcu(map, (struct key){key, len}, &home);
	/* P4 observe (acquire). LP of a hit, and of a miss that reads DELETED. */
	return e ? load_acquire(&e->value) : NULL;
}

/*
 * Replaces the value of @e by CAS. @expected NULL: whatever it is. 1: replaced; 0: it is DELETED,
 * or not @expected; -ENOMEM. The stripe may be held or not.
 */
static int replace_rcu(struct rcumap *map, const struct home *home, struct entry *e, void *expected,
		       void *value, void **old)
{
	struct note *note = NULL;
	void *was = load_acquire(&e->value); /* P4 observe */

	if (was == DELETED || (expected && was != expected))
		return 0;
	if (retire_needs_note(map) && expected != value) {
		note = rcumap__retire_note_new(map);
		if (!note)
			return -ENOMEM;
	}
	seam(SEAM_VALUE_READ);
	/* P4 (acq_rel; acquire on failure, since *old may be dereferenced). LP of a store to a
	 * present key; never an exchange, which could overwrite DELETED. */
	while (!cas_acq_rel(&e->value, &was, value)) {
		if (was == DELETED || expected) {
			seam(SEAM_VALUE_LOST);
			rcumap__retire_note_free(map, note);
			return 0;
		}
		seam(SEAM_VALUE_RETRY);
	}
	if (was != value)
		rcumap__retire_value_rcu(home_stripe(home), was, note);
	else
		rcumap__retire_note_free(map, note); /* nothing has left the map */
	*old = was;
	return 1;
}

/*
 * Locks the stripe of the bucket where the key lives, from home->table on. If that table is
 * amended, moves the bucket first.
 */
static void lock_home_rcu(struct rcumap *map, struct home *home, struct key key)
{
	for (;;) {
		struct table *t = home->table, *d;
		size_t index = table_index(t, home->hash), moved = 0;
		struct stripe *s = table_stripe(t, index);

		pthread_mutex_lock(&s->lock);
		seam(SEAM_STRIPE_HELD);
		home->stripe = s;
		d = table_dirty_rcu(t);
		if (!d)
			return;
		if (rcumap__migrate_bucket_locked(t, index, &moved))
			return; /* out of memory: the key still lives here */
		pthread_mutex_unlock(&s->lock);
		rcumap__migrate_settle_rcu(t, moved);
		if (d->seed != t->seed)
			home->hash = hash_key(map, d->seed, key.bytes, key.len);
		home->table = d;
	}
}

/* Looks for the key in the bucket where it lives. */
static struct entry *probe_locked(const struct rcumap *map, const struct home *home, struct key key,
				  struct place *at)
{
	struct bucket *b = home_bucket(home);
	uintptr_t header = load_relaxed(&b->header); /* relaxed: ours, we hold the stripe */
	struct entry *e;

	invariant(!(header & BUCKET_MOVED)); /* I2 */
	e = bucket_probe_rcu(map, b, header, hash_tag(home->hash), key.bytes, key.len, at);
	invariant(!e || load_relaxed(&e->value) != DELETED); /* I5 */
	return e;
}

/* Counts an insert (1) or a delete (-1) in the stripe that is held, and unlocks it. */
static void count_and_unlock_rcu(const struct home *home, long delta)
{
	struct stripe *s = home->stripe;
	long budget = load_relaxed(&s->budget) - 1;

	/* relaxed, all: we hold the stripe; others sum the deltas up, and the budget is a
	 * heuristic. */
	store_relaxed(&s->delta, load_relaxed(&s->delta) + delta);
	store_relaxed(&s->budget, budget);
	pthread_mutex_unlock(&s->lock);
	if (budget < 0)
		rcumap__migrate_balance_rcu(home->table, s);
	rcumap__migrate_help_rcu(home->table->map, home->hash);
}

/* Puts @e into the bucket where its key lives. 0 or -ENOMEM; unlocks. */
static int insert_and_unlock_rcu(const struct home *home, struct entry *e)
{
	struct place at;

	if (rcumap__table_room_locked(home->stripe, home_bucket(home), &at)) {
		pthread_mutex_unlock(&home->stripe->lock);
		return -ENOMEM;
	}
	e->hash = home->hash;
	bucket_publish_locked(at, hash_tag(home->hash), e);
	count_and_unlock_rcu(home, 1);
	return 0;
}

/* What to do about a key that turns out to be present. */
enum if_present { REPLACE, KEEP };

static int take_present_rcu(struct rcumap *map, const struct home *home, struct entry *e,
			    void *value, enum if_present if_present, void **old)
{
	if (if_present == REPLACE)
		return replace_rcu(map, home, e, NULL, value, old);
	*old = load_acquire(&e->value); /* P4 observe. LP of a load_or_store that loads. */
	return *old != DELETED;
}

/* The half of put_rcu() for a key that was absent at a glance. */
static int put_slow(struct rcumap *map, struct home *home, struct key key, void *value,
		    enum if_present if_present, void **old)
{
	struct entry *e, *fresh = rcumap__entry_new(map, key.bytes, key.len, value);
	struct place at;
	int answer;

	if (!fresh)
		return -ENOMEM;
	seam(SEAM_PUT_SLOW);
	lock_home_rcu(map, home, key);
	e = probe_locked(map, home, key, &at);
	if (e) { /* not DELETED, since we hold the stripe (I5): no retry */
		seam(SEAM_PUT_PRESENT);
		answer = take_present_rcu(map, home, e, value, if_present, old);
		pthread_mutex_unlock(&home->stripe->lock);
	} else {
		answer = insert_and_unlock_rcu(home, fresh);
	}
	if (e || answer)
		rcumap__entry_free(map, fresh);
	return answer;
}

/* Store, swap and load_or_store. 1: the key was present, with *@old; 0: inserted; -ENOMEM. */
static int put_rcu(struct rcumap *map, struct key key, void *value, enum if_present if_present,
		   void **old)
{
	struct home home;
	struct entry *e = find_rcu(map, key, &home);
	int answer = e ? take_present_rcu(map, &home, e, value, if_present, old) : 0;

	if (answer)
		return answer;
	if (e)
		seam(SEAM_PUT_DELETED);
	return put_slow(map, &home, key, value, if_present, old);
}

static int put(struct rcumap *map, struct key key, void *value, enum if_present if_present,
	       void **old)
{
	bool offline;
	int answer;

	*old = NULL;
	if (!map || !key_valid(map, key.bytes, key.len) || !value_valid(map, value))
		return -EINVAL;
	offline = section_enter(map->flavor);
	answer = put_rcu(map, key, value, if_present, old);
	section_leave(map->flavor, offline);
	order_full_fence();
	return answer;
}

int rcumap_store(struct rcumap *map, const void *key, size_t len, void *value)
{
	void *old;
	int answer = put(map, (struct key){key, len}, value, REPLACE, &old);

	return answer < 0 ? answer : 0;
}

int rcumap_swap(struct rcumap *map, const void *key, size_t len, void *value, void **old)
{
	void *unused;

	return put(map, (struct key){key, len}, value, REPLACE, old ? old : &unused);
}

int rcumap_load_or_store(struct rcumap *map, const void *key, size_t len, void *value,
			 void **actual)
{
	void *loaded;
	int answer = put(map, (struct key){key, len}, value, KEEP, &loaded);

	if (actual)
		*actual = answer == 0 ? value : loaded;
	return answer;
}

int rcumap_compare_and_swap(struct rcumap *map, const void *key, size_t len, void *old, void *value)
{
	struct home home;
	struct entry *e;
	bool offline;
	void *was;
	int answer = 0;

	if (!map || !key_valid(map, key, len) || !old || !value_valid(map, value))
		return -EINVAL;
	offline = section_enter(map->flavor);
	e = find_rcu(map, (struct key){key, len}, &home);
	if (e)
		answer = replace_rcu(map, &home, e, old, value, &was);
	section_leave(map->flavor, offline);
	order_full_fence();
	return answer;
}

/*
 * Deletes @e, which is in its bucket at @at, if its value is @expected (NULL: whatever it is).
 * Returns the value it had, or NULL.
 */
static void *remove_locked(struct entry *e, struct place at, void *expected)
{
	void *was = expected;

	/* P4 (acq_rel). LP of a delete. Never a comparison followed by an exchange, which would
	 * lose a store to the present key in between. */
	if (!expected)
		was = exchange_acq_rel(&e->value, DELETED);
	else if (!cas_acq_rel(&e->value, &was, DELETED))
		return NULL;
	seam(SEAM_DELETED);
	bucket_withdraw_locked(at);
	return was;
}

/* Deletes the key if its value is @expected (NULL: whatever it is). 1: deleted, was *@old; 0. */
static int remove_rcu(struct rcumap *map, struct key key, void *expected, void **old)
{
	struct home home;
	struct place at;
	struct entry *e = find_rcu(map, key, &home);
	void *was = DELETED;

	if (e)
		was = load_acquire(&e->value); /* P4 observe. LP of a delete that finds DELETED. */
	if (was == DELETED || (expected && was != expected))
		return 0;
	seam(SEAM_REMOVE);
	lock_home_rcu(map, &home, key);
	e = probe_locked(map, &home, key, &at);
	was = e ? remove_locked(e, at, expected) : NULL;
	if (!was) {
		pthread_mutex_unlock(&home.stripe->lock);
		seam(SEAM_REMOVE_LOST);
		return 0;
	}
	count_and_unlock_rcu(&home, -1);
	rcumap__retire_entry_rcu(home.stripe, e, was);
	*old = was;
	return 1;
}

static int remove_key(struct rcumap *map, struct key key, void *expected, void **old)
{
	bool offline;
	int answer;

	*old = NULL;
	if (!map || !key_valid(map, key.bytes, key.len))
		return -EINVAL;
	offline = section_enter(map->flavor);
	answer = remove_rcu(map, key, expected, old);
	section_leave(map->flavor, offline);
	order_full_fence();
	return answer;
}

int rcumap_load_and_delete(struct rcumap *map, const void *key, size_t len, void **old)
{
	void *unused;

	return remove_key(map, (struct key){key, len}, NULL, old ? old : &unused);
}

int rcumap_delete(struct rcumap *map, const void *key, size_t len)
{
	return rcumap_load_and_delete(map, key, len, NULL);
}

int rcumap_compare_and_delete(struct rcumap *map, const void *key, size_t len, void *old)
{
	void *unused;

	return old ? remove_key(map, (struct key){key, len}, old, &unused) : -EINVAL;
}

int rcumap_clear(struct rcumap *map)
{
	const struct table *youngest;
	struct table *empty;
	bool offline;
	int err = -ENOMEM;

	if (!map)
		return -EINVAL;
	offline = section_enter(map->flavor);
	/* A dirty table's seed may be meant to replace the other. */
	youngest = map_snapshot_rcu(map);
	if (table_dirty_rcu(youngest))
		youngest = table_dirty_rcu(youngest);
	empty = rcumap__table_new(map, map->min_log2, youngest->seed);
	if (empty) {
		seam(SEAM_CLEAR);
		/* P1 publish (release): the empty table; observe (acquire): we sweep the other.
		 * Pairs with P1 in map_snapshot_rcu(). LP of a clear. */
		rcumap__sweep_start(exchange_acq_rel(&map->snapshot, empty));
		err = 0;
	}
	section_leave(map->flavor, offline);
	order_full_fence();
	return err;
}
