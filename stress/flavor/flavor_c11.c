/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * c11: a flavor of RCU in nothing but C11 atomics, for tests under ThreadSanitizer.
 *
 * ThreadSanitizer sees neither liburcu 0.13's inline assembly nor its fences, so it knows of no
 * order between a section and the grace period that waits for it, and would report every free. Here
 * each edge that RCU promises is a load that reads from a store, and there is none besides that
 * matters: no fence (ThreadSanitizer does not model them), no mutex (it would order threads that
 * RCU does not order, and hide races), and no read-modify-write of a word that two sides share
 * (it would pass on to each what the others did).
 *
 * A reader has a word that is odd inside a section, even outside, and never has a value twice. Who
 * waits for a grace period has a word that it counts up.
 *
 *	enter	store(reader, odd)	seq_cst
 *		load(each waiter)	seq_cst
 *	leave	store(reader, even)	release
 *	wait	store(waiter, next)	seq_cst
 *		load(each reader)	seq_cst; if odd, acquire until it has another value
 *
 * Of the four seq_cst accesses of a reader and a waiter, one load comes after the other's store:
 *
 * G1  The reader's load does. It reads from the waiter's store, or from a later one, so all that
 *     was done before the grace period began, the unlinking above all, happens-before the section.
 * G2  Else the waiter's load does. It finds the section, and waits for the store that ends it, so
 *     the section happens-before the end of the grace period. Sections that ended before likewise.
 *
 * That is the whole of RCU's promise. What there is more: a waiter may read from the store that
 * enters the reader's next section, and is then ordered after what the reader did up to there; and
 * who takes over a word comes after who gave it back, as with the mutex of any registry.
 *
 * Workers are as liburcu's: each takes its whole queue, waits for one grace period, and runs what
 * it took in order; a callback that calls call_rcu queues to the worker that it runs on. Sections
 * nest. Threads must register, at most READERS at a time; who breaks a promise aborts.
 */
#include <pthread.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "flavors.h"

/* Workers are few. Other threads that wait for grace periods share the words that are left. */
enum { READERS = 256, WAITERS = 8, WORKERS = FLAVOR_WORKERS, LINE = 64 };

enum { POLL_US = 1000, WAIT_US = 20 };

struct word {
	alignas(LINE) _Atomic(uint64_t) count;
	_Atomic(bool) used;
};

/* The name is liburcu's, which leaves it to the flavor what a worker is. */
struct call_rcu_data {
	alignas(LINE) _Atomic(struct rcu_head *) queue; /* newest first */
	struct word *waiter;
};

static struct word readers[READERS];
static struct word waiters[WAITERS]; /* the first ones are the workers' */
static struct call_rcu_data workers[WORKERS];

static _Thread_local struct word *self; /* NULL: not registered */
static _Thread_local unsigned int depth;
static _Thread_local struct call_rcu_data *my_worker; /* NULL: the default one */

static void promised(bool kept, const char *what)
{
	if (kept)
		return;
	fprintf(stderr, "flavor c11: %s\n", what);
	abort();
}

static void nap(unsigned int us)
{
	struct timespec t = {us / 1000000, us % 1000000 * 1000};

	nanosleep(&t, NULL);
}

/* The first word from @from on that nobody has, or NULL. */
static struct word *word_take(struct word *words, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (!atomic_exchange_explicit(&words[i].used, true, memory_order_acq_rel))
			return &words[i];
	return NULL;
}

static void word_give_back(struct word *word)
{
	atomic_store_explicit(&word->used, false, memory_order_release);
}

/* What the word's owner counts next; nobody else writes it. */
static uint64_t word_next(const struct word *word)
{
	return atomic_load_explicit(&word->count, memory_order_relaxed) + 1;
}

static void c11_register_thread(void)
{
	promised(!self, "a thread registers twice");
	self = word_take(readers, 0, READERS);
	promised(self, "too many threads");
}

static void c11_unregister_thread(void)
{
	promised(self && !depth, "a thread unregisters in a section, or twice");
	word_give_back(self);
	self = NULL;
}

static void c11_read_lock(void)
{
	promised(self, "a section of a thread that is not registered");
	if (depth++)
		return;
	atomic_store_explicit(&self->count, word_next(self), memory_order_seq_cst); /* G2 */
	for (size_t i = 0; i < WAITERS; i++)
		(void)atomic_load_explicit(&waiters[i].count, memory_order_seq_cst); /* G1 */
}

static void c11_read_unlock(void)
{
	promised(depth, "a section is left that was not entered");
	if (--depth)
		return;
	atomic_store_explicit(&self->count, word_next(self), memory_order_release); /* G2 */
}

static int c11_read_ongoing(void)
{
	return depth > 0;
}

static void c11_nothing(void)
{
}

static void reader_wait(struct word *reader)
{
	uint64_t count = atomic_load_explicit(&reader->count, memory_order_seq_cst); /* G2 */

	if (!(count & 1))
		return;
	while (atomic_load_explicit(&reader->count, memory_order_acquire) == count) /* G2 */
		nap(WAIT_US);
}

