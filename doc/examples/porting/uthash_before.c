/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Sessions in a uthash under a read-write lock. Clients log in, use their sessions and log out while
 * a reaper removes what has expired; the clock is set by hand, so that the result is always the same.
 * uthash_after.c does the same in an rcumap; doc/porting/mutex.md explains it.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <uthash.h>

#define CLIENTS 4
#define SESSIONS 1000 /* of each client */
#define LIFETIME 100

struct session {
	uint64_t id;
	unsigned int expires; /* under the lock for writing */
	unsigned int uses;    /* under the lock for writing */
	UT_hash_handle hh;
};

static struct session *sessions;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static unsigned int now = 100; /* changes while no client runs */
static int stop;	       /* atomic */

static struct session *find_locked(uint64_t id)
{
	struct session *session;

	HASH_FIND(hh, sessions, &id, sizeof(id), session);
	return session;
}

/* Begins a session, anew if there is one. */
static void session_login(uint64_t id)
{
	struct session *session;

	pthread_rwlock_wrlock(&lock);
	session = find_locked(id);
	if (!session) {
		session = calloc(1, sizeof(*session));
		if (!session)
			abort();
		session->id = id;
		HASH_ADD(hh, sessions, id, sizeof(id), session);
	}
	session->uses = 0;
	session->expires = now + LIFETIME;
	pthread_rwlock_unlock(&lock);
}

/* Uses a session, which prolongs it. Returns false if there is none, or none any more. */
static bool session_use(uint64_t id)
{
	struct session *session;
	bool alive;

	pthread_rwlock_wrlock(&lock);
	session = find_locked(id);
	alive = session && session->expires > now;
	if (alive) {
		session->uses++;
		session->expires = now + LIFETIME;
	}
	pthread_rwlock_unlock(&lock);
	return alive;
}

static void session_logout(uint64_t id)
{
	struct session *session;

	pthread_rwlock_wrlock(&lock);
	session = find_locked(id);
	if (session) {
		HASH_DEL(sessions, session);
		free(session);
	}
	pthread_rwlock_unlock(&lock);
}

static void reap(void)
{
	struct session *session, *next;

	pthread_rwlock_wrlock(&lock);
	HASH_ITER(hh, sessions, session, next)
	{
		if (session->expires > now)
			continue;
		HASH_DEL(sessions, session);
		free(session);
	}
	pthread_rwlock_unlock(&lock);
}

static void *reaper(void *arg)
{
	(void)arg;
	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE))
		reap();
	return NULL;
}

/* The first day: all log in, every fourth session is used later on, every tenth ends. */
static void *first_day(void *arg)
{
	uint64_t first = (uintptr_t)arg * SESSIONS, id;

	for (id = first; id < first + SESSIONS; id++)
		session_login(id);
	for (id = first; id < first + SESSIONS; id += 10)
		session_logout(id);
	return NULL;
}

static void *second_day(void *arg)
{
	uint64_t first = (uintptr_t)arg * SESSIONS, id;

	for (id = first; id < first + SESSIONS; id += 4)
		session_use(id);
	return NULL;
}

/* The third day: those that were not used yesterday have expired; some of them log in again. */
static void *third_day(void *arg)
{
	uint64_t first = (uintptr_t)arg * SESSIONS, id;
	uintptr_t alive = 0;

	for (id = first; id < first + SESSIONS; id++)
		alive += session_use(id);
	for (id = first + 1; id < first + SESSIONS; id += 4)
		session_login(id);
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

int main(void)
{
	struct session *session, *next;
	size_t uses = 0;

	day(100, first_day);
	printf("day 1: %u sessions\n", HASH_COUNT(sessions));
	day(150, second_day);
	printf("day 2: %u sessions\n", HASH_COUNT(sessions));
	printf("day 3: %zu were alive\n", day(220, third_day));
	reap();
	for (session = sessions; session; session = session->hh.next)
		uses += session->uses;
	printf("day 3: %u sessions, used %zu times\n", HASH_COUNT(sessions), uses);

	HASH_ITER(hh, sessions, session, next)
	{
		HASH_DEL(sessions, session);
		free(session);
	}
	return 0;
}
