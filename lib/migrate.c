/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Migrating: how keys move from the snapshot to its dirty table, and how that becomes the snapshot.
 *
 * Growing, shrinking and changing the seed are one mechanism. A table of the size that fits is
 * linked as the snapshot's dirty table; then buckets move one by one, each under its own stripe, by
 * the writers that pass, by range, and by the idle hand if nobody passes any more. A bucket
 * moves whole: its entries' pointers are copied into the dirty table, wherever their hashes say,
 * then `moved` is set, which is the instant at which its keys begin to live there (I3). Whoever
 * moves the last bucket promotes the dirty table to snapshot.
 *
 * Moving is an effort, not an invariant. If an overflow bucket can't be had, the copies are taken
 * out again, and the bucket stays what it was: only `moved` decides where its keys live.
 *
 * Every function here whose name ends in _rcu or _locked is called in a section that was opened
 * before its table was reached; so the table, and all behind it, stay.
 */
#include "migrate.h"

#include <errno.h>

#include "section.h"
#include "table.h"

#define GROW_STEP 2   /* buckets that a passing writer moves, besides its own */
#define SHRINK_STEP 8 /* the dirty table is smaller: it can't grow until all is moved */

#define SHRINK_LOG2 5u /* at most 32-fold at a time, so that chains stay short meanwhile */
#define SHRINK_LOAD 4  /* shrink below a quarter of the load at which the table would grow */

#ifndef MIGRATE_PORTION
#define MIGRATE_PORTION ((size_t)64 << 10) /* buckets in a callback, or a quarter of the table */
#endif
#define HOLD ((size_t)64) /* of these, in one go with the stripe held */

/*
 * Who copies entries into a dirty table: holds one of its stripes at a time, as long as consecutive
 * copies need it, and knows where the last copies went, so that a long chain is walked once and not
 * anew for each entry. TRAILS is enough for the images of one bucket in a table twice the size.
 */
#define TRAILS 2

struct mover {
	struct table *from, *to;
	struct stripe *held; /* of `to`; or NULL */
	struct trail {
		struct bucket *head, *last;
	} trails[TRAILS];
};

static void mover_hold(struct mover *m, struct stripe *s)
{
	if (m->held == s)
		return;
	if (m->held)
		pthread_mutex_unlock(&m->held->lock);
	if (s)
		pthread_mutex_lock(&s->lock);
	m->held = s;
}

/* The hash in the dirty table of an entry of the other, whose stripe is held. */
static uint64_t mover_hash_locked(const struct mover *m, const struct entry *e)
{
	const struct rcumap *map = m->from->map;

	if (m->to->seed == m->from->seed)
		return e->hash;
	return hash_key(map, m->to->seed, entry_key(map, e), entry_len(map, e));
}

/* Holds the stripe of the bucket that @hash leads to, and returns the trail in its chain. */
static struct trail *mover_trail(struct mover *m, uint64_t hash)
{
	size_t index = table_index(m->to, hash);
	struct bucket *head = &m->to->buckets[index];
	struct trail *trail = &m->trails[index % TRAILS];

	mover_hold(m, table_stripe(m->to, index));
	if (trail->head != head)
		*trail = (struct trail){head, head};
	return trail;
}

/* 0 or -ENOMEM. */
static int copy_entry_locked(struct mover *m, struct entry *e)
{
	uint64_t hash = mover_hash_locked(m, e);
	struct trail *trail = mover_trail(m, hash);
	struct place at;

	if (rcumap__table_room_locked(m->held, trail->last, &at))
		return -ENOMEM;
	trail->last = at.bucket;
	e->hash = hash;
	bucket_publish_locked(at, hash_tag(hash), e);
	return 0;
}

/* Takes a copy out again. Needs no memory, and waits for the stripe, so it can't fail. */
static void uncopy_entry_locked(struct mover *m, struct entry *e)
{
	const struct rcumap *map = m->from->map;
	struct trail *trail = mover_trail(m, mover_hash_locked(m, e));
	struct place at = {trail->last, 0};
	struct entry *other;

	seam(SEAM_UNDO);
	/* It may lie before the trail: others make holes, and move entries behind links. */
	while ((other = bucket_next(&at)) != e)
		if (!other) {
			seam(SEAM_UNDO_RESTART);
			at = (struct place){trail->head, 0};
		}
	at.slot--; /* bucket_next() has stepped over it */
	trail->last = at.bucket;
	bucket_withdraw_locked(at);
	if (m->to->seed != m->from->seed)
		e->hash = hash_key(map, m->from->seed, entry_key(map, e), entry_len(map, e));
}

/* Takes the copies of the first @copies entries of @b out again. */
static void uncopy_bucket_locked(struct mover *m, struct bucket *b, size_t copies)
{
	struct place at = {b, 0};

	memset(m->trails, 0, sizeof(m->trails));
	while (copies--)
		uncopy_entry_locked(m, bucket_next(&at));
}

