/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The operations on keys, as lib/map.c has them.
 */
mtype = { STORE, DELETE, LOAD_OR_STORE, COMPARE_AND_SWAP, COMPARE_AND_DELETE };

/* The snapshot, as the first access of a call. */
inline snapshot_load()
{
	t = snapshot;
	TOUCH_TABLE(t);
	assert(ROOT(t) == root)		/* nobody comes back behind a clear */
}

/* rcumap_load(), in a section. The last one closes it. */
inline load(last_)
{
	atomic {
		section_open();
		snapshot_load();
		spec_call(k)
	};
	probe();
	atomic {
		if
		:: e -> TOUCH_ENTRY(e); spec_read(value[e])	/* LP of a hit, or of DELETED */
		:: else -> spec_read(0)
		fi;
		e = 0; t = 0;
		spec_return();
		if
		:: last_ -> section_close()
		:: else
		fi
	}
}

/*
 * Locks the stripe of the bucket where the key lives, from t on, as lock_home_rcu() does; and looks
 * for the key there, as probe_locked() does.
 */
inline lock_home_and_probe()
{
	do
	:: atomic {
		LOCK(STRIPE(t, HOME(t, k)));
		TOUCH_TABLE(t);
		if
#ifdef CONTROL_MOVED_NOT_READ_AGAIN
		:: true ->
#else
		:: !dirty[t] ->
#endif
			probe_locked();
			break
#ifndef CONTROL_MOVED_NOT_READ_AGAIN
		:: dirty[t] && (header[HOME_BUCKET(t, k)] & MOVED) ->
			UNLOCK(STRIPE(t, HOME(t, k)));
			t = dirty[t]
		:: else ->
			copy_begin(HOME_BUCKET(t, k));
			busy = 1
#endif
		fi
	   };
	   if
	   :: busy ->
		copy_bucket();
		atomic {
			copy_end();
			busy = 0;
			if
			:: failed -> failed = 0; probe_locked(); break
			:: else -> UNLOCK(STRIPE(t, HOME(t, k)))
			fi
		};
		settle();
		t = dirty[t]
	   :: else
	   fi
	od
}

/* Ends a call in its last step. */
inline call_end()
{
	b = 0; j = 0; e = 0; w = 0;
	t = 0;
	spec_return();
	section_close()
}

#define HERE STRIPE(t, HOME(t, k))

/*
 * Replaces the value of e: replace_rcu(). Ends the call, unlocking if locked_; or goes on after it
 * if the value is DELETED and that is no answer.
 */
inline replace(locked_)
{
	atomic {
		TOUCH_ENTRY(e);
		w = value[e];
		if
		:: (w == DELETED && op == COMPARE_AND_SWAP) || (w && (op == LOAD_OR_STORE ||
		   (op == COMPARE_AND_SWAP && w != old))) ->
			spec_read(w);	/* LP of a load, or of a comparison that fails */
			if
			:: locked_ -> UNLOCK(HERE)
			:: else
			fi;
			call_end();
			goto returned
		:: else
		fi
	};
	do
	:: w == DELETED -> break
	:: atomic {
		w != DELETED ->
		TOUCH_ENTRY(e);
		if
#ifdef CONTROL_EXCHANGE
		:: true ->
			w = value[e];
			value[e] = FRESH(me, n);
			if
			:: w == DELETED -> break
			:: else
			fi;
#else
		:: value[e] == w ->
			value[e] = FRESH(me, n);
#endif
			spec_update(w, FRESH(me, n));	/* LP of a store to a present key */
			value_leaves(w);
			if
			:: locked_ -> UNLOCK(HERE)
			:: else
			fi;
			call_end();
			goto returned
		:: else ->
			w = value[e];
			if
			:: op == COMPARE_AND_SWAP ->
				spec_read(w);
				if
				:: locked_ -> UNLOCK(HERE)
				:: else
				fi;
				call_end();
				goto returned
			:: else
			fi
		fi
	   }
	od
}

/* put_rcu() and rcumap_compare_and_swap(). */
inline put()
{
	if
	:: e -> replace(0)
	:: !e && op == COMPARE_AND_SWAP ->
		atomic { spec_read(0); call_end(); goto returned }
	:: else
	fi;
	lock_home_and_probe();
#ifdef CONTROL_NOT_LOOKED_AGAIN
	atomic { e = 0; b = 0; i = 0 };
#endif
	if
	:: e ->
		atomic { b = 0; i = 0 };
		replace(1);
		assert(false)				/* I5 */
	:: else
	fi;
	atomic {
		i = 0;
		b = HOME_BUCKET(t, k);
		bucket_room(b, j);
		entry_key[FRESH(me, n)] = k;
		value[FRESH(me, n)] = FRESH(me, n);
		bucket_publish_begin(t, FRESH(me, n))
	};
	bucket_extend();
	atomic {
		spec_update(0, FRESH(me, n));		/* LP of an insert */
		bucket_publish_end(FRESH(me, n));
		UNLOCK(HERE);
		call_end()
	}
}

/* remove_rcu(). */
inline remove()
{
	if
	:: e ->
		atomic {
			TOUCH_ENTRY(e);
			w = value[e];
			if
			:: w == DELETED || (op == COMPARE_AND_DELETE && w != old) ->
				spec_read(w);
				call_end();
				goto returned
			:: else -> w = 0
			fi
		}
	:: else -> atomic { spec_read(0); call_end(); goto returned }
	fi;
	lock_home_and_probe();
	if
	:: !e ->
		atomic {
			assert(!SPEC(me));
			UNLOCK(HERE);
			i = 0;
			call_end();
			goto returned
		}
	:: else
	fi;
	atomic {
		j = i;
		i = 0;
		TOUCH_ENTRY(e);
		w = value[e];
		if
		:: op == COMPARE_AND_DELETE && w != old ->
			spec_read(w);
			UNLOCK(HERE);
			call_end();
			goto returned
		:: else ->
#ifdef CONTROL_COMPARE_THEN_EXCHANGE
			skip
		fi
	};
	atomic {
		if
		:: true ->
#endif
			value[e] = DELETED;		/* LP of a delete */
			spec_update(w, 0);
			value_leaves(w);
			w = 0
		fi
	};
#ifdef CONTROL_RETIRED_IN_ITS_SLOT
	entry_retire(e);
#endif
	bucket_withdraw_begin();
	atomic {
		bucket_withdraw_end();
		UNLOCK(HERE);
#ifndef CONTROL_RETIRED_IN_ITS_SLOT
		entry_retire(e);
#endif
		call_end()
	}
}

/* Call n of this writer. */
inline operate()
{
	atomic {
		choose();
		section_open();
		snapshot_load();
		spec_call(k)
	};
	probe();
	if
	:: op == DELETE || op == COMPARE_AND_DELETE -> remove()
	:: else -> put()
	fi;
returned:
	atomic { op = 0; k = 0; old = 0 }
}
