/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * machine.c - threads that run one step at a time, as they are told; see machine.h.
 *
 * Sharing. A word is shared if one thread writes it and another touches it, at any time in any
 * execution of the case that was explored; freeing a block writes all of its words. At first no word
 * is known to be shared. Whenever a word turns out to be, the exploration, once at its end, is made
 * anew (explore.c), until none does. Then no execution at all has another shared word: take one, and
 * its first access that conflicts with an earlier one of another thread on a word that is not known
 * to be shared. Up to there it is equivalent to an execution in which threads are preempted only
 * before steps on words that are known. That one was explored, or one that leads to the same state;
 * and there both accesses would have been seen.
 */
#undef _FORTIFY_SOURCE /* its longjmp() takes jumping to another stack for a mistake */
#include "machine.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

#include "flavor.h"
#include "state.h"

enum { LOCALS = 16, STEPS_MAX = 20000, FAILURE_SIZE = 400 };

struct thread {
	jmp_buf context;
	char *low; /* the live part of the stack begins here */
	bool exists, finished, waiting;
	bool (*ready)(enum thread_id self); /* NULL: does not wait */
	const pthread_mutex_t *mutex;	    /* its next step is to lock this one */
	unsigned int held;		    /* mutexes */
	char locals[LOCALS];
};

static struct thread threads[THREADS];
static struct {
	unsigned int steps[THREADS], mark[THREADS], ticks;
} count;
static enum thread_id running = THREAD_SETUP;

STATE(threads);
TALLY(count);

void (*machine_on_step)(enum thread_id id);

static bool exploring, stop_always, share_all, hurry, tracing, failed;
static char failure[FAILURE_SIZE];
static jmp_buf explorer; /* where machine_run() was called */

/*
 * Sharing
 */

static uint8_t readers[sizeof(memory)], writers[sizeof(memory)];
static bool shared[sizeof(memory)], sharing_grew;

static size_t word_of(const volatile void *p)
{
	return (size_t)((const volatile char *)p - (const volatile char *)&memory);
}

static bool counts(enum thread_id id)
{
	return exploring && id != THREAD_SETUP && id != THREAD_F;
}

static void touch(enum thread_id id, const volatile void *p, enum access kind)
{
	size_t word = word_of(p);
	uint8_t all;

	if (!counts(id) || word >= sizeof(memory) || shared[word])
		return;
	if (kind == ACCESS_LOAD)
		readers[word] |= (uint8_t)(1 << id);
	else
		writers[word] |= (uint8_t)(1 << id);
	all = readers[word] | writers[word];
	if (writers[word] && (all & (all - 1)))
		shared[word] = sharing_grew = true;
}

static bool is_shared(const volatile void *p, size_t size)
{
	size_t word = word_of(p);

	if (share_all)
		return true;
	if (word >= sizeof(memory))
		return false;
	return size == 1 ? shared[word] : memchr(&shared[word], true, size) != NULL;
}

void machine_sharing_reset(void)
{
	memset(readers, 0, sizeof(readers));
	memset(writers, 0, sizeof(writers));
	memset(shared, 0, sizeof(shared));
	shared[word_of(&memory.rcu)] = true;
	shared[word_of(&memory.clock)] = true;
}

bool machine_sharing_grew(void)
{
	bool grew = sharing_grew;

	sharing_grew = false;
	return grew;
}

/*
 * Switching
 */

/* Variables that the library has once for each thread; the linker names the section's ends. */
extern char __start_machine_locals[] __attribute__((weak));
extern char __stop_machine_locals[] __attribute__((weak));

static size_t locals_size(void)
{
	return (size_t)(__stop_machine_locals - __start_machine_locals);
}

/* Where the frame of the caller ends, or a few bytes lower. */
static __attribute__((noinline)) char *end_of_frame(void)
{
	return __builtin_frame_address(0);
}

static __attribute__((noinline)) void stop(struct thread *t)
{
	t->low = end_of_frame();
	if (!_setjmp(t->context))
		_longjmp(explorer, 1);
}

static void entry(int id)
{
	void (*run)(enum thread_id self);

	memcpy(&run, threads[id].locals, sizeof(run));
	memset(threads[id].locals, 0, LOCALS);
	stop(&threads[id]);
	run((enum thread_id)id);
	/* Nothing is to remain that depends on where it stopped last. */
	memset(&threads[id].context, 0, sizeof(threads[id].context));
	threads[id].finished = true;
	threads[id].low = memory.stack[id] + STACK_SIZE;
	_longjmp(explorer, 1);
}