/* Moves one bucket, unless it is, and adds to *@moved. 0, or -ENOMEM: it stays as it was. */
static int migrate_bucket_locked(struct table *t, struct bucket *b, size_t *moved)
{
	struct mover m = {.from = t, .to = table_dirty_rcu(t)};
	struct place at = {b, 0};
	struct entry *e;
	size_t copies = 0;
	int err = 0;

	if (bucket_moved(b))
		return 0;
	while ((e = bucket_next(&at))) {
		err = copy_entry_locked(&m, e);
		if (err)
			break;
		copies++;
	}
	if (err) {
		uncopy_bucket_locked(&m, b, copies);
	} else {
		seam(SEAM_COPIED);
		bucket_set_moved_locked(b);
		++*moved;
	}
	mover_hold(&m, NULL);
	return err;
}

/*
 * Moves what is left of the next @step buckets of the stripe @s of @t, which is held. Adds to
 * *@moved. 0 or -ENOMEM.
 */
static int migrate_stripe_locked(struct table *t, struct stripe *s, size_t step, size_t *moved)
{
	size_t size = table_stripe_buckets(t);
	size_t cursor = load_relaxed(&s->cursor); /* relaxed: ours, we hold the stripe */
	struct bucket *buckets = &t->buckets[(size_t)(s - t->stripes) * size];
	int err = 0;

	for (; step && cursor < size; step--, cursor++) {
		err = migrate_bucket_locked(t, &buckets[cursor], moved);
		if (err)
			break;
	}
	/* P14 (release): the buckets before it are moved. Pairs with P14 in stripe_finished(). */
	store_release(&s->cursor, cursor);
	return err;
}

static bool stripe_finished(const struct table *t, const struct stripe *s)
{
	/* P14 (acquire): range goes on to the dirty table without having held this stripe.
	 * Pairs with P14 in migrate_stripe_locked(). */
	return load_acquire(&s->cursor) == table_stripe_buckets(t);
}

/* The first stripe from the hint on that is not finished, or NULL; moves the hint. */
static struct stripe *stripe_to_help(struct table *t)
{
	/* relaxed: a hint, all of it; finished stripes stay so. */
	size_t i = load_relaxed(&t->help);

	while (i < table_stripes(t) && stripe_finished(t, &t->stripes[i]))
		i++;
	store_relaxed(&t->help, i);
	return i < table_stripes(t) ? &t->stripes[i] : NULL;
}

static size_t writer_step(const struct table *t)
{
	return table_dirty_rcu(t)->log2 < t->log2 ? SHRINK_STEP : GROW_STEP;
}

int rcumap__migrate_bucket_locked(struct table *t, size_t index, size_t *moved)
{
	return migrate_bucket_locked(t, &t->buckets[index], moved);
}

/*
 * Makes the dirty table of @t, all of whose buckets are moved, the snapshot. LP of nothing: both
 * lead to the same keys. A clear may have come first; then the sweep owns both tables, and this
 * does nothing.
 */
static void promote_rcu(struct table *t)
{
	struct table *d = table_dirty_rcu(t);
	struct table *expected = t;

	/* plain: read by those who find d as the snapshot. */
	d->base = t->base + rcumap__table_delta(t);
	seam(SEAM_PROMOTE);
	/* P1 publish (release): the table and its base. Pairs with P1 in map_snapshot_rcu(). */
	if (!cas_acq_rel(&t->map->snapshot, &expected, d)) {
		seam(SEAM_PROMOTE_LOST);
		return;
	}
	seam(SEAM_PROMOTED);
	rcumap__table_retire(t);
}

void rcumap__migrate_settle_rcu(struct table *t, size_t moved)
{
	if (!moved)
		return;
	seam(SEAM_MOVED);
	invariant(load_relaxed(&t->unmoved) >= moved); /* I6 */
	/* P7 (acq_rel): the promoter has seen what all movers did, the final deltas of the stripes
	 * included. Pairs with itself. */
	if (sub_acq_rel(&t->unmoved, moved) == moved)
		promote_rcu(t);
}

void rcumap__migrate_help_rcu(struct rcumap *map, uint64_t hash)
{
	struct table *t = map_snapshot_rcu(map);
	struct stripe *s = table_stripe(t, table_index(t, hash));
	size_t moved = 0;

	if (likely(!table_dirty_rcu(t)))
		return;
	if (stripe_finished(t, s))
		s = stripe_to_help(t);
	if (!s || pthread_mutex_trylock(&s->lock))
		return;
	(void)migrate_stripe_locked(t, s, writer_step(t), &moved);
	pthread_mutex_unlock(&s->lock);
	rcumap__migrate_settle_rcu(t, moved);
}

/*
 * Links a dirty table to the snapshot @t. 0; -EBUSY: @t is amended, or no longer the snapshot;
 * -ENOMEM.
 */
