/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The toy flavor; see toy.h. It checks what a real one would punish: an unbalanced section, a
 * barrier inside a section or callback, a callback that is queued twice.
 */
#include "toy.h"

#include "fuzz.h"

enum { CALLBACKS_MAX = 4096 };

struct callback {
	struct rcu_head *head;
	void (*func)(struct rcu_head *head);
	uint64_t queued; /* when */
};

struct role {
	unsigned int depth; /* of read_lock */
	bool online;	    /* with the face of qsbr */
	uint64_t since;	    /* when its section began */
};

static struct {
	struct toy_style style;
	uint64_t clock;
	struct role application, worker, *current;
	uint64_t running; /* when the callback that runs was queued */
	struct callback callbacks[CALLBACKS_MAX];
	size_t count;
} toy;

static bool role_in_section(const struct role *role)
{
	return toy.style.face == TOY_QSBR ? role->online : role->depth > 0;
}

void toy_begin(struct toy_style style)
{
	toy.style = style;
	toy.clock = 1;
	toy.application = toy.worker = (struct role){0};
	toy.current = &toy.application;
	toy.count = 0;
}

uint64_t toy_now(void)
{
	return toy.clock;
}

uint64_t toy_callback_queued_at(void)
{
	return toy.running;
}

bool toy_in_callback(void)
{
	return toy.current == &toy.worker;
}

bool toy_in_section(void)
{
	return role_in_section(toy.current);
}

size_t toy_queued(void)
{
	return toy.count;
}

struct call_rcu_data *toy_worker(void)
{
	return NULL;
}

/*
 * The flavor
 */

static void begin_section(void)
{
	toy.current->since = ++toy.clock;
}

static void read_lock(void)
{
	fuzz_check(toy.style.face == TOY_MEMB || toy.current->online, "read_lock while offline");
	if (!toy.current->depth++ && toy.style.face == TOY_MEMB)
		begin_section();
}

static void read_unlock(void)
{
	fuzz_check(toy.current->depth, "read_unlock without read_lock");
	toy.current->depth--;
}

static int read_ongoing(void)
{
	return toy_in_section();
}

static void thread_online(void)
{
	if (toy.style.face == TOY_MEMB)
		return;
	fuzz_check(!toy.current->online, "online twice");
	toy.current->online = true;
	begin_section();
}

static void thread_offline(void)
{
	if (toy.style.face == TOY_MEMB)
		return;
	fuzz_check(toy.current->online, "offline twice");
	fuzz_check(!toy.current->depth, "offline between read_lock and read_unlock");
	toy.current->online = false;
}

static void call_rcu_later(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	for (size_t i = 0; i < toy.count; i++)
		fuzz_check(toy.callbacks[i].head != head, "call_rcu of a head that is queued");
	fuzz_check(toy.count < CALLBACKS_MAX, "%zu callbacks are queued", toy.count);
	toy.callbacks[toy.count++] = (struct callback){head, func, ++toy.clock};
}

static bool may_run(const struct callback *callback)
{
	return !role_in_section(&toy.application) || callback->queued < toy.application.since;
}

static void run_at(size_t index)
{
	struct callback callback = toy.callbacks[index];

	for (toy.count--; index < toy.count; index++)
		toy.callbacks[index] = toy.callbacks[index + 1];
	toy.worker = (struct role){0};
	toy.current = &toy.worker;
	toy.running = callback.queued;
	if (toy.style.face == TOY_QSBR)
		thread_online();
	callback.func(callback.head);
	fuzz_check(!toy.worker.depth, "a callback left a section open");
	toy.current = &toy.application;
}

/* Number @which of those that were queued up to @until and may run; or false. */
static bool find_runnable(size_t which, uint64_t until, size_t *index)
{
	for (size_t i = 0; i < toy.count; i++) {
		if (toy.callbacks[i].queued > until || !may_run(&toy.callbacks[i]))
			continue;
		*index = i;
		if (!which--)
			return true;
	}
	return false;
}

static size_t count_runnable(uint64_t until)
{
	size_t runnable = 0;

	for (size_t i = 0; i < toy.count; i++)
		runnable += toy.callbacks[i].queued <= until && may_run(&toy.callbacks[i]);
	return runnable;
}

static bool run_one(size_t which, uint64_t until)
{
	size_t index, runnable = count_runnable(until);

	if (!runnable || !find_runnable(which % runnable, until, &index))
		return false;
	run_at(index);
	return true;
}

bool toy_run(size_t which)
{
	fuzz_check(!toy_in_callback(), "a callback inside a callback");
	return run_one(which, UINT64_MAX);
}

static void barrier(void)
{
	uint64_t until = toy.clock;

	fuzz_check(!toy_in_callback(), "rcu_barrier in a callback: a deadlock");
	fuzz_check(!toy_in_section(), "rcu_barrier in a section: a deadlock");
	while (run_one(toy.style.newest_first ? count_runnable(until) - 1 : 0, until))
		;
	for (unsigned int i = 0; i < toy.style.eager; i++)
		run_one(i, UINT64_MAX);
}

const struct rcu_flavor_struct toy_flavor = {
	.read_lock = read_lock,
	.read_unlock = read_unlock,
	.read_ongoing = read_ongoing,
	.update_call_rcu = call_rcu_later,
	.thread_offline = thread_offline,
	.thread_online = thread_online,
	.barrier = barrier,
};

void toy_open(void)
{
	if (toy.style.face == TOY_QSBR)
		thread_online();
	else
		read_lock();
}

void toy_close(void)
{
	if (toy.style.face == TOY_QSBR)
		thread_offline();
	else
		read_unlock();
}
