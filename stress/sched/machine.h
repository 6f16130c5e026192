/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * machine.h - threads that run one step at a time, as they are told.
 *
 * Threads are coroutines of one thread of the system. A step is one access to memory that another
 * thread may see: an atomic load, store or update, locking or unlocking a mutex, freeing a block,
 * handing a callback to RCU. machine_access() is called before each; there the thread stops, until
 * machine_run() lets it make this step and go on to the next.
 *
 * Which steps stop. Most words are touched by one thread alone, or are only read. A step on such a
 * word commutes with every step of all other threads; so it does not matter whether the thread is
 * preempted before it or at its next step on a shared word, and only the latter is tried. Which
 * words are shared is found out by running: see "Sharing" in machine.c. With machine_stop_always(),
 * all steps stop.
 *
 * Sections and operations begin with the first step on a shared word that they contain and end with
 * the last, although their code begins earlier and ends later: the moments in between can't be told
 * from each other by anybody else, and of all of them these make the grace periods shortest and the
 * order between operations strictest.
 */
#ifndef RCUMAP_STRESS_MACHINE_H
#define RCUMAP_STRESS_MACHINE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "memory.h"

/*
 * What the library's sources and the flavor call
 */

enum access { ACCESS_LOAD, ACCESS_STORE, ACCESS_UPDATE, ACCESS_FREE };

/* About to access @p, which @what and @where name in messages. */
void machine_access(const volatile void *p, enum access kind, const char *what, const char *where);

/* About to free the block @p. */
void machine_access_block(const void *p, size_t size, const char *where);

int machine_mutex_init(pthread_mutex_t *m);
int machine_mutex_destroy(pthread_mutex_t *m);
int machine_mutex_lock(pthread_mutex_t *m, const char *what, const char *where);
int machine_mutex_trylock(pthread_mutex_t *m, const char *what, const char *where);
int machine_mutex_unlock(pthread_mutex_t *m, const char *what, const char *where);

ssize_t machine_random(void *buf, size_t size);

/* The thread that runs; THREAD_SETUP outside of all. */
enum thread_id machine_running(void);

/* Whether that thread holds a mutex. */
bool machine_holds_mutex(void);

/* Stops the thread until *@ready, a function of the state alone, says yes. */
void machine_wait(bool (*ready)(enum thread_id self));

/* The execution has shown a mistake. Does not return to a thread; in the set-up, ends the program. */
void machine_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * What the explorer calls
 */

/* NULL, or why threads can't have stacks of their own in this build. */
const char *machine_unusable(void);

/* Forgets all threads. */
void machine_reset(void);

/* Makes a thread that will run @run, and has not begun. */
void machine_start(enum thread_id id, void (*run)(enum thread_id self));

/* Lets a thread make its step, and go on to the next, or to its end. */
void machine_run(enum thread_id id);

/* The same, but on to where it waits, or to its end. */
void machine_run_on(enum thread_id id);

/* Stops the thread that runs as if at a step, until the explorer goes on with it. */
void machine_park(void);

bool machine_exists(enum thread_id id);
bool machine_finished(enum thread_id id);

/* Whether the thread could make its step: it has not finished and does not wait. */
bool machine_enabled(enum thread_id id);

/* Whether it is between two things that it was asked to do, so that leaving it costs nothing. */
bool machine_waiting(enum thread_id id);

/* Steps of this thread so far. */
unsigned int machine_steps(enum thread_id id);

/*
 * The steps of the thread up to its last one on a shared word, or to the last end of a section or an
 * operation. A schedule that is replayed with all words shared stops it there: then sections and
 * operations end as early, and begin as late, as they did when fewer words were known to be shared.
 */
unsigned int machine_mark_of(enum thread_id id);

/* Something of the thread that runs has ended. */
void machine_mark(void);

/* A time for what happens now, that nothing else happens at. */
unsigned int machine_tick(void);

/*
 * An assertion of the library that does not hold, or an access to no memory at all, is a failure of
 * the thread that runs. Needed even if there is none: until it is known which words are shared,
 * sections begin too late, and what is freed is used (see explore.c).
 */
void machine_catch_signals(void);

/* NULL, or what machine_fail() said. */
const char *machine_failure(void);

/* While false, nothing stops, and nothing counts as shared: set-up and final look. */
void machine_explore(bool on);

/* Every step stops, not only those on shared words. */
void machine_stop_always(bool on);

/* All words count as shared. */
void machine_share_all(bool on);

/* Prints every step. */
void machine_trace(bool on);

/* Forgets which words are shared. */
void machine_sharing_reset(void);

/* Whether more words turned out to be shared since the last call. */
bool machine_sharing_grew(void);

/* Called at each step on a shared word of a thread, just before it makes it. */
extern void (*machine_on_step)(enum thread_id id);

/* For state.c: the live part of a stack. */
char *machine_stack(enum thread_id id);
size_t machine_stack_used(enum thread_id id);

char machine_name(enum thread_id id);

#endif