static int migrate_start_rcu(struct table *t, unsigned int log2, uint64_t seed)
{
	struct rcumap *map = t->map;
	struct table *d;
	int err = -EBUSY;

	/* P11 (acquire): one at a time; whoever was before us has linked. Pairs with P11 below. */
	if (exchange_acquire(&map->resizing, true))
		return -EBUSY;
	/* relaxed, both: only compared. A clear may exchange the snapshot right after; then the
	 * sweep will find the dirty table, since we are in a section older than it. */
	if (load_relaxed(&map->snapshot) == t && !load_relaxed(&t->dirty)) {
		d = rcumap__table_new(map, log2, seed);
		err = d ? 0 : -ENOMEM;
		if (d) {
			seam(log2 == t->log2  ? SEAM_RENEW
			     : log2 < t->log2 ? SEAM_SHRINK
					      : SEAM_GROW);
			/* P6 publish (release): the table is filled in. Pairs with P6 in
			 * table_dirty_rcu(). */
			store_release(&t->dirty, d);
		}
	}
	/* P11 (release): linked. Pairs with P11 above. */
	store_release(&map->resizing, false);
	return err;
}

static size_t shrink_limit(const struct table *t)
{
	return t->log2 > t->map->min_log2 ? table_limit(t->log2) / SHRINK_LOAD : 0;
}

/* The size that fits @keys, but not less than a 32nd of @t. */
static unsigned int target_log2(const struct table *t, size_t keys)
{
	unsigned int log2 = rcumap__table_log2_for(t->map, keys);

	return log2 + SHRINK_LOG2 < t->log2 ? t->log2 - SHRINK_LOG2 : log2;
}

void rcumap__migrate_balance_rcu(struct table *t, struct stripe *s)
{
	size_t limit = table_limit(t->log2), low = shrink_limit(t);
	size_t keys, distance = 0, least;

	if (table_dirty_rcu(t) || map_snapshot_rcu(t->map) != t)
		return;
	keys = table_keys(t);
	if (keys > limit || keys < low) {
		if (target_log2(t, keys) != t->log2) /* the largest table does not grow */
			(void)migrate_start_rcu(t, target_log2(t, keys), t->seed);
	} else {
		distance = limit - keys;
		if (low && keys - low < distance)
			distance = keys - low;
	}
	/* If all stripes were as busy as this one, the limit could not be passed before the budget
	 * is used up. An eighth more keys at the least, so that a failed start is not tried again
	 * at once. */
	least = (keys > limit ? keys : limit) / 8 >> t->stripes_log2;
	distance >>= t->stripes_log2;
	if (distance < least)
		distance = least;
	store_relaxed(&s->budget, distance ? (long)distance : 1); /* relaxed: a heuristic */
}

/* All that is left, one hold of a stripe at a time. */
int rcumap__migrate_finish_rcu(struct table *t)
{
	size_t moved = 0;
	int err = 0;

	for (size_t i = 0; !err && i < table_stripes(t); i++) {
		struct stripe *s = &t->stripes[i];

		while (!err && !stripe_finished(t, s)) {
			pthread_mutex_lock(&s->lock);
			err = migrate_stripe_locked(t, s, HOLD, &moved);
			pthread_mutex_unlock(&s->lock);
		}
	}
	rcumap__migrate_settle_rcu(t, moved);
	return err;
}

/* As much of it as one callback may do; stripes by trylock. */
static int migrate_portion_rcu(struct table *t)
{
	size_t portion =
		table_buckets(t) / 4 > MIGRATE_PORTION ? table_buckets(t) / 4 : MIGRATE_PORTION;
	size_t moved = 0;
	int err = 0;

	for (size_t i = load_relaxed(&t->help); !err && portion && i < table_stripes(t); i++) {
		struct stripe *s = &t->stripes[i];

		while (!err && portion && !stripe_finished(t, s) &&
		       !pthread_mutex_trylock(&s->lock)) {
			err = migrate_stripe_locked(t, s, HOLD, &moved);
			pthread_mutex_unlock(&s->lock);
			portion -= portion < HOLD ? portion : HOLD;
		}
	}
	rcumap__migrate_settle_rcu(t, moved);
	return err;
}

/*
 * Whether the snapshot @t, not amended, is larger than its keys need: too many buckets; or none of
 * its overflow buckets in use, which only a new table gets rid of.
 */
static bool shrink_overdue_rcu(const struct table *t)
{
	size_t keys = table_keys(t);

	return keys < shrink_limit(t) || (!keys && load_relaxed(&t->overflowed));
}

bool rcumap__migrate_due_rcu(const struct rcumap *map)
{
	const struct table *t = map_snapshot_rcu(map);

	return table_dirty_rcu(t) || shrink_overdue_rcu(t);
}

int rcumap__migrate_portion_rcu(struct rcumap *map)
{
	struct table *t = map_snapshot_rcu(map);
	int err = 0;

	if (!rcumap__migrate_due_rcu(map))
		return -ECANCELED;
	if (!table_dirty_rcu(t))
		err = migrate_start_rcu(t, target_log2(t, table_keys(t)), t->seed);
	return err ? err : migrate_portion_rcu(t);
}

int rcumap__migrate_rekey_rcu(struct rcumap *map, uint64_t seed)
{
	struct table *t = map_snapshot_rcu(map);

	return migrate_start_rcu(t, t->log2, seed);
}
