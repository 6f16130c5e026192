/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Drain: rcumap_drain() against a retire queue, a table's retirement and a sweep in portions, on one
 * worker as liburcu has it. The worker takes its whole list, waits for one grace period, and runs
 * the batch in order; what is called meanwhile waits for the next. rcu_barrier() puts a marker into
 * the list, and returns when that was run.
 *
 * Why three barriers: W1 arms the queue, and stops before call_rcu. W2 pushes, and returns. The
 * first marker comes before the callback in one batch; so the second marker is called before the
 * callback takes W2's node as waiting, and calls itself again after it. Only the third comes after
 * that. One more when a sweep was under way: the callback that ends it leaves the list of sweeps
 * before it gives back the tables.
 *
 * Checked: when drain returns, all that was retired before it was called is freed: nodes whose push
 * had returned; tables, and what a clear took.
 *
 * Bounds: PUSHERS (2) with a node each; a clear, whose sweep takes PORTIONS (5) rounds, and a
 * promoter that retires a table, if SWEEP or TABLE is defined; one drain. Not modelled: several
 * workers (a barrier puts a marker into each of them); weak memory; the lock of the list of sweeps
 * (each hold is a step).
 */
#define PUSHERS 2
#define NODES PUSHERS
#define SWEEPER PUSHERS
#define PROMOTER (PUSHERS + 1)
#define DRAINER (PUSHERS + 2)
#ifndef PORTIONS
#define PORTIONS 5
#endif
#ifdef CONTROL_TWO_BARRIERS
#define BARRIERS 2
#else
#define BARRIERS 3
#endif

mtype = { QUEUE, MARKER, TABLE_RETIRED, SWEEPING };

/* What call_rcu was called for, in order; one of each at a time. */
chan calls = [4] of { mtype };
chan batch = [4] of { mtype };

byte open;
byte open_then;			/* sections that the worker's grace period waits for */
byte returned;			/* pushes, one bit each */
bit marker_run;
bit promoted, table_freed;
bit cleared;
byte sweep_portions;
bit sweep_listed, sweep_freed, sweep_ticket_given;
byte finished;

#define call_rcu_queue() calls!QUEUE
#define node_freed(n) skip

#include "queue.pml"

inline section_close()
{
	atomic {
		open = open & ~BIT(me);
		open_then = open_then & ~BIT(me)
	}
}

proctype pusher(byte me)
{
	byte old;

	open = open | BIT(me);
	queue_push((me + 1));
	atomic {
		section_close();
		returned = returned | BIT(me + 1);
		finished++
	};
end:	false
}

/* rcumap_clear() and rcumap__sweep_start() */
proctype sweeper(byte me)
{
	open = open | BIT(me);
	atomic { sweep_listed = 1; sweep_ticket_given = 1 };
	calls!SWEEPING;
	atomic { section_close(); cleared = 1; finished++ };
end:	false
}

/* promote_rcu(), with a table that has no queue. */
proctype promoter(byte me)
{
	open = open | BIT(me);
	calls!TABLE_RETIRED;
	atomic { section_close(); promoted = 1; finished++ };
end:	false
}

inline barrier()
{
	atomic { marker_run = 0; calls!MARKER };
	marker_run
}

proctype drainer()
{
	byte nodes_then, n;
	bit promoted_then, cleared_then, ticket, sweeping;

	atomic {
		nodes_then = returned;
		promoted_then = promoted;
		cleared_then = cleared;
		ticket = sweep_ticket_given	/* sweeps that began before: that one, or none */
	};
	sweeping = sweep_listed && ticket;
	do
	:: n < BARRIERS -> barrier(); n++
	:: else -> break
	od;
#ifndef CONTROL_DRAIN_IGNORES_SWEEP
	do
	:: sweep_listed && ticket -> barrier()
	:: else -> break
	od;
#ifndef CONTROL_NO_BARRIER_AFTER_SWEEP
	if
	:: sweeping -> barrier()
	:: else
	fi;
#endif
#endif
	atomic {
		assert((freed & nodes_then) == nodes_then);
		assert(!promoted_then || table_freed);
		assert(!cleared_then || sweep_freed);
		finished++
	};
end:	false
}

proctype worker()
{
	byte node;
	bit last;
	mtype call;

end:	do
	:: atomic {
		nempty(calls) ->
		do
		:: calls?call -> batch!call
		:: empty(calls) -> break
		od;
		call = 0;
		open_then = open
	   };
	   !open_then;
	   do
	   :: empty(batch) -> break
	   :: atomic { batch?call ->
		if
		:: call == MARKER -> marker_run = 1
		:: call == TABLE_RETIRED -> table_freed = 1
		:: else
		fi };
		if
		:: call == QUEUE -> retire_callback()
		:: call == SWEEPING ->
			sweep_portions++;
			if
			:: sweep_portions < PORTIONS -> calls!SWEEPING
			:: else ->
				sweep_listed = 0;
				sweep_freed = 1
			fi
		:: else
		fi;
		call = 0
	   od
	od
}

init {
	byte i;

	atomic {
		for (i : 0 .. PUSHERS - 1) { run pusher(i) }
#ifdef SWEEP
		run sweeper(SWEEPER);
#else
		finished++;
#endif
#ifdef TABLE
		run promoter(PROMOTER);
#else
		finished++;
#endif
		run drainer();
		run worker();
		i = 0
	};
	finished == PUSHERS + 3 && timeout;
	assert(freed == (1 << (NODES + 1)) - 2)
}
