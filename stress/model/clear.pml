/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Clear, and the sweep of what it took: rcumap_clear() and lib/sweep.c.
 *
 * A sweep is one step: a grace period after the exchange nobody is left in the tables that it
 * walks, and those are no longer in the map, so nothing can tell when it does what.
 */
byte swept;			/* the first table of the sweep */
hidden byte of_, bucket_, i_, e_, next_;

/* rcumap_clear(); the seeds of the tables are not modelled, and an empty table can be had. */
inline clear()
{
	atomic {
		section_open();
		swept = snapshot;
		snapshot = CLEARED;			/* LP */
		root++;
		sweep_waits = open
	};
	section_close()
}

#ifdef CONTROL_SWEEP_OF_MOVED
#define TO_SWEEP true
#else
#define TO_SWEEP !(header[BUCKET(of_, at_)] & MOVED)
#endif

/* From sweep_portion() to sweep_end(). */
inline sweep()
{
	of_ = swept;
	do
	:: true ->
		at_ = 0;
		do
		:: at_ < SIZE(of_) ->
			bucket_ = BUCKET(of_, at_);
			i_ = 0;
			e_ = 1;
			do
			:: e_ && TO_SWEEP ->
				bucket_next(bucket_, i_, e_);
				if
				:: e_ ->
					entry_free(e_);
					value_leaves(value[e_])
				:: else
				fi
			:: else -> break
			od;
			at_++
		:: else -> break
		od;
#ifdef CONTROL_SWEEP_FORGETS_DIRTY
		next_ = 0;
#else
		next_ = dirty[of_];
#endif
		table_free(of_);
		if
		:: next_ -> of_ = next_
		:: else -> break
		fi
	od
}