const char *machine_unusable(void)
{
#if !defined(HAVE_MAKECONTEXT)
	return "the C library has no makecontext()";
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	return "this sanitizer does not know our stacks";
#elif defined(__has_feature)
	bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);

	return sanitized ? "this sanitizer does not know our stacks" : NULL;
#else
	return NULL;
#endif
}

void machine_reset(void)
{
	memset(threads, 0, sizeof(threads));
	memset(&count, 0, sizeof(count));
	running = THREAD_SETUP;
	exploring = failed = false;
}

#ifdef HAVE_MAKECONTEXT
static void enter(enum thread_id id)
{
	ucontext_t context;

	getcontext(&context);
	context.uc_stack.ss_sp = memory.stack[id];
	context.uc_stack.ss_size = STACK_SIZE;
	makecontext(&context, (void (*)(void))entry, 1, (int)id);
	setcontext(&context);
}
#else
static void enter(enum thread_id id)
{
	(void)id, (void)entry;
	abort(); /* machine_unusable() */
}
#endif

void machine_start(enum thread_id id, void (*run)(enum thread_id self))
{
	memset(memory.stack[id], 0, STACK_SIZE);
	threads[id] = (struct thread){.exists = true};
	memcpy(threads[id].locals, &run, sizeof(run)); /* a pointer does not fit an int */
	if (!_setjmp(explorer))
		enter(id);
}

void machine_run_on(enum thread_id id)
{
	hurry = true;
	machine_run(id);
	hurry = false;
}

/* The thread has stopped. */
static void leave(struct thread *t)
{
	memcpy(t->locals, __start_machine_locals, locals_size());
	running = THREAD_SETUP;
	if (t->low < memory.stack[t - threads])
		machine_fail("a stack has overflowed");
}

void machine_run(enum thread_id id)
{
	memcpy(__start_machine_locals, threads[id].locals, locals_size());
	running = id;
	if (!_setjmp(explorer))
		_longjmp(threads[running].context, 1);
	leave(&threads[running]);
}

void machine_park(void)
{
	stop(&threads[running]);
}

void machine_wait(bool (*ready)(enum thread_id self))
{
	threads[running].ready = ready;
	threads[running].waiting = true;
	stop(&threads[running]);
	threads[running].waiting = false;
	threads[running].ready = NULL;
}

void machine_fail(const char *format, ...)
{
	va_list args;

	if (!failed) {
		va_start(args, format);
		vsnprintf(failure, sizeof(failure), format, args);
		va_end(args);
	}
	failed = true;
	if (running != THREAD_SETUP)
		_longjmp(explorer, 1);
}

static void on_signal(int signal)
{
	static const char set_up[] = "a signal in the set-up of a case\n";

	machine_fail("%s", signal == SIGABRT ? "an assertion does not hold" : "a wild pointer");
	if (write(STDERR_FILENO, set_up, sizeof(set_up) - 1) < 0)
		_exit(3);
	_exit(2);
}

void machine_catch_signals(void)
{
	static char stack[64 << 10];
	stack_t alternate = {.ss_sp = stack, .ss_size = sizeof(stack)};
	struct sigaction action = {.sa_handler = on_signal,
				   .sa_flags = (int)(SA_ONSTACK | SA_NODEFER)};

	sigaltstack(&alternate, NULL);
	sigaction(SIGABRT, &action, NULL);
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
}

const char *machine_failure(void)
{
	return failed ? failure : NULL;
}

/*
 * Steps
 */

static const char *const kinds[] = {"load", "store", "update", "free"};

static bool stops(enum thread_id id, const volatile void *p, size_t size)
{
	return counts(id) && !hurry && (stop_always || is_shared(p, size));
}

/* The step is made now. */
static void make_step(enum thread_id id, const volatile void *p, size_t size, const char *kind,
		      const char *what, const char *where)
{
	if (id == THREAD_SETUP)
		return;
	count.steps[id]++;
	if (++count.ticks > STEPS_MAX)
		machine_fail("no end after %d steps", STEPS_MAX);
	if (is_shared(p, size) || !exploring) {
		machine_mark();
		flavor_step(id);
		if (machine_on_step)
			machine_on_step(id);
	}
	if (tracing)
		printf("%c%-4u %-6s %-28s %s\n", machine_name(id), count.steps[id], kind, what,
		       where);
}

