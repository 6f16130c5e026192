/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The sessions of uthash_before.c in an rcumap. Clients log in, use their sessions and log out while
 * a reaper removes what has expired; the clock is set by hand, so that the result is always the same.
 * doc/porting/mutex.md explains it.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <urcu.h>
#include <rcumap.h>

#define CLIENTS 4
#define SESSIONS 1000 /* of each client */
#define LIFETIME 100
#define REAPED 0 /* as a time of expiry: always in the past */

struct session {
	unsigned int expires; /* atomic; the reaper claims a session by storing REAPED */
	unsigned int uses;    /* atomic */
	struct rcumap_link link;
};

static struct rcumap *sessions;
static unsigned int now = 100; /* changes while no client runs */
static int stop;	       /* atomic */

/* The hook value_free. */
static void session_free(void *session, void *ctx)
{
	(void)ctx;
	free(session);
}

/* Begins a session, anew if there is one: what was there goes to session_free(). */
static void session_login(uint64_t id)
{
	struct session *session = calloc(1, sizeof(*session));

	if (!session)
		abort();
	session->expires = now + LIFETIME;
	if (rcumap_store(sessions, &id, sizeof(id), session))
		abort(); /* no memory; it is still ours, and a server would free it and say so */
}

/* Prolongs a session, unless it has expired or is the reaper's. */
static bool session_extend(struct session *session)
{
	unsigned int seen = __atomic_load_n(&session->expires, __ATOMIC_RELAXED);

	do {
		if (seen <= now)
			return false;
	} while (!__atomic_compare_exchange_n(&session->expires, &seen, now + LIFETIME, false,
					      __ATOMIC_RELAXED, __ATOMIC_RELAXED));
	return true;
}

/* Uses a session, which prolongs it. Returns false if there is none, or none any more. */
static bool session_use(uint64_t id)
{
	struct session *session;
	bool alive;

	rcu_read_lock();
	session = rcumap_load(sessions, &id, sizeof(id));
	alive = session && session_extend(session);
	if (alive)
		__atomic_add_fetch(&session->uses, 1, __ATOMIC_RELAXED);
	rcu_read_unlock();
	return alive;
}

static void session_logout(uint64_t id)
{
	rcumap_delete(sessions, &id, sizeof(id));
}

/* Claims the session first: whoever wants to prolong it meanwhile fails, and then finds it gone. */
static int reap_visit(const void *key, size_t len, void *value, void *ctx)
{
	struct session *session = value;
	unsigned int seen = __atomic_load_n(&session->expires, __ATOMIC_RELAXED);

	(void)ctx;
	if (seen <= now && __atomic_compare_exchange_n(&session->expires, &seen, REAPED, false,
						       __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		rcumap_compare_and_delete(sessions, key, len, session);
	return 0;
}

static void reap(void)
{
	if (rcumap_range(sessions, reap_visit, NULL))
		abort();
}

static void *reaper(void *arg)
{
	(void)arg;
	rcu_register_thread();
	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE))
		reap();
	rcu_unregister_thread();
	return NULL;
}

/* The first day: all log in, every fourth session is used later on, every tenth ends. */
static void *first_day(void *arg)
{
	uint64_t first = (uintptr_t)arg * SESSIONS, id;

	rcu_register_thread();
	for (id = first; id < first + SESSIONS; id++)
		session_login(id);
	for (id = first; id < first + SESSIONS; id += 10)
		session_logout(id);
	rcu_unregister_thread();
	return NULL;
}

static void *second_day(void *arg)
{
	uint64_t first = (uintptr_t)arg * SESSIONS, id;

	rcu_register_thread();
	for (id = first; id < first + SESSIONS; id += 4)
		session_use(id);
	rcu_unregister_thread();
	return NULL;
}

/* The third day: those that were not used yesterday have expired; some of them log in again. */
static void *third_day(void *arg)
{
	uint64_t first = (uintptr_t)arg * SESSIONS, id;
	uintptr_t alive = 0;

	rcu_register_thread();
	for (id = first; id < first + SESSIONS; id++)
		alive += session_use(id);
	for (id = first + 1; id < first + SESSIONS; id += 4)
		session_login(id);
	rcu_unregister_thread();
	return (void *)alive;
}

static size_t day(unsigned int time, void *(*client)(void *))
{
	pthread_t threads[CLIENTS + 1];
	size_t sum = 0;
	void *result;

	now = time;
	__atomic_store_n(&stop, 0, __ATOMIC_RELEASE);
	for (uintptr_t i = 0; i <= CLIENTS; i++)
		if (pthread_create(&threads[i], NULL, i < CLIENTS ? client : reaper, (void *)i))
			exit(1);
	for (int i = 0; i < CLIENTS; i++) {
		pthread_join(threads[i], &result);
		sum += (uintptr_t)result;
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
	pthread_join(threads[CLIENTS], NULL);
	return sum;
}

static int add_uses(const void *key, size_t len, void *value, void *ctx)
{
	size_t *uses = ctx;

	(void)key;
	(void)len;
	*uses += __atomic_load_n(&((struct session *)value)->uses, __ATOMIC_RELAXED);
	return 0;
}

int main(void)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	size_t uses = 0;

	rcu_register_thread();
	attr.key_len = sizeof(uint64_t);
	attr.value_free = session_free;
	attr.flags = RCUMAP_VALUE_LINK;
	attr.value_link = offsetof(struct session, link);
	if (rcumap_create(&sessions, &attr))
		return 1;
	day(100, first_day);
	printf("day 1: %zu sessions\n", rcumap_count(sessions));
	day(150, second_day);
	printf("day 2: %zu sessions\n", rcumap_count(sessions));
	printf("day 3: %zu were alive\n", day(220, third_day));
	reap();
	if (rcumap_range(sessions, add_uses, &uses))
		return 1;
	printf("day 3: %zu sessions, used %zu times\n", rcumap_count(sessions), uses);

	if (rcumap_destroy_wait(sessions))
		return 1;
	rcu_unregister_thread();
	return 0;
}
