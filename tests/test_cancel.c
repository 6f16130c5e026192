/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_cancel.c - deferred cancellation, requested before an operation and in its midst: no
 * operation is a cancellation point, so each one finishes, and no stripe stays locked.
 */
#include "seams.h"
#include "subject.h"

#include <errno.h>
#include <unistd.h>

enum { KEYS = 40, ABSENT = 1000000, BEFORE = SEAMS };

/* Where the request comes, in the thread that runs @operation. */
struct victim {
	struct subject *subject;
	void (*operation)(struct subject *s);
	unsigned int at; /* a seam, or BEFORE */
	bool requested, finished;
};

static _Thread_local struct victim *self;

static void request(struct victim *v)
{
	v->requested = true;
	check_int(pthread_cancel(pthread_self()), 0); /* takes effect at a cancellation point */
}

static void request_at_seam(enum rcumap_seam at)
{
	if (self && self->at == at && !self->requested)
		request(self);
}

static int visit_nothing(const void *key, size_t len, void *value, void *ctx)
{
	(void)key, (void)len, (void)value, (void)ctx;
	return 0;
}

/*
 * The operations, each of which must give its answer. The keys 0 to KEYS - 1 are there before, and
 * after.
 */

static void op_load(struct subject *s)
{
	check_that(subject_generation(s, 3), "a key is lost");
}

static void op_store(struct subject *s)
{
	subject_store(s, 3, 2);
	subject_store(s, ABSENT, 1);
}

static void op_swap(struct subject *s)
{
	uint64_t n = 4, absent = ABSENT + 1;
	void *old;

	check_int(rcumap_swap(s->map, &n, 8, value_new(&s->pool, n, 2), &old), 1);
	check_int(rcumap_swap(s->map, &absent, 8, value_new(&s->pool, absent, 1), &old), 0);
}

static void op_load_or_store(struct subject *s)
{
	uint64_t n = 5, absent = ABSENT + 2;
	struct value *unused = value_new(&s->pool, n, 2);

	check_int(rcumap_load_or_store(s->map, &n, 8, unused, NULL), 1);
	value_free(unused, &s->pool);
	check_int(rcumap_load_or_store(s->map, &absent, 8, value_new(&s->pool, absent, 1), NULL),
		  0);
}

static void op_compare_and_swap(struct subject *s)
{
	uint64_t n = 6;

	rcu_read_lock();
	check_int(rcumap_compare_and_swap(s->map, &n, 8, rcumap_load(s->map, &n, 8),
					  value_new(&s->pool, n, 2)),
		  1);
	rcu_read_unlock();
}

static void op_delete(struct subject *s)
{
	uint64_t n = 7;

	check_int(rcumap_delete(s->map, &n, 8), 1);
	check_int(rcumap_delete(s->map, &n, 8), 0);
	subject_store(s, n, 1);
}

static void op_compare_and_delete(struct subject *s)
{
	uint64_t n = 8;

	rcu_read_lock();
	check_int(rcumap_compare_and_delete(s->map, &n, 8, rcumap_load(s->map, &n, 8)), 1);
	rcu_read_unlock();
	subject_store(s, n, 1);
}

static void op_range(struct subject *s)
{
	check_int(rcumap_range(s->map, visit_nothing, NULL), 0);
}

static void op_clear(struct subject *s)
{
	check_int(rcumap_clear(s->map), 0);
	for (uint64_t i = 0; i < KEYS; i++)
		subject_store(s, i, 1);
}

static void op_drain(struct subject *s)
{
	subject_store(s, 9, 2);
	check_int(rcumap_drain(s->map), 0);
}

static void op_count(struct subject *s)
{
	check_that(rcumap_count(s->map) >= KEYS, "the count is too low");
}

static void op_create_and_destroy(struct subject *s)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct rcumap *map;

	test_alloc_attr(&attr, &s->alloc);
	check_int(rcumap_create(&map, &attr), 0);
	check_int(rcumap_destroy(map), 0);
	check_int(rcumap_create(&map, &attr), 0);
	check_int(rcumap_destroy_wait(map), 0);
}

static void (*const operations[])(struct subject *s) = {
	op_load,
	op_store,
	op_swap,
	op_load_or_store,
	op_compare_and_swap,
	op_delete,
	op_compare_and_delete,
	op_range,
	op_clear,
	op_drain,
	op_count,
	op_create_and_destroy,
};
enum { OPERATIONS = sizeof(operations) / sizeof(*operations) };

/* If an operation were a cancellation point, this would end in its midst. */
static void *victim_main(void *arg)
{
	struct victim *v = arg;

	rcu_register_thread();
	if (v->at == BEFORE)
		request(v);
	self = v;
	v->operation(v->subject);
	self = NULL;
	v->finished = true;
	rcu_unregister_thread();
	pthread_testcancel();
	return NULL;
}

