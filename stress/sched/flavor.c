/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * flavor.c - a flavor of RCU in which grace periods end at every legal moment; see flavor.h.
 *
 * A section is open from the first step on a shared word that is made in it, and closed as soon as
 * the last one is made: later and sooner than the code says, but nobody can tell, and it lets grace
 * periods end that would otherwise not. call_rcu is a step, because it matters which sections are
 * open at that moment.
 */
#include "flavor.h"

#include <string.h>

#include <urcu/call-rcu.h>
#include <urcu/flavor.h>

#include "machine.h"
#include "state.h"

enum { CALLBACKS = 24, WORKERS = 2 };

struct callback {
	struct rcu_head *head; /* NULL: a barrier's marker */
	void (*func)(struct rcu_head *head);
	unsigned char waits_for; /* threads whose sections have not ended, a bit for each */
	unsigned char marks;	 /* the thread that waits in the barrier */
};

static struct {
	struct queue {
		unsigned int n;
		struct callback callback[CALLBACKS];
	} queue[WORKERS];
	unsigned char depth[THREADS]; /* of sections, as the code says */
	unsigned char markers[THREADS];
	unsigned char open; /* threads whose section is open, a bit for each */
	unsigned char workers;
} rcu;

STATE(rcu);

void flavor_reset(unsigned int workers)
{
	memset(&rcu, 0, sizeof(rcu));
	rcu.workers = (unsigned char)workers;
}

void flavor_step(enum thread_id id)
{
	if (rcu.depth[id])
		rcu.open |= (unsigned char)(1 << id);
}

void flavor_open_all(void)
{
	for (enum thread_id i = 0; i < THREADS; i++)
		flavor_step(i);
}

void flavor_lock(void)
{
	rcu.depth[machine_running()]++;
}

void flavor_unlock(void)
{
	enum thread_id id = machine_running();
	unsigned char others = (unsigned char)~(1 << id);

	if (!rcu.depth[id]) {
		machine_fail("a section is left that was not entered");
		return;
	}
	if (--rcu.depth[id])
		return;
	machine_mark();
	rcu.open &= others;
	for (unsigned int w = 0; w < rcu.workers; w++)
		for (unsigned int i = 0; i < rcu.queue[w].n; i++)
			rcu.queue[w].callback[i].waits_for &= others;
}

static int ongoing(void)
{
	return rcu.depth[machine_running()];
}

static struct queue *queue_of(enum thread_id id)
{
	return &rcu.queue[rcu.workers == 2 && (id == THREAD_B || id == THREAD_X)];
}

static bool queued(const struct rcu_head *head)
{
	for (unsigned int w = 0; w < rcu.workers; w++)
		for (unsigned int i = 0; i < rcu.queue[w].n; i++)
			if (rcu.queue[w].callback[i].head == head)
				return true;
	return false;
}

static void add(struct queue *q, struct callback callback)
{
	if (q->n == CALLBACKS) {
		machine_fail("more than %d callbacks wait", CALLBACKS);
		return;
	}
	callback.waits_for = rcu.open;
	q->callback[q->n++] = callback;
}

static void mock_call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	machine_access(&memory.rcu, ACCESS_UPDATE, "call_rcu", "call_rcu");
	if (!memory_alive(head))
		machine_fail("call_rcu with a head whose memory is free");
	if (queued(head))
		machine_fail("call_rcu with a head that waits already");
	add(queue_of(machine_running()), (struct callback){.head = head, .func = func});
}

static struct callback take(struct queue *q)
{
	struct callback callback = q->callback[0];

	q->n--;
	memmove(&q->callback[0], &q->callback[1], q->n * sizeof(callback));
	memset(&q->callback[q->n], 0, sizeof(callback));
	return callback;
}

static void invoke(const struct callback *callback)
{
	if (!callback->head) {
		rcu.markers[callback->marks]--;
		return;
	}
	if (!memory_alive(callback->head))
		machine_fail("a callback's head is in memory that is free");
	callback->func(callback->head);
	if (ongoing())
		machine_fail("a callback has left a section open");
}

static bool callback_ready(enum thread_id self)
{
	const struct queue *q = &rcu.queue[self - THREAD_W];

	return q->n && !q->callback[0].waits_for;
}

/* A function of its own, so that nothing of the last callback stays on the stack. */
static __attribute__((noinline)) void invoke_next(struct queue *q)
{
	struct callback callback = take(q);

	invoke(&callback);
}

void flavor_worker_run(enum thread_id self)
{
	for (;;) {
		machine_wait(callback_ready);
		invoke_next(&rcu.queue[self - THREAD_W]);
	}
}

void flavor_settle(void)
{
	for (unsigned int w = 0; w < WORKERS; w++)
		while (rcu.queue[w].n)
			invoke_next(&rcu.queue[w]);
}

static bool barrier_done(enum thread_id self)
{
	return !rcu.markers[self];
}

static void mock_barrier(void)
{
	enum thread_id id = machine_running();

	machine_access(&memory.rcu, ACCESS_UPDATE, "barrier", "barrier");
	if (ongoing())
		machine_fail("a barrier in a section would wait for itself");
	for (unsigned int w = 0; w < rcu.workers; w++) {
		add(&rcu.queue[w], (struct callback){.marks = (unsigned char)id});
		rcu.markers[id]++;
	}
	machine_wait(barrier_done);
}

static void nothing(void)
{
}

unsigned int flavor_callbacks(void)
{
	return rcu.queue[0].n + rcu.queue[1].n;
}

unsigned int flavor_sections(enum thread_id id)
{
	return rcu.depth[id];
}

struct call_rcu_data *flavor_worker(void)
{
	return NULL;
}

/* Of the kind that knows sections and nothing of threads, like memb. */
const struct rcu_flavor_struct flavor_mock = {
	.read_lock = flavor_lock,
	.read_unlock = flavor_unlock,
	.read_ongoing = ongoing,
	.read_quiescent_state = nothing,
	.update_call_rcu = mock_call_rcu,
	.update_synchronize_rcu = mock_barrier,
	.thread_offline = nothing,
	.thread_online = nothing,
	.register_thread = nothing,
	.unregister_thread = nothing,
	.barrier = mock_barrier,
};
