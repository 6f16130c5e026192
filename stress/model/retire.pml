/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The retire queue of one stripe: pushers, the callback, and the table that the queue lives in.
 *
 * Grace periods as in section.pml: one ends at the instant at which the last of the sections that
 * were open at its call_rcu has ended. The worker runs what is due at any time after.
 *
 * Each pusher takes nodes out of the map and pushes them, in one section or in one each; another
 * process has sections only, in which it might hold what was in the map when they began. The table
 * is retired when all nodes are out, by who took the last one out, as a promoter would after it.
 *
 * Checked: a node is freed once, and not before every section that was open when it left the map
 * has ended; one callback at a time; nothing stays in the queue; the table is not touched after its
 * last reference went, and is freed at the end.
 *
 * Bounds: PUSHERS (3) with NODES_EACH (1) nodes, a section's process with two sections. Not
 * modelled: several queues and several workers (each queue has one callback at a time, and they
 * share nothing but references), the kick of the idle hand (idle.pml), weak memory.
 */
#ifndef PUSHERS
#define PUSHERS 3
#endif
#ifndef NODES_EACH
#define NODES_EACH 1
#endif
#define NODES (PUSHERS * NODES_EACH)
#define BYSTANDER PUSHERS

byte open;			/* sections */
byte leaving_waits[NODES + 1];	/* sections that were open when a node left the map */
byte queue_waits;		/* those that the callback waits for */
byte table_waits;
byte left;			/* nodes taken out so far */
bit table_retired;
byte finished;

#define call_rcu_queue() queue_waits = open
#define node_freed(n) assert(!leaving_waits[n])

#include "queue.pml"

hidden byte on_;

inline section_close()
{
	d_step {
		open = open & ~BIT(me);
		for (on_ : 1 .. NODES) {
			leaving_waits[on_] = leaving_waits[on_] & ~BIT(me)
		}
		queue_waits = queue_waits & ~BIT(me);
		table_waits = table_waits & ~BIT(me);
		on_ = 0
	}
}

proctype pusher(byte me)
{
	byte n, old;

	do
	:: n < NODES_EACH ->
		atomic {
			n++;
			open = open | BIT(me);
			left++;
			leaving_waits[me * NODES_EACH + n] = open
		};
		queue_push((me * NODES_EACH + n));
		if
		:: atomic { left == NODES && !table_retired -> table_retired = 1; table_waits = open }
		:: else
		fi;
		section_close()
	:: else -> break
	od;
	n = 0;
	finished++;
end:	false
}

proctype bystander(byte me)
{
	open = open | BIT(me);
	section_close();
	open = open | BIT(me);
	section_close();
	finished++;
end:	false
}

proctype worker()
{
	byte node;
	bit last, table_gone;

end:	do
	:: in_flight && !queue_waits -> retire_callback()
	:: atomic { table_retired && !table_waits && !table_gone -> table_gone = 1; table_put() }
	od
}

init {
	byte i;

	atomic {
		for (i : 0 .. PUSHERS - 1) { run pusher(i) }
		run bystander(BYSTANDER);
		run worker();
		i = 0
	};
	finished == PUSHERS + 1 && timeout;
	assert(freed == (1 << (NODES + 1)) - 2);
	assert(!table_refs)
}
