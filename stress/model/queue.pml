/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * One retire queue, as lib/retire.c has it. Who includes this says what call_rcu_queue() does, and
 * what node_freed(n) has to check.
 *
 * A node's `next` is written only by who pushes it, before it is in the list, and read only by the
 * callback, after: so a push is the load of the head, and one compare-and-swap with the link.
 */
#define NIL 0
#define IDLE 0
#define ARMED 15

byte head;			/* IDLE, ARMED, or the newest node */
byte waiting;			/* the newest node of what the callback will free */
byte next[NODES + 1];
byte freed;			/* nodes, one bit each */
byte in_flight;			/* callbacks of the queue that are under way */
byte table_refs = 1;

#define BIT(n) (1 << (n))
#define TOUCH_TABLE assert(table_refs)

/* queue_push_rcu() */
inline queue_push(node_)
{
	atomic { TOUCH_TABLE; old = head };
	do
	:: atomic {
		old == IDLE ->
		TOUCH_TABLE;
		if
		:: head == IDLE -> head = ARMED; break
		:: else -> old = head
		fi
	   }
	:: atomic {
		old != IDLE ->
		TOUCH_TABLE;
		if
		:: head == old ->
			if
			:: old == ARMED -> next[node_] = NIL
			:: else -> next[node_] = old
			fi;
			head = node_;
			goto pushed
		:: else -> old = head
		fi
	   }
	od;
	atomic { TOUCH_TABLE; table_refs++ };
	atomic {
		assert(!waiting);				/* I7 */
		next[node_] = NIL;
		waiting = node_
	};
	atomic { old = 0; TOUCH_TABLE; arm() };
pushed:
	old = 0
}

/* One call_rcu of the queue's rcu_head is in flight at a time. */
inline arm()
{
	assert(!in_flight);					/* I7 */
	in_flight = 1;
	call_rcu_queue()
}

/* The frees of a batch are one step: nobody else sees its nodes. */
inline nodes_free(first_)
{
	do
	:: first_ ->
		assert(!(freed & BIT(first_)));
		freed = freed | BIT(first_);
		node_freed(first_);
		first_ = next[first_]
	:: else -> break
	od
}

/* retire_cb() */
inline retire_callback()
{
	atomic {
		in_flight = 0;
		TOUCH_TABLE;
		node = waiting;
		nodes_free(node)
	};
	do
	:: atomic {
		TOUCH_TABLE;
#ifdef CONTROL_TAKEN_LEAVING_NULL
		node = head; head = IDLE;
#else
		node = head; head = ARMED;
#endif
		if
		:: node == ARMED -> node = NIL
		:: else
		fi
	   };
	   waiting = node;
#ifdef CONTROL_A_ROUND_EARLY
	   atomic { nodes_free(node); waiting = NIL };
#endif
	   if
	   :: waiting -> atomic { node = 0; arm(); break }
	   :: else
	   fi;
	   atomic {
		TOUCH_TABLE;
		if
#ifdef CONTROL_IDLE_WITHOUT_CAS
		:: true -> head = IDLE; last = 1; break
#else
		:: head == ARMED -> head = IDLE; last = 1; break
#endif
		:: else
		fi
	   }
	od;
	if
	:: last -> atomic { last = 0; node = 0; table_put() }
	:: else
	fi
}

inline table_put()
{
	assert(table_refs);
	table_refs--
}
