/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The structures of a map, the invariants that hold between them, and the lock order. Read this
 * after include/rcumap.h and before any other file; doc/design.md tells why it is so,
 * doc/ordering.md lists the pairs P1, P2, ... that the comments name.
 *
 *	struct rcumap
 *	  snapshot --> table            buckets that every operation starts from
 *	                 dirty --> table    only while the map changes size or seed
 *
 * I1  The snapshot is never NULL. A table becomes the snapshot at most once, and its dirty table is
 *     set at most once, while it is the snapshot (or was, until a clear that is not swept yet).
 *     Kept by: migrate.c, map.c (clear).
 * I2  A present key is in exactly one slot of one live bucket. A bucket is live if it is not moved,
 *     and its table is the snapshot, or the dirty table behind moved buckets of the snapshot.
 *     Kept by: map.c, under the stripe of that bucket.
 * I3  moved(b)  =>  every entry of b that was live is reachable from the table's dirty table, and
 *     neither b nor its chain is ever written again. Its slots may dangle for sections that begin
 *     later, so whoever walks slots skips moved buckets.
 *     Kept by: migrate_bucket_locked() (enters). Nothing leaves.
 * I4  slot != NULL  =>  its tag in the header is that of the entry, or was when the slot was read.
 *     A missing tag is final: tag before slot on insert. A matching tag proves nothing.
 *     Kept by: bucket_publish_locked(), bucket_withdraw_locked(), bucket_extend_locked().
 * I5  Under its stripe, an entry in a live bucket is never DELETED.
 *     Kept by: remove_locked() in map.c, which withdraws what it deletes before it unlocks.
 * I6  unmoved = number of buckets not moved, or more while a mover has not counted yet. Who brings
 *     it to 0 promotes; so at most one does.
 *     Kept by: rcumap__migrate_settle_rcu().
 * I7  A retire queue is idle, or exactly one call_rcu of it is in flight (or about to be made by
 *     whoever armed it, inside a section). Armed queues pin their table, tables pin the map.
 *     Kept by: retire.c.
 *
 * rcumap__check() checks I2 to I6 with all stripes held; the tests call it after each step.
 * invariant() checks them where they are relied on, in the tests' build.
 *
 * Lock order: a stripe of the snapshot, then a stripe of its dirty table; at most one of each
 * table. Leaves: sweep_lock. A stripe is held only inside a section, so nobody waits for a grace
 * period while holding one; the idle hand takes stripes of a snapshot by trylock, and of a
 * dirty table by lock.
 *
 * An entry, by its value word:
 *	value	in exactly one live bucket	-> value (CAS), DELETED (stripe held)
 *	DELETED	leaving its bucket, then retired	-> freed after a grace period; no way back
 */
#ifndef RCUMAP_INTERNAL_H
#define RCUMAP_INTERNAL_H

#include <pthread.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>

#include <urcu/call-rcu.h>
#include <urcu/flavor.h>

#include <rcumap.h>

#include "order.h"
#include "seam.h"

#define CACHE_LINE 64

#define container_of(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))
/* True by an invariant. Checked in the tests' build alone, because the library never aborts. */
#ifdef RCUMAP_SEAMS
#include <assert.h>
#define invariant(holds) assert(holds)
#else
#define invariant(holds) ((void)0)
#endif

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* The value word of an entry that is deleted: absent for everybody. */
#define DELETED NULL

/* One key with its value; entry.h. */
struct entry {
	_Atomic(void *) value; /* P4 */
	union {
		uint64_t hash;	/* in a bucket: under the stripe of the youngest table with it */
		uintptr_t next; /* retired: the queue's link */
	};
	/* Then, as map->key_offset says: the dead value, the key's length, the key. */
};

/* A byte of header per slot holds its tag, the last byte the meta bits; bucket.h. */
#define BUCKET_SLOTS (sizeof(uintptr_t) - 1)

struct bucket {
	_Atomic(uintptr_t) header;	       /* P3: written under the stripe only */
	_Atomic(uintptr_t) slot[BUCKET_SLOTS]; /* P2: an entry, NULL, or in the last one a link */
};

/* A slot of a bucket. */
struct place {
	struct bucket *bucket;
	unsigned int slot;
};

/* Overflow buckets come from chunks, which live as long as their table. */
#define CHUNK_BUCKETS 7

