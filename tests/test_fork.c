/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_fork.c - a map in a process that forks, with callbacks pending: both processes use it, drain
 * it and destroy it. Compiled once for each flavor of liburcu. The rules are those of rcumap.h: the
 * handlers of liburcu around the fork; with bp other threads outside operations, with the other
 * flavors no other thread registered.
 */
#include "subject.h"

#include <errno.h>
#include <semaphore.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KEYS = 200, CHURNED = 1000000, THREADS = 3, GENERATIONS = 3 };

struct family {
	struct subject subject;
	pthread_mutex_t gate;	    /* held in operations, and while forking */
	_Atomic unsigned int ready; /* threads that keep to it */
};

/* For LeakSanitizer, which takes long: the children count their memory themselves. */
static bool is_child;
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
	return is_child;
}

/*
 * A thread of the parent is none of the child's, but liburcu has it on its list there, except for
 * bp; and its stack, where it is on the list, becomes that of the child's next thread.
 */
static void leave_rcu(void)
{
#if !defined(FLAVOR_BP)
	rcu_unregister_thread();
#endif
}

static void enter_rcu(void)
{
#if !defined(FLAVOR_BP)
	rcu_register_thread();
#endif
}

/*
 * What a program has to do around a fork. The worker is stopped first and started last, and it may
 * be in a grace period: the caller must not hold that up.
 */
static void before_fork(void)
{
	rcu_thread_offline();
	call_rcu_before_fork();
#if defined(FLAVOR_BP)
	urcu_bp_before_fork();
#endif
}

static void after_fork(pid_t pid)
{
	is_child = !pid;
#if defined(FLAVOR_BP)
	if (pid)
		urcu_bp_after_fork_parent();
	else
		urcu_bp_after_fork_child();
#endif
	if (pid)
		call_rcu_after_fork_parent();
	else
		call_rcu_after_fork_child();
	rcu_thread_online();
}

/* A random change of the map, most of which leave something to reclaim. */
static void change(struct subject *s, struct rng *rng)
{
	uint64_t n = rng_below(rng, KEYS), churned = CHURNED + n;

	switch (rng_below(rng, 4)) {
	case 0:
		subject_store(s, n, 2);
		break;
	case 1:
		check_that(rcumap_delete(s->map, &churned, sizeof(churned)) >= 0, "delete failed");
		break;
	default:
		subject_store(s, churned, 1);
	}
}

static void churn(unsigned int index, void *arg)
{
	struct family *f = arg;
	struct rng rng = rng_make((uint64_t)getpid() + index);

	leave_rcu();
	atomic_fetch_add(&f->ready, 1);
	while (!atomic_load(&f->subject.stop)) {
		pthread_mutex_lock(&f->gate);
		enter_rcu();
		for (int i = 0; i < 20; i++)
			change(&f->subject, &rng);
		leave_rcu();
		pthread_mutex_unlock(&f->gate);
		usleep(100);
	}
	enter_rcu();
}

static struct test_threads *start_churn(struct family *f)
{
	struct test_threads *threads;

	atomic_store(&f->subject.stop, false);
	atomic_store(&f->ready, 0);
	threads = test_threads_start(THREADS, churn, f);
	while (atomic_load(&f->ready) < THREADS)
		usleep(100);
	return threads;
}

static void stop_churn(struct family *f, struct test_threads *threads)
{
	atomic_store(&f->subject.stop, true);
	test_threads_join(threads);
}

static int count_visit(const void *key, size_t len, void *value, void *ctx)
{
	uint64_t n;

	check_size(len, sizeof(n));
	memcpy(&n, key, sizeof(n));
	value_check(value, n);
	++*(size_t *)ctx;
	return 0;
}

static void check_whole(struct subject *s)
{
	size_t visits = 0;

	check_invariants(s->map);
	for (uint64_t i = 0; i < KEYS; i++)
		check_that(subject_generation(s, i), "a key is lost");
	check_int(rcumap_range(s->map, count_visit, &visits), 0);
	check_size(visits, rcumap_count(s->map));
}

/* Nothing waits any more: only what is in the map is held. */
static void check_drained(struct subject *s)
{
	size_t keys = rcumap_count(s->map);

	check_int(rcumap_drain(s->map), 0);
	check_size(test_alloc_rest(&s->alloc).blocks, keys);
	check_size(atomic_load(&s->pool.made) - atomic_load(&s->pool.freed), keys);
}

/* What was pending at the fork is reclaimed first, then what is made now. */
static void use(struct subject *s, bool clear)
{
	struct rng rng = rng_make((uint64_t)getpid());

	check_whole(s);
	check_drained(s);
	for (int i = 0; i < 1000; i++)
		change(s, &rng);
	if (clear) {
		check_int(rcumap_clear(s->map), 0);
		for (uint64_t i = 0; i < KEYS; i++)
			subject_store(s, i, 3);
	}
	check_whole(s);
	check_drained(s);
}

static void raise_generation(struct family *f, int generation);

/* What this thread retires goes to a worker of its own from now on. */
static struct call_rcu_data *take_worker(void)
{
	struct call_rcu_data *worker = create_call_rcu_data(0, -1);

	check_that(worker, "there is no worker");
	set_thread_call_rcu_data(worker);
	return worker;
}

/* Parents only: in the child, call_rcu_after_fork_child() has done it. */
static void give_worker_back(struct call_rcu_data *worker)
{
	set_thread_call_rcu_data(NULL);
	rcu_thread_offline();
	call_rcu_data_free(worker);
	rcu_thread_online();
}

