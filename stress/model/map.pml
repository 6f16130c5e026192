/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The map: writers, a reader, growth, clear and range over buckets, tables and grace periods, each
 * answer held against an atomic map (spec.pml). config.pml has the bounds, section.pml says what a
 * grace period is here, bucket.pml what a step is.
 *
 * Checked: every answer is linearizable; no access of an entry or table that is freed; each entry
 * is freed once, each value leaves once; at the end no key is lost, nothing is left over, and
 * nothing deadlocks; I1 to I6 of lib/internal.h where they are relied on.
 *
 * Not modelled: weak memory (every step is sequentially consistent); memory given out again; false
 * matches of tags; the count of keys, and when it makes a table grow; entry->hash; the cursors and
 * trylocks of those who help (here they take the stripe and look at each bucket: an unlucky trylock
 * is a helper that did not come); retire queues (retire.pml), the idle hand (idle.pml), drain
 * (drain.pml); destroy.
 */
#include "config.pml"
#include "section.pml"
#include "spec.pml"
#include "bucket.pml"
#include "migrate.pml"
#include "clear.pml"
#include "operations.pml"
#include "range.pml"

byte finished;		/* processes */

/* What is free to choose in a call. */
inline choose()
{
	select_key();
	if
	:: op = STORE
	:: op = DELETE
#ifdef COMPARES
	:: op = LOAD_OR_STORE
	:: op = COMPARE_AND_SWAP
	:: op = COMPARE_AND_DELETE
#endif
	fi;
	if
	:: op == COMPARE_AND_SWAP || op == COMPARE_AND_DELETE ->
		old = 1;
		do
		:: old < ENTRIES -> old++
		:: break
		od
	:: else
	fi
}

inline select_key()
{
	k = 0;
	do
	:: k < KEYS - 1 -> k++
	:: break
	od
}

#define WALK byte t, b, h, tags, w, e, k
#define MOVE byte f, g, i, j, c, held, copies, moved, overflow; bit failed, promoting, busy

proctype writer(byte me)
{
	WALK;
	MOVE;
	byte n, old;
	mtype op;

	do
	:: n < CALLS -> operate(); n++
	:: else -> break
	od;
	finished++;
end:	false
}

proctype reader(byte me)
{
	WALK;
	byte n;

	do
	:: n < LOADS ->
		atomic { select_key(); section_open(); snapshot_load(); spec_call(k) };
		load(n == LOADS - 1);
		n++
	:: else -> break
	od;
	n = 0;
	finished++;
end:	false
}

/*
 * Links a dirty table, behind the table in which an operation of its own ended; and moves what is
 * left, or leaves that to others.
 */
proctype grower(byte me)
{
	byte t, n, times;
	byte b, h, w, k;
	MOVE;

	do
	:: times < MIGRATIONS ->
		atomic { section_open(); snapshot_load() };
		if
		:: atomic { dirty[t] -> t = dirty[t] }
		:: true
		fi;
		if
		:: atomic { t + 1 < TABLES && ROOT(t + 1) == ROOT(t) -> skip };
			migrate_start();
			if
			:: atomic { TOUCH_TABLE(t); w = dirty[t]; };
				if
				:: w -> w = 0; migrate_finish()
				:: else
				fi
			:: true
			fi
		:: else
		fi;
		atomic { failed = 0; t = 0; section_close(); times++ }
	:: else -> break
	od;
	finished++;
end:	false
}

#ifdef CLEAR
proctype clearer(byte me)
{
	clear();
	finished++;
end:	false
}
#endif

#ifdef RANGE
proctype ranger(byte me)
{
	byte t, b, h, w, e, k, n;
	byte copy[3];
	MOVE;

	range();
	finished++;
end:	false
}
#endif

#ifdef CLEAR
#define CLEARERS 1
#else
#define CLEARERS 0
#endif
#ifdef RANGE
#define RANGERS 1
#else
#define RANGERS 0
#endif

hidden byte keys_found;

/* When all is quiet: nothing is lost, nothing is left. */
inline check_all()
{
	d_step {
		assert(!open);
		keys_found = 0;
		entries_live = 0;
		table_live = 0;
		of_ = snapshot;
		do
		:: true ->
			TOUCH_TABLE(of_);
			next_ = 0;
			for (at_ : 0 .. SIZE(of_) - 1) {
				if
				:: !(header[BUCKET(of_, at_)] & MOVED) ->
					next_++;
					check_bucket(BUCKET(of_, at_))
				:: else
				fi
			}
			assert(unmoved[of_] == next_);		/* I6 */
			table_live = table_live | BIT(of_);
			if
			:: dirty[of_] -> of_ = dirty[of_]
			:: else -> break
			fi
		od;
		for (on_ : 0 .. KEYS - 1) {
			assert(!atomic_map[root * KEYS + on_] || (keys_found & BIT(on_)))
		}
		for (on_ : 1 .. ENTRIES) {
			assert(!entry_waits[on_]);
			assert(entry_key[on_] == NO_KEY || (entries_live & BIT(on_)) != (entries_freed & BIT(on_)))
		}
		for (on_ : 0 .. TABLES - 1) {
			if
			:: table_live & BIT(on_) -> assert(!(tables_freed & BIT(on_)))
			:: !(table_live & BIT(on_)) && (on_ == 0 || dirty[on_ - 1] == on_) ->
				assert(tables_freed & BIT(on_))
			:: else
			fi
		}
	}
}

hidden byte table_live;
hidden short entries_live;

inline check_bucket(b_)
{
	bucket_ = b_;
	i_ = 0;
	do
	:: bucket_next(bucket_, i_, e_);
	   if
	   :: e_ ->
		TOUCH_ENTRY(e_);
		assert(!(keys_found & BIT(entry_key[e_])));
		assert(value[e_] && value[e_] == atomic_map[root * KEYS + entry_key[e_]]);
		keys_found = keys_found | BIT(entry_key[e_]);
		entries_live = entries_live | BIT(e_)
	   :: else -> break
	   fi
	od
}

inline setup()
{
	for (on_ : 0 .. PROCESSES - 1) {
		call_key[on_] = NO_KEY
	}
	for (on_ : 0 .. TABLES - 1) {
		unmoved[on_] = SIZE(on_)
	}
	for (on_ : 1 .. ENTRIES) {
		entry_key[on_] = NO_KEY
	}
	for (on_ : 0 .. KEYS - 1) {
		if
		:: PRESENT & BIT(on_) ->
			entry_key[on_ + 1] = on_;
			value[on_ + 1] = on_ + 1;
			atomic_map[on_] = on_ + 1;
			bucket_ = HOME_BUCKET(0, on_);
			i_ = (header[bucket_] & TAG(0) -> 1 : 0);
			assert(!(header[bucket_] & TAG(1)));
			header[bucket_] = header[bucket_] | TAG(i_);
			slot[SLOT(bucket_, i_)] = on_ + 1
		:: else
		fi
	}
	on_ = 0
}

init {
	byte i;

	atomic {
		d_step { setup() };
		for (i : 0 .. WRITERS - 1) { run writer(i) }
#if READERS
		for (i : 0 .. READERS - 1) { run reader(READER(i)) }
#endif
#if MIGRATIONS
		run grower(GROWER);
#endif
#ifdef CLEAR
		run clearer(CLEARER);
#endif
#ifdef RANGE
		run ranger(RANGER);
#endif
		i = 0
	};
	finished == WRITERS + READERS + (MIGRATIONS > 0) + CLEARERS + RANGERS -> check_all()
}