/* Words that nobody has are even, and count as readers that are outside. */
static void grace_period(struct word *waiter)
{
	promised(!depth, "a grace period is waited for in a section");
	atomic_store_explicit(&waiter->count, word_next(waiter), memory_order_seq_cst); /* G1 */
	for (size_t i = 0; i < READERS; i++)
		reader_wait(&readers[i]);
}

static void c11_synchronize(void)
{
	struct word *waiter;

	while (!(waiter = word_take(waiters, WORKERS, WAITERS)))
		nap(WAIT_US);
	grace_period(waiter);
	word_give_back(waiter);
}

static struct rcu_head *head_next(struct rcu_head *head)
{
	return (struct rcu_head *)head->next.next;
}

static void head_link(struct rcu_head *head, struct rcu_head *next)
{
	head->next.next = (struct cds_wfcq_node *)next;
}

/*
 * Release, which later pushes carry on since they are read-modify-writes: whoever takes the queue
 * has seen what all pushers did.
 */
static void worker_push(struct call_rcu_data *worker, struct rcu_head *head)
{
	struct rcu_head *old = atomic_load_explicit(&worker->queue, memory_order_relaxed);

	do
		head_link(head, old);
	while (!atomic_compare_exchange_weak_explicit(&worker->queue, &old, head,
						      memory_order_release, memory_order_relaxed));
}

/* The whole queue, oldest first. */
static struct rcu_head *worker_take(struct call_rcu_data *worker)
{
	struct rcu_head *head =
		atomic_exchange_explicit(&worker->queue, NULL, memory_order_acquire);
	struct rcu_head *batch = NULL;

	while (head) {
		struct rcu_head *next = head_next(head);

		head_link(head, batch);
		batch = head;
		head = next;
	}
	return batch;
}

static void batch_run(struct rcu_head *batch)
{
	while (batch) {
		struct rcu_head *head = batch;

		batch = head_next(head); /* the callback may queue the head again, or free it */
		head->func(head);
		promised(!depth, "a callback left a section open");
	}
}

static void *worker_main(void *arg)
{
	my_worker = arg;
	c11_register_thread();
	for (;;) {
		struct rcu_head *batch = worker_take(my_worker);

		if (batch) {
			grace_period(my_worker->waiter);
			batch_run(batch);
		}
		nap(POLL_US);
	}
	return NULL;
}

static void workers_start(void)
{
	for (size_t i = 0; i < WORKERS; i++) {
		pthread_t thread;

		workers[i].waiter = &waiters[i];
		promised(!pthread_create(&thread, NULL, worker_main, &workers[i]), "no thread");
		pthread_detach(thread);
	}
}

static struct call_rcu_data *c11_default_worker(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, workers_start);
	return &workers[0];
}

/* Hands out the workers that run already. */
static struct call_rcu_data *c11_create_worker(unsigned long flags, int cpu)
{
	static _Atomic(unsigned int) created;
	unsigned int i = atomic_fetch_add_explicit(&created, 1, memory_order_relaxed);

	(void)flags; /* there are none */
	(void)cpu;   /* wherever it likes */
	c11_default_worker();
	promised(i + 1 < WORKERS, "too many workers");
	return &workers[i + 1];
}

static void c11_set_worker(struct call_rcu_data *worker)
{
	my_worker = worker;
}

static void c11_call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	promised(self, "call_rcu by a thread that is not registered");
	head->func = func;
	worker_push(my_worker ? my_worker : c11_default_worker(), head);
}

/* What a barrier queues to each worker. */
struct marker {
	struct rcu_head head;
	_Atomic(unsigned int) *left;
};

static void marker_cb(struct rcu_head *head)
{
	struct marker *marker = (struct marker *)head;

	/* Release, which later markers carry on: the waiter has seen what all workers did. */
	atomic_fetch_sub_explicit(marker->left, 1, memory_order_release);
}

static void c11_barrier(void)
{
	struct marker markers[WORKERS];
	_Atomic(unsigned int) left = WORKERS;

	promised(!depth, "a barrier is waited for in a section");
	c11_default_worker();
	for (size_t i = 0; i < WORKERS; i++) {
		markers[i].left = &left;
		markers[i].head.func = marker_cb;
		worker_push(&workers[i], &markers[i].head);
	}
	while (atomic_load_explicit(&left, memory_order_acquire))
		nap(WAIT_US);
}

static const struct rcu_flavor_struct c11 = {
	.read_lock = c11_read_lock,
	.read_unlock = c11_read_unlock,
	.read_ongoing = c11_read_ongoing,
	.read_quiescent_state = c11_nothing,
	.update_call_rcu = c11_call_rcu,
	.update_synchronize_rcu = c11_synchronize,
	.thread_offline = c11_nothing,
	.thread_online = c11_nothing,
	.register_thread = c11_register_thread,
	.unregister_thread = c11_unregister_thread,
	.barrier = c11_barrier,
};

const struct flavor flavor_c11 = {
	.name = "c11",
	.rcu = &c11,
	.default_worker = c11_default_worker,
	.create_worker = c11_create_worker,
	.set_worker = c11_set_worker,
};