/* Forks in the midst of everything: queues armed on two workers, a sweep begun, a migration. */
static void have_child(struct family *f, int generation, size_t child, bool heir)
{
	struct subject *s = &f->subject;
	struct call_rcu_data *worker;
	pid_t pid;

	pthread_mutex_lock(&f->gate);
	worker = take_worker();
	if (child % 3 == 0) {
		check_int(rcumap_clear(s->map), 0);
		for (uint64_t i = 0; i < KEYS; i++)
			subject_store(s, i, 1);
	}
	if (child % 2)
		(void)subject_rekey(s); /* unless it is amended */
	subject_store(s, child, 4);
	before_fork();
	pid = test_fork();
	after_fork(pid);
	pthread_mutex_unlock(&f->gate);
	if (pid) {
		test_await_child(pid);
		give_worker_back(worker);
		return;
	}
	use(s, child % 2);
	if (heir && generation < GENERATIONS)
		raise_generation(f, generation + 1);
	subject_unmake(s);
	exit(EXIT_SUCCESS);
}

static void raise_generation(struct family *f, int generation)
{
	size_t children = test_scale(10, 3);
	struct test_threads *threads = start_churn(f);

	for (size_t child = 0; child < children; child++)
		have_child(f, generation, child, child == children - 1);
	stop_churn(f, threads);
	use(&f->subject, true);
}

static void children_of_three_generations_use_drain_and_destroy_the_map(void **state)
{
	struct family *f = calloc(1, sizeof(*f));

	(void)state;
	check_that(f, "out of memory");
	subject_make(&f->subject, NULL, true, KEYS);
	pthread_mutex_init(&f->gate, NULL);
	raise_generation(f, 1);
	subject_unmake(&f->subject);
	free(f);
}

struct parked {
	sem_t inside, outside, end;
};

/* Holds up the grace period that others wait for, then stays out of the way of the fork. */
static void stay_in_section(unsigned int index, void *arg)
{
	struct parked *parked = arg;

	(void)index;
	rcu_read_lock();
	sem_post(&parked->inside);
	usleep(50000);
	rcu_read_unlock();
	leave_rcu();
	sem_post(&parked->outside);
	while (sem_wait(&parked->end))
		;
	enter_rcu();
}

/* Forks while the reader holds up a grace period; both processes see it end. */
static void fork_with_reader(struct subject *s)
{
	struct parked parked;
	struct test_threads *reader;
	pid_t pid;

	sem_init(&parked.inside, 0, 0);
	sem_init(&parked.outside, 0, 0);
	sem_init(&parked.end, 0, 0);
	reader = test_threads_start(1, stay_in_section, &parked);
	while (sem_wait(&parked.inside))
		;
	for (uint64_t i = 0; i < KEYS; i++)
		check_int(rcumap_delete(s->map, &i, sizeof(i)), 1);
	usleep(20000); /* the worker has come to its grace period by then */
	before_fork();
	while (sem_wait(&parked.outside))
		;
	pid = test_fork();
	after_fork(pid);
	check_drained(s);
	if (!pid) {
		subject_unmake(s);
		exit(EXIT_SUCCESS);
	}
	test_await_child(pid);
	sem_post(&parked.end);
	test_threads_join(reader);
}

static void a_fork_waits_for_the_grace_period_of_the_worker(void **state)
{
	struct subject s;

	(void)state;
	subject_make(&s, NULL, true, KEYS);
	fork_with_reader(&s);
	subject_unmake(&s);
}

#if defined(FLAVOR_BP)
struct waiting {
	_Atomic bool stop;
	_Atomic size_t periods;
};

static void wait_for_grace_periods(unsigned int index, void *arg)
{
	struct waiting *waiting = arg;

	(void)index;
	while (!atomic_load(&waiting->stop)) {
		synchronize_rcu();
		atomic_fetch_add(&waiting->periods, 1);
	}
}

/* Only bp has handlers for that; with the others the child could never have a grace period. */
static void with_bp_a_fork_waits_for_grace_periods_of_other_threads(void **state)
{
	struct waiting waiting = {0};
	struct test_threads *threads;
	struct subject s;

	(void)state;
	subject_make(&s, NULL, true, KEYS);
	threads = test_threads_start(1, wait_for_grace_periods, &waiting);
	while (!atomic_load(&waiting.periods))
		;
	fork_with_reader(&s);
	atomic_store(&waiting.stop, true);
	test_threads_join(threads);
	subject_unmake(&s);
}
#endif

/* Nothing is told to liburcu, and threads are in the midst of operations. */
static void a_child_that_only_execs_needs_no_handlers(void **state)
{
	struct family *f = calloc(1, sizeof(*f));
	struct test_threads *threads;

	(void)state;
	check_that(f, "out of memory");
	subject_make(&f->subject, NULL, true, KEYS);
	pthread_mutex_init(&f->gate, NULL);
	threads = start_churn(f);
	for (int i = 0; i < 10; i++) {
		pid_t pid = test_fork();

		if (!pid) {
			execlp("true", "true", NULL);
			_exit(127);
		}
		test_await_child(pid);
	}
	stop_churn(f, threads);
	use(&f->subject, true);
	subject_unmake(&f->subject);
	free(f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(children_of_three_generations_use_drain_and_destroy_the_map),
		cmocka_unit_test(a_fork_waits_for_the_grace_period_of_the_worker),
#if defined(FLAVOR_BP)
		cmocka_unit_test(with_bp_a_fork_waits_for_grace_periods_of_other_threads),
#endif
		cmocka_unit_test(a_child_that_only_execs_needs_no_handlers),
	};

	test_begin();
	return test_end(cmocka_run_group_tests_name("fork " FLAVOR_NAME, tests, NULL, NULL));
}
