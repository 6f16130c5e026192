/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Migration, as lib/migrate.c does it: link, copy, set moved, count, promote.
 *
 * Who wants memory for an overflow bucket may be refused it at any copy (OUT_OF_MEMORY), as if
 * others had filled the chain before; the library is refused only if the chain is full.
 */
byte snapshot;
byte dirty[TABLES];	/* 0: none */
byte unmoved[TABLES];
bit resizing;

#define COPY_HOME HOME(dirty[t], entry_key[c])
#define COPY_STRIPE STRIPE(dirty[t], COPY_HOME)
#define CAN_HOLD(s) (held == 1 + (s) || !stripe_lock[s])

/* Takes one stripe of the dirty table, in the step that is about to write there. */
inline mover_hold(s_)
{
	assert(!held || held == 1 + (s_));
	stripe_lock[s_] = 1;
	held = 1 + (s_)
}

/* Goes on to the next entry, and gives the stripe back if that needs another. */
inline copy_next()
{
	bucket_next(g, i, c);
	if
	:: c && held && held != 1 + COPY_STRIPE -> mover_release()
	:: else
	fi
}

inline mover_release()
{
	if
	:: held -> UNLOCK(held - 1); held = 0
	:: else
	fi
}

/* Begins with bucket f_ of t, in the step that has taken its stripe. */
inline copy_begin(f_)
{
	f = f_;
	g = f;
	i = 0;
	bucket_next(g, i, c)
}

/*
 * The first part of migrate_bucket_locked(): all copies, or none and `failed`. What copy_end() does
 * comes after, in a step of the caller's that goes on to unlock.
 */
inline copy_bucket()
{
#ifdef CONTROL_MOVED_BEFORE_COPIES
	header[f] = header[f] | MOVED;
#endif
	do
	:: !c || failed -> break
#ifdef CONTROL_TRYLOCK_DIRTY
	:: atomic { c && !failed && !CAN_HOLD(COPY_STRIPE) -> mover_release(); failed = 1 }
#endif
	:: atomic {
		c && !failed && CAN_HOLD(COPY_STRIPE) ->
		mover_hold(COPY_STRIPE);
		TOUCH_TABLE(dirty[t]);
		b = BUCKET(dirty[t], COPY_HOME);
		bucket_room(b, j);
#ifdef OUT_OF_MEMORY
		if
		:: failed = 1
		:: true
		fi;
#endif
		if
		:: !failed -> bucket_publish_begin(dirty[t], c)
		:: else -> b = 0; j = 0
		fi
	   };
	   if
	   :: !failed ->
		bucket_extend();
		atomic {
			bucket_publish_end(c);
			copies++;
			copy_next()
		}
	   :: else
	   fi
	od;
#ifndef CONTROL_NO_UNDO
	if
	:: failed && copies ->
		atomic { g = f; i = 0; copy_next() };
		do
#ifdef CONTROL_TRYLOCK_DIRTY
		:: atomic { !CAN_HOLD(COPY_STRIPE) -> break }
#endif
		:: atomic {
			copies && CAN_HOLD(COPY_STRIPE) ->
			mover_hold(COPY_STRIPE);
			b = BUCKET(dirty[t], COPY_HOME);
			bucket_find(b, j, c);
			bucket_withdraw_begin()
		   };
		   atomic {
			bucket_withdraw_end();
			copies--;
			if
			:: !copies -> break
			:: else -> copy_next()
			fi
		   }
		od
	:: else
	fi
#endif
}

/* The bucket is moved, or stays what it was. */
inline copy_end()
{
	if
	:: !failed ->
		TOUCH_TABLE(t);
		header[f] = header[f] | MOVED;
		moved++
	:: else
	fi;
	mover_release();
	f = 0; g = 0; i = 0; c = 0; copies = 0
}

/* rcumap__migrate_settle_rcu() and promote_rcu(); the key counts are not modelled. */
inline settle()
{
	if
	:: moved ->
		atomic {
			TOUCH_TABLE(t);
			assert(unmoved[t] >= moved);		/* I6 */
			unmoved[t] = unmoved[t] - moved;
			moved = 0;
			promoting = !unmoved[t]
		}
	:: else
	fi;
	if
	:: promoting ->
		atomic {
			promoting = 0;
			TOUCH_TABLE(t);
			if
#ifdef CONTROL_PLAIN_PROMOTION
			:: true ->
#else
			:: snapshot == t ->
#endif
				snapshot = dirty[t];
				table_retire(t)
			:: else
			fi
		}
	:: else
	fi
}

/* migrate_start_rcu() on t; what it links is t + 1. */
inline migrate_start()
{
	atomic { failed = resizing; resizing = 1 };
	if
	:: !failed ->
		atomic {
			failed = (snapshot != t);
#ifdef CONTROL_LINK_BEHIND_ANY
			failed = 0
#endif
		};
		atomic { TOUCH_TABLE(t); failed = failed || dirty[t] };
		if
		:: !failed ->
			atomic { assert(!dirty[t]); dirty[t] = t + 1 }	/* I1 */
		:: else
		fi;
		resizing = 0
	:: else
	fi;
	failed = 0
}

/* rcumap__migrate_finish_rcu() on t, whose stripes are taken anew for each bucket. */
inline migrate_finish()
{
	n = 0;
	do
	:: n < SIZE(t) && !failed ->
		atomic {
			LOCK(STRIPE(t, n));
			TOUCH_TABLE(t);
			if
			:: header[BUCKET(t, n)] & MOVED -> UNLOCK(STRIPE(t, n))
			:: else -> copy_begin(BUCKET(t, n)); busy = 1
			fi
		};
		if
		:: busy ->
			copy_bucket();
			atomic { copy_end(); UNLOCK(STRIPE(t, n)); busy = 0 }
		:: else
		fi;
		n++
	:: else -> break
	od;
	n = 0;
	settle()
}
