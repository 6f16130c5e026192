/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * A bucket: one word of header and a word per slot, on 64-bit machines a cache line of 7 slots.
 *
 *	header = meta | tag[SLOTS-1] ... tag[0]         one byte each, meta on top
 *	slot   = an entry, NULL, or (the last one, if chained) a link to an overflow bucket
 *
 * A reader loads the header once, compares all tags at once, and follows only the slots that match.
 * Readers and writers go by value, not by byte in memory, so the byte order of the machine does not
 * matter. Header words are uintptr_t, because loads of 64 bits on 32-bit machines may write or
 * lock.
 *
 * Chaining: when a chain is full, its last bucket's last entry moves to a new overflow bucket, and
 * the slot becomes a link to it (bit 0 set). Overflow buckets are never unlinked while the table
 * lives.
 *
 * Publish and withdraw keep I4: on insert the tag is set before the slot. The other order is not
 * linearizable: a freed slot is reused at once, so a reader with an older header could hit the new
 * entry while a later reader, before the tag is set, still misses.
 */
#ifndef RCUMAP_BUCKET_H
#define RCUMAP_BUCKET_H

#include "entry.h"

#define LAST_SLOT (BUCKET_SLOTS - 1)
#define META_SHIFT (8 * BUCKET_SLOTS)
#define BUCKET_MOVED \
	((uintptr_t)1 << META_SHIFT) /* the bucket's keys live in the dirty table (I3) */
#define BUCKET_CHAINED ((uintptr_t)2 << META_SHIFT) /* the last slot holds a link */

#define TAG_ONES (UINTPTR_MAX / 0xff & ~((uintptr_t)0xff << META_SHIFT)) /* 0x01 for each tag */
#define TAG_HIGHS (TAG_ONES << 7)					 /* 0x80 for each tag */

_Static_assert(sizeof(struct bucket) == sizeof(uintptr_t) * sizeof(uintptr_t), "no padding");
_Static_assert(CACHE_LINE % sizeof(struct bucket) == 0, "a bucket does not straddle lines");

static inline uintptr_t slot_link(struct bucket *overflow)
{
	return (uintptr_t)overflow | 1;
}

static inline bool slot_is_link(uintptr_t word)
{
	return word & 1;
}

static inline struct bucket *slot_overflow(uintptr_t word)
{
	return (struct bucket *)(word & ~(uintptr_t)1);
}

static inline uintptr_t tag_bits(unsigned int tag, unsigned int slot)
{
	return (uintptr_t)tag << (8 * slot);
}

/*
 * The high bit of each byte whose tag matches: the classic search for a zero byte, of the header
 * xor the tag. The lowest bit is exact; above it there can be false positives, which the comparison
 * of keys weeds out.
 */
static inline uintptr_t header_match(uintptr_t header, unsigned int tag)
{
	uintptr_t x = header ^ (TAG_ONES * tag);

	return (x - TAG_ONES) & ~x & TAG_HIGHS;
}

static inline unsigned int match_slot(uintptr_t match)
{
	return (unsigned int)__builtin_ctzll(match) / 8;
}

/*
 * Finds a key in the chain of @b, whose header is @header. The caller is in a section, and @header
 * was loaded (P3, acquire) in that section without the moved bit, or holds the stripe. A hit proves
 * nothing about the value: it may be DELETED.
 */
static inline struct entry *bucket_probe_rcu(const struct rcumap *map, struct bucket *b,
					     uintptr_t header, unsigned int tag, const void *key,
					     size_t len, struct place *at)
{
	for (;;) {
		uintptr_t match = header_match(header, tag);
		uintptr_t link = 0;

		seam(SEAM_HEADER_READ);
		for (; match; match &= match - 1) {
			unsigned int slot = match_slot(match);
			/* P2 observe (acquire): the entry's fields are read next. Pairs with P2 in
			 * bucket_publish_locked() and bucket_extend_locked(). */
			uintptr_t word = load_acquire(&b->slot[slot]);

			if (unlikely(slot_is_link(word))) {
				link = word; /* the entry moved there after the header was loaded */
				break;
			}
			if (word && likely(entry_has_key(map, (struct entry *)word, key, len))) {
				*at = (struct place){b, slot};
				return (struct entry *)word;
			}
		}
		if (header & BUCKET_CHAINED)
			link = load_acquire(&b->slot[LAST_SLOT]); /* P2 observe, as above */
		if (likely(!link))
			return NULL;
		seam(SEAM_CHAINED);
		b = slot_overflow(link);
		header = load_acquire(&b->header); /* P3 observe: see table_probe_rcu() */
	}
}

