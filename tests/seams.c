/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * seams.c - threads that stop at a seam of the library until they are told to go on; see seams.h.
 */
#include "seams.h"

#include <errno.h>
#include <semaphore.h>

struct stopped {
	pthread_t thread;
	enum rcumap_seam seam;
	bool stops;
	void (*run)(void *arg);
	void *arg;
	sem_t arrived, go;
	_Atomic bool done;
};

/* What this thread is to stop at. */
static _Thread_local struct stopped *self;

static void wait_for(sem_t *sem)
{
	while (sem_wait(sem) && errno == EINTR)
		;
}

static void at_seam(enum rcumap_seam at)
{
	if (!self || !self->stops || at != self->seam)
		return;
	self->stops = false;
	sem_post(&self->arrived);
	wait_for(&self->go);
}

static void *stopped_main(void *arg)
{
	rcu_register_thread();
	self = arg;
	self->run(self->arg);
	check_that(!self->stops, "the thread never came to its seam");
	atomic_store(&self->done, true);
	rcu_unregister_thread();
	return NULL;
}

static struct stopped *start(bool stops, enum rcumap_seam seam, void (*run)(void *arg), void *arg)
{
	struct stopped *s = calloc(1, sizeof(*s));

	check_that(s, "out of memory");
	*s = (struct stopped){.seam = seam, .stops = stops, .run = run, .arg = arg};
	sem_init(&s->arrived, 0, 0);
	sem_init(&s->go, 0, 0);
	rcumap__seam_hook = at_seam;
	check_int(pthread_create(&s->thread, NULL, stopped_main, s), 0);
	if (stops)
		wait_for(&s->arrived);
	return s;
}

struct stopped *stopped_start(enum rcumap_seam seam, void (*run)(void *arg), void *arg)
{
	return start(true, seam, run, arg);
}

struct stopped *running_start(void (*run)(void *arg), void *arg)
{
	return start(false, SEAM_TAGGED, run, arg);
}

bool stopped_done(struct stopped *stopped)
{
	return atomic_load(&stopped->done);
}

void stopped_finish(struct stopped *stopped)
{
	sem_post(&stopped->go);
	pthread_join(stopped->thread, NULL);
	sem_destroy(&stopped->arrived);
	sem_destroy(&stopped->go);
	free(stopped);
}
