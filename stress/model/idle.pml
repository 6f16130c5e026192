/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The idle hand, lib/idle.c: who kicks it, when it rests, and that the last delete's work is done.
 *
 * Deleters each count in a stripe of their own, then retire; a callback of that stripe's queue
 * kicks the hand, each queue on a worker of its own. The map is due to shrink once more for every
 * two deletes, or if it is amended. The hand links, and does portions; trylocks may fail. Where it
 * is called, its worker is: that of the kick, then its own. With DESTROY, the map is destroyed
 * when the deleters are done: the hand must not touch a table that is swept, and the last reference
 * frees the map. Grace periods as in section.pml.
 *
 * Checked: one callback of the hand in flight; when all is quiet, the map is not due and the hand
 * rests; no access of a swept table or a freed map; the map is freed in the end.
 *
 * Bounds: 2 deleters with DELETES (2) deletes each, 2 workers. Not modelled: what a shrink does
 * (map.pml); rounds without memory, after 8 of which the hand gives up; other helpers; weak memory.
 */
#ifndef DELETES
#define DELETES 2
#endif
#define DELETERS 2
#define WORKER(n) (DELETERS + (n))
#define DESTROYER (2 * DELETERS)
#define BIT(n) (1 << (n))

mtype = { RESTING, WORKING, KICKED };

byte open;
mtype idle_state = RESTING;
byte deleted[DELETERS];		/* the counts of the stripes */
byte shrinks;
bit amended;
bit armed[DELETERS], pushed[DELETERS];
byte queue_waits[DELETERS];
bit hand_in_flight;
byte hand_waits, hand_worker;
bit destroyed, destroying, swept;
byte destroy_waits;
byte table_refs = 1, map_refs = 2;	/* the table's own; the map's own, and one for the table */
byte finished;

hidden byte on_;

#define TOUCH_MAP assert(map_refs)
#define TOUCH_TABLE assert(map_refs && !swept)

inline section_open()
{
	open = open | BIT(me)
}

inline section_close()
{
	d_step {
		open = open & ~BIT(me);
		for (on_ : 0 .. DELETERS - 1) {
			queue_waits[on_] = queue_waits[on_] & ~BIT(me)
		}
		hand_waits = hand_waits & ~BIT(me);
		destroy_waits = destroy_waits & ~BIT(me);
		on_ = 0
	}
}

inline map_put()
{
	assert(map_refs);
	map_refs--
}

inline table_put()
{
	assert(table_refs);
	table_refs--;
	if
	:: !table_refs -> map_put()
	:: else
	fi
}

inline call_rcu_hand()
{
	TOUCH_MAP;
	assert(!hand_in_flight);
	hand_in_flight = 1;
	hand_waits = open;
	hand_worker = me
}

/* rcumap__migrate_due_rcu(): the counts are read one by one. */
inline read_due()
{
	atomic { TOUCH_TABLE; due = amended };
	if
	:: !due ->
		atomic { TOUCH_TABLE; sum = deleted[0] };
		atomic {
			TOUCH_TABLE;
			sum = sum + deleted[1];
			due = sum >= 2 * (shrinks + 1);
			sum = 0
		}
	:: else
	fi
}

/* rcumap__idle_kick() */
inline kick()
{
	atomic { TOUCH_MAP; state = idle_state };
	atomic {
#ifndef CONTROL_DUE_WITHOUT_SECTION
		section_open();
#endif
		due = 0;
		cancelled = destroyed
	};
	if
	:: !cancelled -> read_due()
	:: else
	fi;
	section_close();
	if
	:: !due -> state = 0
	:: else ->
#ifdef CONTROL_KICK_WITHOUT_CAS
		if
		:: state == RESTING -> idle_state = WORKING
		:: else -> idle_state = KICKED
		fi;
#else
		do
		:: atomic {
			TOUCH_MAP;
			if
			:: idle_state == state && state == RESTING -> idle_state = WORKING; break
			:: idle_state == state && state != RESTING ->
#ifndef CONTROL_KICK_IS_LOST_IN_WORK
				idle_state = KICKED;
#endif
				break
			:: else -> state = idle_state
			fi
		   }
		od;
#endif
		if
		:: state == RESTING ->
			atomic { TOUCH_MAP; map_refs++ };
			atomic { state = 0; call_rcu_hand() }
		:: else -> state = 0
		fi
	fi;
	due = 0;
	cancelled = 0
}

/* idle_cb() and idle_work() */
inline idle_callback()
{
	atomic { hand_in_flight = 0; TOUCH_MAP; idle_state = WORKING };
#ifdef CONTROL_FLAG_BEFORE_SECTION
	cancelled = destroyed;
	section_open();
#else
	atomic { section_open(); cancelled = destroyed };
#endif
	if
	:: !cancelled ->
		read_due();
		if
		:: due && !amended -> atomic { TOUCH_TABLE; amended = 1 }
		:: else
		fi;
		if
		:: due -> atomic { TOUCH_TABLE; amended = 0; shrinks++ }
		:: due			/* a stripe was taken, or there was more than a portion */
		:: !due
		fi
	:: else
	fi;
	section_close();
	cancelled = 0;
	if
	:: due -> atomic { due = 0; call_rcu_hand() }
	:: else ->
		atomic {
			TOUCH_MAP;
			if
#ifdef CONTROL_REST_WITHOUT_CAS
			:: true -> idle_state = RESTING; rests = 1
#else
			:: idle_state == WORKING -> idle_state = RESTING; rests = 1
#endif
			:: else
			fi
		};
		if
		:: rests -> atomic { rests = 0; map_put() }
		:: else -> atomic { call_rcu_hand() }
		fi
	fi
}

proctype deleter(byte me)
{
	byte n;

	do
	:: n < DELETES ->
		atomic { section_open(); deleted[me]++ };
		atomic {
			if
			:: armed[me] -> pushed[me] = 1
			:: else -> armed[me] = 1; table_refs++; queue_waits[me] = open
			fi;
			section_close()
		};
		n++
	:: else -> break
	od;
	finished++;
end:	false
}

proctype worker(byte me)
{
	mtype state;
	byte sum;
	bit due, cancelled, rests;
	byte queue = me - DELETERS;

end:	do
	:: armed[queue] && !queue_waits[queue] ->
		kick();
		atomic {
			if
			:: pushed[queue] -> pushed[queue] = 0; queue_waits[queue] = open
			:: else -> armed[queue] = 0; table_put()
			fi
		}
	:: hand_in_flight && !hand_waits && hand_worker == me -> idle_callback()
	:: atomic {
		destroying && !destroy_waits && queue == 0 ->
		destroying = 0;
		swept = 1;
		map_put();
		table_put()
	   }
	od
}

/* destroy(), and destroy_cb() in a worker. */
proctype destroyer(byte me)
{
	finished == DELETERS;
	atomic { section_open(); destroyed = 1 };
	atomic { destroying = 1; destroy_waits = open; section_close(); finished++ };
end:	false
}

init {
	byte i;

	atomic {
		for (i : 0 .. DELETERS - 1) { run deleter(i); }
		for (i : 0 .. DELETERS - 1) { run worker(WORKER(i)) }
#ifdef DESTROY
		run destroyer(DESTROYER);
#endif
		i = 0
	};
#ifdef DESTROY
	finished == DELETERS + 1 && timeout;
	assert(!map_refs)
#else
	finished == DELETERS && timeout;
	assert(!amended && shrinks == DELETES);
	assert(idle_state == RESTING && map_refs == 2)
#endif
}
