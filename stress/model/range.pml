/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Range, as lib/range.c does it, and what it promises: a key that is there throughout is visited
 * exactly once, every other at most once, and each with a value that it had meanwhile.
 */
byte range_root;
byte range_missed;	/* keys that were absent at an instant since it began */
byte range_seen;

/* A key becomes absent. */
inline range_absent(root_, k_)
{
	if
	:: root_ == range_root -> range_missed = range_missed | BIT(k_)
	:: else
	fi
}

inline range_begin()
{
	range_root = ROOT(t);
	range_missed = 0;
	d_step {
		for (on_ : 0 .. KEYS - 1) {
			if
			:: !atomic_map[range_root * KEYS + on_] ->
				range_missed = range_missed | BIT(on_)
			:: else
			fi
		}
		on_ = 0
	}
}

/* visit_entry_rcu() of e. */
inline range_visit()
{
	TOUCH_ENTRY(e);
	if
	:: value[e] != DELETED ->
		k = entry_key[e];
		assert(value[e] == atomic_map[range_root * KEYS + k]);
		assert(!(range_seen & BIT(k)));
		range_seen = range_seen | BIT(k);
		k = 0
	:: else
	fi;
	e = 0
}

inline range_end()
{
	d_step {
		for (on_ : 0 .. KEYS - 1) {
			assert((range_seen | range_missed) & BIT(on_))
		}
		on_ = 0
	};
	range_seen = 0;
	range_missed = 0;
	range_root = 0
}

/* copy_chain_rcu() and the visits of bucket n of t; a bucket has no more than three entries. */
inline range_bucket()
{
	b = BUCKET(t, n);
	j = 0;
	do
	:: atomic {
		j < 2 ->
		TOUCH_TABLE(t);
		w = slot[SLOT(b, j)];
		j++;
		if
		:: IS_LINK(w) -> b = LINKED(w); j = 0
#ifdef CONTROL_VISIT_BEFORE_COPIED
		:: w && !IS_LINK(w) -> e = w
#else
		:: w && !IS_LINK(w) -> copies++; copy[copies - 1] = w
#endif
		:: else
		fi;
		w = 0
	   }
#ifdef CONTROL_VISIT_BEFORE_COPIED
	   ;
	   if
	   :: e -> atomic { range_visit() }
	   :: else
	   fi
#endif
	:: j == 2 -> break
	od;
	b = 0;
	j = 0;
	do
	:: atomic {
		i < copies ->
		e = copy[i];
		copy[i] = 0;
		i++;
		range_visit()
	   }
	:: else -> break
	od;
	atomic { i = 0; copies = 0 }
}

/* range_rcu(), with its section. */
inline range()
{
#ifdef CONTROL_SNAPSHOT_BEFORE_SECTION
	t = snapshot;
	atomic { section_open(); range_begin() };
#else
	atomic {
		section_open();
		snapshot_load();
		range_begin()
	};
#endif
#ifndef CONTROL_RANGE_IN_AMENDED
	atomic { TOUCH_TABLE(t); w = dirty[t] };
	if
	:: w ->
		migrate_finish();
		t = w;
		w = 0
	:: else
	fi;
#endif
	n = 0;
	do
	:: failed || n == SIZE(t) -> break
	:: else -> range_bucket(); n++
	od;
	atomic {
		n = 0;
		t = 0;
		if
		:: !failed -> range_end()
		:: else -> failed = 0
		fi;
		section_close()
	}
}