void machine_access(const volatile void *p, enum access kind, const char *what, const char *where)
{
	enum thread_id id = running;

	touch(id, p, kind);
	if (stops(id, p, 1))
		stop(&threads[id]);
	make_step(id, p, 1, kinds[kind], what, where);
	if (!memory_alive(p))
		machine_fail("%s of %s in %s: the memory is free", kinds[kind], what, where);
}

void machine_access_block(const void *p, size_t size, const char *where)
{
	enum thread_id id = running;

	for (size_t i = 0; i < size && counts(id); i++)
		touch(id, (const char *)p + i, ACCESS_FREE);
	if (stops(id, p, size))
		stop(&threads[id]);
	make_step(id, p, size, kinds[ACCESS_FREE], "a block", where);
}

/*
 * Mutexes: the first word tells who holds it. A thread that is about to lock one that is held is
 * not enabled.
 */

static unsigned int *owner_of(pthread_mutex_t *m)
{
	return (unsigned int *)m;
}

static bool mutex_free(const pthread_mutex_t *m)
{
	return !*(const unsigned int *)m;
}

int machine_mutex_init(pthread_mutex_t *m)
{
	*owner_of(m) = 0;
	return 0;
}

int machine_mutex_destroy(pthread_mutex_t *m)
{
	machine_access(m, ACCESS_STORE, "a mutex", "destroy");
	if (!mutex_free(m))
		machine_fail("a mutex is destroyed that is held");
	return 0;
}

int machine_mutex_lock(pthread_mutex_t *m, const char *what, const char *where)
{
	enum thread_id id = running;

	touch(id, m, ACCESS_UPDATE);
	if (*owner_of(m) == id + 1u)
		machine_fail("%s locks %s, which it holds", where, what);
	threads[id].mutex = m;
	if (stops(id, m, 1) || !mutex_free(m))
		stop(&threads[id]);
	threads[id].mutex = NULL;
	make_step(id, m, 1, "lock", what, where);
	if (!memory_alive(m))
		machine_fail("%s is locked in %s: the memory is free", what, where);
	*owner_of(m) = id + 1;
	threads[id].held++;
	return 0;
}

int machine_mutex_trylock(pthread_mutex_t *m, const char *what, const char *where)
{
	machine_access(m, ACCESS_UPDATE, what, where);
	if (!mutex_free(m))
		return 1;
	*owner_of(m) = running + 1;
	threads[running].held++;
	return 0;
}

int machine_mutex_unlock(pthread_mutex_t *m, const char *what, const char *where)
{
	machine_access(m, ACCESS_STORE, what, where);
	if (*owner_of(m) != running + 1u)
		machine_fail("%s unlocks %s, which it does not hold", where, what);
	*owner_of(m) = 0;
	threads[running].held--;
	return 0;
}

ssize_t machine_random(void *buf, size_t size)
{
	memset(buf, 0x5a, size);
	return (ssize_t)size;
}

/*
 * Questions
 */

bool machine_holds_mutex(void)
{
	return threads[running].held;
}

enum thread_id machine_running(void)
{
	return running;
}

bool machine_exists(enum thread_id id)
{
	return threads[id].exists;
}

bool machine_finished(enum thread_id id)
{
	return threads[id].finished;
}

bool machine_enabled(enum thread_id id)
{
	const struct thread *t = &threads[id];

	if (!t->exists || t->finished)
		return false;
	if (t->mutex && !mutex_free(t->mutex))
		return false;
	return !t->ready || t->ready(id);
}

bool machine_waiting(enum thread_id id)
{
	return threads[id].waiting;
}

unsigned int machine_steps(enum thread_id id)
{
	return count.steps[id];
}

unsigned int machine_mark_of(enum thread_id id)
{
	return count.mark[id];
}

void machine_mark(void)
{
	count.mark[running] = count.steps[running];
}

unsigned int machine_tick(void)
{
	return ++count.ticks;
}

void machine_explore(bool on)
{
	exploring = on;
}

void machine_stop_always(bool on)
{
	stop_always = on;
}

void machine_share_all(bool on)
{
	share_all = on;
}

void machine_trace(bool on)
{
	tracing = on;
}

char *machine_stack(enum thread_id id)
{
	return threads[id].low;
}

size_t machine_stack_used(enum thread_id id)
{
	if (!threads[id].exists)
		return 0;
	return (size_t)(memory.stack[id] + STACK_SIZE - threads[id].low);
}

char machine_name(enum thread_id id)
{
	return "ABPWXFS"[id];
}