/* Nothing is locked or lost: everybody can do everything. */
static void check_works(struct subject *s)
{
	check_invariants(s->map);
	for (uint64_t i = 0; i < KEYS; i++)
		check_that(subject_generation(s, i), "a key is lost");
	for (uint64_t i = 0; i < 3; i++)
		check_that(rcumap_delete(s->map, &(uint64_t){ABSENT + i}, 8) >= 0, "no delete");
	check_size(rcumap_count(s->map), KEYS);
}

static void check_nothing_leaked(struct subject *s)
{
	check_int(rcumap_drain(s->map), 0);
	check_size(test_alloc_rest(&s->alloc).blocks, KEYS);
	subject_unmake(s);
}

/* Returns whether the operation came to the point. */
static bool cancel(struct subject *s, void (*operation)(struct subject *s), unsigned int at)
{
	struct victim v = {.subject = s, .operation = operation, .at = at};
	pthread_t thread;
	void *end;

	if (at != BEFORE)
		(void)subject_rekey(s); /* so that there is something to move; unless amended */
	check_int(pthread_create(&thread, NULL, victim_main, &v), 0);
	check_int(pthread_join(thread, &end), 0);
	check_that(v.finished, "cancelled in the midst of an operation");
	check_ptr(end, v.requested ? PTHREAD_CANCELED : NULL);
	check_works(s);
	return v.requested;
}

static void an_operation_with_a_cancellation_pending_finishes(void **state)
{
	struct subject s;

	(void)state;
	for (int link = 0; link < 2; link++) {
		subject_make(&s, NULL, link, KEYS);
		for (size_t o = 0; o < OPERATIONS; o++)
			check_that(cancel(&s, operations[o], BEFORE), "no request was made");
		check_nothing_leaked(&s);
	}
}

static void an_operation_cancelled_in_its_midst_finishes(void **state)
{
	struct subject s;

	(void)state;
	subject_make(&s, NULL, false, KEYS);
	rcumap__seam_hook = request_at_seam;
	for (unsigned int at = 0; at < SEAMS; at++) {
		size_t came = 0;

		for (size_t o = 0; o < OPERATIONS; o++)
			came += cancel(&s, operations[o], at);
		check_that(came || !seam_is_common(at), "no operation came to seam %u", at);
	}
	rcumap__seam_hook = NULL;
	check_nothing_leaked(&s);
}

/* Cancelled while they wait: for a stripe, and for grace periods. */

static void *wait_main(void *arg)
{
	struct victim *v = arg;

	rcu_register_thread();
	v->operation(v->subject);
	v->finished = true;
	rcu_unregister_thread();
	pthread_testcancel();
	return NULL;
}

static void cancel_while_it_waits(struct subject *s, void (*operation)(struct subject *s),
				  void (*begin)(struct subject *s), void (*end)(struct subject *s))
{
	struct victim v = {.subject = s, .operation = operation};
	pthread_t thread;
	void *status;

	begin(s);
	check_int(pthread_create(&thread, NULL, wait_main, &v), 0);
	usleep(20000); /* it waits by then */
	check_int(pthread_cancel(thread), 0);
	usleep(20000);
	end(s);
	check_int(pthread_join(thread, &status), 0);
	check_that(v.finished, "cancelled in the midst of an operation");
	check_ptr(status, PTHREAD_CANCELED);
	check_works(s);
}

static void hold_stripes(struct subject *s)
{
	struct table *t = subject_snapshot(s);

	for (size_t i = 0; i < (size_t)1 << t->stripes_log2; i++)
		pthread_mutex_lock(&t->stripes[i].lock);
}

static void release_stripes(struct subject *s)
{
	struct table *t = subject_snapshot(s);

	for (size_t i = 0; i < (size_t)1 << t->stripes_log2; i++)
		pthread_mutex_unlock(&t->stripes[i].lock);
}

static void enter_section(struct subject *s)
{
	(void)s;
	rcu_read_lock();
}

static void leave_section(struct subject *s)
{
	(void)s;
	rcu_read_unlock();
}

static void an_operation_cancelled_while_it_waits_finishes(void **state)
{
	struct subject s;

	(void)state;
	subject_make(&s, NULL, true, KEYS);
	check_int(rcumap_drain(s.map), 0);
	cancel_while_it_waits(&s, op_delete, hold_stripes, release_stripes);
	cancel_while_it_waits(&s, op_drain, enter_section, leave_section);
	cancel_while_it_waits(&s, op_create_and_destroy, enter_section, leave_section);
	check_nothing_leaked(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_operation_with_a_cancellation_pending_finishes),
		cmocka_unit_test(an_operation_cancelled_in_its_midst_finishes),
		cmocka_unit_test(an_operation_cancelled_while_it_waits_finishes),
	};

	test_begin();
	return test_end(cmocka_run_group_tests_name("cancel", tests, NULL, NULL));
}