/* The next entry of a chain from @at on, which is advanced; NULL at its end. */
static inline struct entry *bucket_next(struct place *at)
{
	while (at->slot < BUCKET_SLOTS) {
		uintptr_t word = load_acquire(&at->bucket->slot[at->slot]); /* P2 observe */

		if (slot_is_link(word)) {
			*at = (struct place){slot_overflow(word), 0};
			continue;
		}
		at->slot++;
		if (word)
			return (struct entry *)word;
	}
	return NULL;
}

/* Puts an entry into the empty slot @at. */
static inline void bucket_publish_locked(struct place at, unsigned int tag, struct entry *e)
{
	uintptr_t header = load_relaxed(&at.bucket->header); /* relaxed: ours, we hold the stripe */

	invariant(!load_relaxed(&at.bucket->slot[at.slot])); /* I4 */
	/* P3 publish (release): tag before slot, see above. Pairs with P3 in table_probe_rcu(). */
	store_release(&at.bucket->header, header | tag_bits(tag, at.slot));
	seam(SEAM_TAGGED);
	/* P2 publish (release): the filled entry, and its tag, happen-before any probe that reaches
	 * it. Pairs with P2 in bucket_probe_rcu() and bucket_next(). LP of an insert. */
	store_release(&at.bucket->slot[at.slot], (uintptr_t)e);
}

/* Takes the entry out of slot @at. */
static inline void bucket_withdraw_locked(struct place at)
{
	uintptr_t header = load_relaxed(&at.bucket->header); /* relaxed: ours */

	/* P2, P3 (release): who misses because of these stores is ordered after the delete. Pairs
	 * with P2 in bucket_probe_rcu() and P3 in table_probe_rcu(). */
	store_release(&at.bucket->slot[at.slot], 0);
	store_release(&at.bucket->header, header & ~tag_bits(0xff, at.slot));
}

/* Finds an empty slot in the chain of @b, whose last bucket is left in @at if there is none. */
static inline bool bucket_room_locked(struct bucket *b, struct place *at)
{
	for (;;) {
		uintptr_t header = load_relaxed(&b->header); /* relaxed: ours */
		uintptr_t empty = header_match(header, 0);

		if (header & BUCKET_CHAINED)
			empty &= ~((uintptr_t)0x80 << (8 * LAST_SLOT));
		*at = (struct place){b, empty ? match_slot(empty) : LAST_SLOT};
		if (empty || !(header & BUCKET_CHAINED))
			return empty;
		b = slot_overflow(load_relaxed(&b->slot[LAST_SLOT])); /* relaxed: ours */
	}
}

/*
 * Lengthens a full chain by @overflow, an empty bucket that nobody knows; @at is its last slot, and
 * becomes an empty one.
 *
 * A reader of the entry that moves finds it with either header: the old one leads to the slot,
 * which holds the entry or the link; the new one to the link.
 */
static inline void bucket_extend_locked(struct place *at, struct bucket *overflow)
{
	struct bucket *b = at->bucket;
	uintptr_t header = load_relaxed(&b->header); /* relaxed: ours, all three */
	uintptr_t last = load_relaxed(&b->slot[LAST_SLOT]);
	uintptr_t tag = header >> (8 * LAST_SLOT) & 0xff;

	store_relaxed(&overflow->slot[0], last); /* relaxed: not linked yet */
	store_relaxed(&overflow->header, tag);
	/* P2 publish (release): the overflow bucket is filled. Pairs with P2 in
	 * bucket_probe_rcu() and bucket_next(). */
	store_release(&b->slot[LAST_SLOT], slot_link(overflow));
	seam(SEAM_LINKED);
	/* P3 publish (release): the link is there. Pairs with P3 in table_probe_rcu(). */
	store_release(&b->header, (header & ~tag_bits(0xff, LAST_SLOT)) | BUCKET_CHAINED);
	*at = (struct place){overflow, 1};
}

static inline bool bucket_moved(const struct bucket *b)
{
	/* P5 observe (acquire): the copies are reached next. Pairs with P5 in
	 * bucket_set_moved_locked(). */
	return load_acquire(&b->header) & BUCKET_MOVED;
}

static inline void bucket_set_moved_locked(struct bucket *b)
{
	/* P5 publish (release): every copy is in the dirty table. Pairs with P5 in bucket_moved()
	 * and table_probe_rcu(). */
	store_release(&b->header, load_relaxed(&b->header) | BUCKET_MOVED);
}

#endif
