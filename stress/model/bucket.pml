/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Buckets, as lib/bucket.h has them, with two slots, and one tag for all keys: so every slot in use
 * matches, and only the comparison of keys tells entries apart.
 *
 * A step is one access of memory that others may write or read at the time. Words that only the
 * holder of a stripe writes are read by him together with the step that follows. The key of an
 * entry never changes, and is compared in the step that reads the slot. Locking goes together with
 * the step after it, unlocking with the step before (nobody else can tell).
 */
byte header[BUCKETS];
byte slot[BUCKETS * 2];		/* NULL, an entry, or a link */
byte value[ENTRIES + 1];	/* the value word of each entry */
byte entry_key[ENTRIES + 1];
bit stripe_lock[TABLES * STRIPES];

#define TAG(i) (1 << (i))
#define TAGS 3
#define MOVED 4
#define CHAINED 8
#define HEAD 16			/* of a probe: the header is to be loaded */
#define LAST 1
#define NULL 0
#define DELETED 0

#define LINK(b) (64 + (b))
#define IS_LINK(w) ((w) >= 64)
#define LINKED(w) ((w) - 64)

#define LOCK(s) !stripe_lock[s] -> stripe_lock[s] = 1
#define UNLOCK(s) assert(stripe_lock[s]); stripe_lock[s] = 0

/* A slot i_ of b, whose tag matched, in bucket_probe_rcu(). */
inline slot_load(i_)
{
	TOUCH_TABLE(TABLE_OF(b));
	tags = tags & ~TAG(i_);
	w = slot[SLOT(b, i_)];
	if
	:: IS_LINK(w) -> tags = 0	/* the entry moved there after the header was loaded */
	:: w && !IS_LINK(w) ->
		TOUCH_ENTRY(w);
		if
		:: entry_key[w] == k -> e = w; tags = 0
		:: else
		fi;
		w = 0
	:: else
	fi
}

#define PROBE_DONE (!tags && (e || (!w && !(h & CHAINED))))

inline break_if_probed()
{
	if
	:: PROBE_DONE -> b = 0; h = 0; break
	:: else
	fi
}

/* Finds key k from table t on, as table_probe_rcu() does. Leaves e and t. */
inline probe()
{
	tags = HEAD;
	do
	:: atomic {
		tags == HEAD ->
		TOUCH_TABLE(t);
		b = HOME_BUCKET(t, k);
		h = header[b];
		if
		:: h & MOVED -> t = dirty[t]; assert(t)
		:: else -> tags = h & TAGS
		fi;
		break_if_probed()
	   }
	:: atomic { tags & TAG(0) -> slot_load(0); break_if_probed() }
	:: atomic { tags == TAG(1) -> slot_load(1); break_if_probed() }
	:: atomic {		/* the link that the header tells of */
		!tags && !w ->
		TOUCH_TABLE(TABLE_OF(b));
		w = slot[SLOT(b, LAST)];
		assert(IS_LINK(w))
	   }
	:: atomic {		/* the bucket behind a link */
		!tags && w ->
		b = LINKED(w);
		w = 0;
		TOUCH_TABLE(TABLE_OF(b));
		h = header[b];
		tags = h & TAGS;
		break_if_probed()
	   }
	od
}

/* bucket_next(): the next entry of a chain whose stripe is held, from b_, i_ on, or NULL. */
inline bucket_next(b_, i_, e_)
{
	e_ = NULL;
	do
	:: i_ == 2 || e_ -> break
	:: i_ < 2 && !e_ ->
		if
		:: IS_LINK(slot[SLOT(b_, i_)]) ->
			b_ = LINKED(slot[SLOT(b_, i_)]);
			i_ = 0
		:: else ->
			e_ = slot[SLOT(b_, i_)];
			i_++
		fi
	od
}

/* probe_locked() in map.c: leaves e, at slot i of b. */
inline probe_locked()
{
	b = HOME_BUCKET(t, k);
	i = 0;
	TOUCH_TABLE(t);
	assert(!(header[b] & MOVED));			/* I2 */
	do
	:: bucket_next(b, i, e);
	   if
	   :: !e -> i = 0; break
	   :: e && entry_key[e] == k ->
		TOUCH_ENTRY(e);
		assert(value[e] != DELETED);		/* I5 */
		i--;
		break
	   :: else -> TOUCH_ENTRY(e)
	   fi
	od
}

/*
 * bucket_room_locked(): an empty slot i_ in the chain of b_. Or i_ is 2, and b_ the last bucket.
 */
inline bucket_room(b_, i_)
{
	assert(!(header[b_] & MOVED));			/* I3 */
	do
	:: !(header[b_] & TAG(0)) -> i_ = 0; break
	:: (header[b_] & TAG(0)) && !(header[b_] & (TAG(1) | CHAINED)) -> i_ = 1; break
	:: (header[b_] & TAG(0)) && (header[b_] & CHAINED) -> b_ = LINKED(slot[SLOT(b_, LAST)])
	:: (header[b_] & TAG(0)) && (header[b_] & TAG(1)) -> i_ = 2; break
	od
}

/*
 * bucket_publish_locked(), in the step that took the stripe and found the place j of b: the tag. If
 * the chain is full, bucket_extend_locked() comes first: the link, in the slot of what moves.
 */
inline bucket_publish_begin(t_, e_)
{
#ifdef CHAINS
	if
	:: j == 2 ->
		overflow = OVERFLOW(t_);
		assert(!header[overflow] && b != overflow);	/* one was enough */
		slot[SLOT(overflow, 0)] = slot[SLOT(b, LAST)];
		header[overflow] = TAG(0);
		slot[SLOT(b, LAST)] = LINK(overflow)
	:: else -> bucket_tag(e_)
	fi
#else
	assert(j < 2);
	bucket_tag(e_)
#endif
}

inline bucket_tag(e_)
{
	assert(!slot[SLOT(b, j)]);				/* I4 */
#ifdef CONTROL_SLOT_BEFORE_TAG
	slot[SLOT(b, j)] = e_
#else
	header[b] = header[b] | TAG(j)
#endif
}

/* The header of the bucket that was extended; then the tag in the overflow bucket. */
inline bucket_extend()
{
#ifdef CHAINS
	if
	:: overflow ->
		atomic {
			header[b] = (header[b] & ~TAG(LAST)) | CHAINED;
			b = overflow;
			j = 1;
			overflow = 0
		};
		header[b] = header[b] | TAG(j)
	:: else
	fi
#else
	skip
#endif
}

/* The slot. */
inline bucket_publish_end(e_)
{
#ifdef CONTROL_SLOT_BEFORE_TAG
	header[b] = header[b] | TAG(j);
#else
	assert(!(header[b] & MOVED));				/* I3 */
	slot[SLOT(b, j)] = e_;
#endif
	b = 0;
	j = 0
}

/* Where e_ is in the chain of b_, which has it. */
inline bucket_find(b_, j_, e_)
{
	do
	:: slot[SLOT(b_, 0)] == e_ -> j_ = 0; break
	:: slot[SLOT(b_, 1)] == e_ -> j_ = 1; break
	:: else -> assert(header[b_] & CHAINED); b_ = LINKED(slot[SLOT(b_, LAST)])
	od
}

/* bucket_withdraw_locked() of what is in slot j of b: the slot, the tag. */
inline bucket_withdraw_begin()
{
	slot[SLOT(b, j)] = NULL
}

inline bucket_withdraw_end()
{
	header[b] = header[b] & ~TAG(j);
	b = 0;
	j = 0
}