struct chunk {
	struct bucket buckets[CHUNK_BUCKETS];
	struct chunk *next;
};

/* What has left the map and waits for a grace period; retire.c. */
struct retire_queue {
	_Atomic(uintptr_t) head; /* P8, P9: IDLE, ARMED, or the newest node */
	uintptr_t waiting;	 /* plain: owned by whoever armed the queue, then by the callback */
	struct rcu_head rcu;
};

/* What one writer at a time works on: a contiguous range of a table's buckets. */
struct stripe {
	alignas(CACHE_LINE) pthread_mutex_t lock;
	_Atomic(long) delta;	/* relaxed: inserts minus deletes here; migration adds nothing */
	_Atomic(long) budget;	/* relaxed: inserts and deletes left until the size is looked at */
	_Atomic(size_t) cursor; /* P14: buckets that the migration has passed */
	alignas(CACHE_LINE) struct retire_queue queue;
	struct table *table;
	struct chunk *chunks; /* newest first; under the lock */
	size_t chunk_used;    /* buckets given out from the newest chunk; under the lock */
};

struct table {
	/* Read by every operation, written once. */
	struct rcumap *map;
	uint64_t seed;
	struct bucket *buckets;
	struct stripe *stripes;
	_Atomic(struct table *) dirty; /* P6: set once (I1) */
	unsigned char log2;	       /* of the number of buckets */
	unsigned char stripes_log2;

	/* Written now and then. */
	alignas(CACHE_LINE) _Atomic(size_t) unmoved; /* P7 (I6) */
	_Atomic(size_t) refs;	  /* P10: 1 until retired, and 1 for each armed queue (I7) */
	_Atomic(size_t) help;	  /* relaxed: stripes before this one are migrated; a hint */
	_Atomic(bool) overflowed; /* relaxed: there are chunks */
	long base;		  /* keys counted when the table became the snapshot (P1) */
	struct rcu_head rcu;	  /* retires or sweeps the table, once */

	/* A sweep that is under way; sweep.c. */
	struct table *sweep_next;  /* under map->sweep_lock */
	size_t sweep_ticket;	   /* under map->sweep_lock */
	struct table *sweep_table; /* NULL: all is swept */
	size_t sweep_bucket;	   /* the next one of it */
	struct place sweep_at;	   /* the next slot of the one before that */
};

struct allocator {
	void *(*alloc)(size_t size, size_t align, void *ctx);
	void (*free)(void *ptr, size_t size, void *ctx);
	void *ctx;
};

struct rcumap {
	/* Read by every operation. */
	_Atomic(struct table *) snapshot; /* P1: exchanged by promote and clear only (I1) */
	const struct rcu_flavor_struct *flavor;
	size_t key_len;		   /* of every key; 0 = any */
	unsigned short key_offset; /* of the key bytes in an entry */
	unsigned char min_log2;	   /* of the smallest table */
	bool value_link;	   /* values hold a struct rcumap_link at value_offset */
	size_t value_offset;
	uint64_t (*hash)(const void *key, size_t len, uint64_t seed, void *ctx);
	void *hash_ctx;
	void (*value_free)(void *value, void *ctx);
	void *value_ctx;
	struct allocator allocator;

	/* Written now and then. */
	/* P10: 1 until destroyed, 1 for each table, 1 while the idle hand is in flight */
	alignas(CACHE_LINE) _Atomic(size_t) refs;
	_Atomic(bool) resizing;	 /* P11: somebody allocates a dirty table */
	_Atomic(bool) destroyed; /* relaxed: ordered by the grace period that destroy starts */
	_Atomic(bool) *gone;	 /* P13: set when the map is freed; NULL if nobody waits */
	struct rcu_head rcu;	 /* destroys the map, once */
	_Atomic(unsigned int) idle_state; /* P15; idle.c */
	unsigned int idle_failures;	  /* plain: in a row; owned by the idle hand */
	struct rcu_head idle_rcu;	  /* likewise */
	pthread_mutex_t sweep_lock;
	struct table *sweeps; /* under way; under sweep_lock */
	size_t sweep_tickets; /* given out; under sweep_lock */
};

/* check.c: 0, or minus the number of the invariant that does not hold. Takes all stripes. */
int rcumap__check(struct rcumap *map);

#endif
