/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Sections and grace periods.
 *
 * What is retired is freed at the very instant at which the last of the sections that were open at
 * its retirement ends: no grace period can be shorter. Nothing freed is given out again, and every
 * access asserts that what it touches is not freed. So if no access fails here, none fails under
 * any longer grace period.
 *
 * For the same reason a section is opened in the same step as the first access inside it, closed
 * in the same step as the last, and a thing is retired in the same step as the last store before
 * it: each of these only makes a free come earlier.
 */
byte open;				/* one bit for each process that is inside a section */
byte entry_waits[ENTRIES + 1];		/* retired: the sections that its grace period waits for */
byte table_waits[TABLES];		/* likewise */
byte sweep_waits;			/* likewise, for the sweep of what a clear took */
short entries_freed;			/* one bit each */
byte tables_freed;
short values_gone;			/* values that have left the map, one bit each */

hidden byte on_, at_;			/* of loops inside a step */

#define BIT(n) (1 << (n))

/* Every access of a table, an entry: */
#define TOUCH_TABLE(t) assert(!(tables_freed & BIT(t)))
#define TOUCH_ENTRY(e) assert(!(entries_freed & BIT(e)))

inline section_open()
{
	open = open | BIT(me)
}

/* value_free would be called for it, after a grace period: once. */
inline value_leaves(v_)
{
	assert(!(values_gone & BIT(v_)));
	values_gone = values_gone | BIT(v_)
}

inline entry_free(e_)
{
	assert(!(entries_freed & BIT(e_)));
	entries_freed = entries_freed | BIT(e_)
}

/* What is freed is filled with zeros, so that states do not differ in it. */
inline table_free(t_)
{
	assert(!(tables_freed & BIT(t_)));
	tables_freed = tables_freed | BIT(t_);
	for (at_ : 0 .. WIDTH - 1) {
		header[BUCKET(t_, at_)] = 0;
		slot[SLOT(BUCKET(t_, at_), 0)] = 0;
		slot[SLOT(BUCKET(t_, at_), 1)] = 0
	}
	at_ = 0
}

inline entry_retire(e_)
{
	assert(!entry_waits[e_] && (open & BIT(me)));
	entry_waits[e_] = open
}

inline table_retire(t_)
{
	assert(!table_waits[t_] && (open & BIT(me)));
	table_waits[t_] = open
}

inline section_close()
{
	d_step {
		open = open & ~BIT(me);
		for (on_ : 1 .. ENTRIES) {
			if
			:: entry_waits[on_] ->
				entry_waits[on_] = entry_waits[on_] & ~BIT(me);
				if
				:: !entry_waits[on_] -> entry_free(on_)
				:: else
				fi
			:: else
			fi
		}
		for (on_ : 0 .. TABLES - 1) {
			if
			:: table_waits[on_] ->
				table_waits[on_] = table_waits[on_] & ~BIT(me);
				if
				:: !table_waits[on_] -> table_free(on_)
				:: else
				fi
			:: else
			fi
		}
		if
		:: sweep_waits ->
			sweep_waits = sweep_waits & ~BIT(me);
			if
			:: !sweep_waits -> sweep()
			:: else
			fi
		:: else
		fi
		on_ = 0
	}
}
