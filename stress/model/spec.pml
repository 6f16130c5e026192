/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The atomic map: what the map's answers are held against.
 *
 * Updates take effect here in the same step as at their linearization point in the map: the
 * compare-and-swap of a value, the store of a slot, the exchange for DELETED. There the value that
 * they replace, or absence, must be what the atomic map holds. A value that is read must be the
 * one that it holds at that instant: if not DELETED, a value word is always the latest.
 *
 * A miss has no fixed point: it takes effect at the load of a header, or just after the delete that
 * caused it. So each operation that is under way notes whether its key was absent at any instant
 * since it began; a miss needs that. Loads are judged one by one, which suffices: an order of all
 * operations exists if every load has an instant between its call and its return at which its
 * answer was right, because loads change nothing. A hit followed by a miss, with no delete in
 * between, fails: the second load began when the key was there.
 *
 * A call begins here with the load of the snapshot, and ends with its last access: the shorter its
 * interval, the stronger the check.
 *
 * Clear. There is an atomic map for each root: for the tables that came from the first, and for
 * those from the one that a clear put in. An operation belongs to the root that it read. Take all
 * operations of the old root by their points, then the clear, then those of the new root: that
 * order contradicts no return-before-call, because who read the old root did so before the clear
 * took effect. What has to be checked is that nobody reads the old root afterwards (snapshot_load()).
 */
byte atomic_map[ROOTS * KEYS];	/* 0: absent */
byte root;			/* clears so far */
byte call_key[PROCESSES];	/* the key of the operation under way, and its root */
byte call_root[PROCESSES];
byte was_absent;		/* one bit for each operation: its key was, since it began */

#define NO_KEY 15
#define SPEC(p) atomic_map[call_root[p] * KEYS + call_key[p]]

/* In the step in which the snapshot was read. */
inline spec_call(k_)
{
	call_key[me] = k_;
	call_root[me] = ROOT(t);
	if
	:: !SPEC(me) -> was_absent = was_absent | BIT(me)
	:: else -> was_absent = was_absent & ~BIT(me)
	fi
}

inline spec_return()
{
	call_key[me] = NO_KEY;
	call_root[me] = 0;
	was_absent = was_absent & ~BIT(me)
}

/* An answer that changed nothing: the value v_ was read, or the key was missed (0). */
inline spec_read(v_)
{
	if
	:: v_ -> assert(v_ == SPEC(me))
	:: else -> assert(was_absent & BIT(me))
	fi
}

/* From was_ to v_, now. */
inline spec_update(was_, v_)
{
	assert(was_ == SPEC(me));
	SPEC(me) = v_;
	if
	:: !v_ -> d_step {
		for (on_ : 0 .. PROCESSES - 1) {
			if
			:: call_key[on_] == call_key[me] && call_root[on_] == call_root[me] ->
				was_absent = was_absent | BIT(on_)
			:: else
			fi
		}
		on_ = 0;
		range_absent(call_root[me], call_key[me])
	   }
	:: else
	fi
}
