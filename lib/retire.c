/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Retiring: a lock-free queue for each stripe, drained by call_rcu.
 *
 *	head == IDLE	nothing waits and no callback is in flight
 *	head == ARMED	one callback is in flight (I7), nothing was pushed since it was armed
 *	else		the newest node pushed since, linked to older ones
 *	waiting		what the callback in flight will free: pushed before its grace period began
 *
 * A push that finds the queue idle arms it and makes its node the waiting list; later ones go onto
 * head. The callback frees what waits, takes head as the next waiting list and calls call_rcu
 * again, or goes idle by compare-and-exchange. So one call_rcu is in flight for each queue, however
 * much is retired, and there is no mutex: stores to present keys push too, and a mutex would tie
 * the process's one worker to whatever stopped its holder (a fork, a lock of the caller's).
 *
 * Why nothing is freed early: a node gets onto the waiting list before the call_rcu that frees it,
 * and whoever pushed it had taken it out of the map before. Why nothing stays: a node is pushed
 * while head is not IDLE, hence before the callback in flight goes idle, which it can't do over a
 * node. A node waits four rounds at most: what is left of the one under way, the one that makes it
 * waiting, its own, and one more if whoever armed the queue was stopped before call_rcu.
 *
 * When it has freed something, the callback kicks the map's idle hand (idle.c).
 */
#include "retire.h"

#include "alloc.h"
#include "entry.h"
#include "idle.h"
#include "section.h"
#include "table.h"

/* Nodes are pointers to their link word, with their kind in the two low bits. */
#define KIND_ENTRY ((uintptr_t)0)
#define KIND_NOTE ((uintptr_t)1)
#define KIND_VALUE ((uintptr_t)2)
#define KIND_MASK ((uintptr_t)3)

#define IDLE ((uintptr_t)0)
#define ARMED ((uintptr_t)3)

static void retire_cb(struct rcu_head *rcu);

/* Links @node to @next. The word is the entry's or note's `next`, or the link inside a value. */
static void node_link(uintptr_t node, uintptr_t next)
{
	switch (node & KIND_MASK) {
	case KIND_ENTRY:
		((struct entry *)node)->next = next;
		break;
	case KIND_NOTE:
		((struct note *)(node & ~KIND_MASK))->next = next;
		break;
	case KIND_VALUE:
		((struct rcumap_link *)(node & ~KIND_MASK))->opaque = (void *)next;
		break;
	}
}

static void queue_push_rcu(struct stripe *s, uintptr_t node)
{
	struct retire_queue *q = &s->queue;
	uintptr_t old = load_relaxed(&q->head); /* relaxed: only compared; the CAS orders */

	for (;;) {
		if (old == IDLE) {
			/* P9 observe (acquire): `waiting` and `rcu` are ours now. Pairs with P9 in
			 * retire_cb(). */
			if (cas_acq_rel(&q->head, &old, ARMED))
				break;
		} else {
			node_link(node, old == ARMED ? 0 : old);
			/* P8 publish (release): the node is linked. Pairs with P8 in
			 * retire_cb(). */
			if (cas_acq_rel(&q->head, &old, node))
				return;
		}
	}
	/* relaxed: the table's own reference outlives our section. */
	add_relaxed(&s->table->refs, 1);
	node_link(node, 0);
	invariant(!q->waiting); /* I7 */
	q->waiting = node;
	seam(SEAM_ARMED);
	s->table->map->flavor->update_call_rcu(&q->rcu, retire_cb);
}

struct note *rcumap__retire_note_new(const struct rcumap *map)
{
	return rcumap__alloc_small(&map->allocator, sizeof(struct note));
}

void rcumap__retire_note_free(const struct rcumap *map, struct note *note)
{
	if (note)
		rcumap__free(&map->allocator, note, sizeof(*note));
}

void rcumap__retire_entry_rcu(struct stripe *s, struct entry *e, void *value)
{
	seam(SEAM_RETIRE_ENTRY);
	if (s->table->map->value_free)
		*entry_dead_value(e) = value;
	queue_push_rcu(s, (uintptr_t)e | KIND_ENTRY);
}

void rcumap__retire_value_rcu(struct stripe *s, void *value, struct note *note)
{
	const struct rcumap *map = s->table->map;

	if (note) {
		seam(SEAM_RETIRE_NOTE);
		note->value = value;
		queue_push_rcu(s, (uintptr_t)note | KIND_NOTE);
	} else if (map->value_link) {
		seam(SEAM_RETIRE_VALUE);
		queue_push_rcu(s, ((uintptr_t)value + map->value_offset) | KIND_VALUE);
	}
}

/* Frees one node; returns the next. */
static uintptr_t node_free(const struct rcumap *map, uintptr_t node)
{
	void *ptr = (void *)(node & ~KIND_MASK);
	struct entry *e = ptr;
	struct note *note = ptr;
	struct rcumap_link *link = ptr;
	uintptr_t next = 0;

	switch (node & KIND_MASK) {
	case KIND_ENTRY:
		next = e->next;
		if (map->value_free)
			map->value_free(*entry_dead_value(e), map->value_ctx);
		rcumap__entry_free(map, e);
		break;
	case KIND_NOTE:
		next = note->next;
		map->value_free(note->value, map->value_ctx);
		rcumap__retire_note_free(map, note);
		break;
	case KIND_VALUE:
		next = (uintptr_t)link->opaque;
		map->value_free((char *)ptr - map->value_offset, map->value_ctx);
		break;
	}
	return next;
}

static void retire_cb(struct rcu_head *rcu)
{
	struct stripe *s = container_of(rcu, struct stripe, queue.rcu);
	struct retire_queue *q = &s->queue;
	struct rcumap *map = s->table->map;
	uintptr_t node = q->waiting;
	uintptr_t idle;

	seam(SEAM_RETIRE_CB);
	rcumap__nowait_enter();
	while (node)
		node = node_free(map, node);
	rcumap__nowait_leave();
	rcumap__idle_kick(map);

	do {
		/* P8 observe (acquire): the nodes are linked. Pairs with P8 in queue_push_rcu(). */
		q->waiting = exchange_acquire(&q->head, ARMED);
		if (q->waiting == ARMED)
			q->waiting = 0;
		if (q->waiting) {
			map->flavor->update_call_rcu(&q->rcu, retire_cb);
			return;
		}
		seam(SEAM_IDLE);
		idle = ARMED;
		/* P9 publish (release): we are done with `waiting` and `rcu`. Pairs with P9 in
		 * queue_push_rcu(). */
	} while (!cas_acq_rel(&q->head, &idle, IDLE));
	seam(SEAM_WENT_IDLE);
	rcumap__table_put(s->table); /* nothing of the table may be touched after this */
}
