/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The cache of glib_before.c in an rcumap, and without GLib. Resolvers get records by name, and make
 * those that are missing; then the stale ones are removed, while one of them is in use.
 * doc/porting/mutex.md explains it.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <urcu.h>
#include <rcumap.h>

#define RESOLVERS 4
#define NAMES 500
#define ROUNDS 5

struct record {
	int refs; /* atomic */
	unsigned int address;
	struct rcumap_link link;
};

static struct rcumap *cache; /* name -> record, of which it holds a reference */
static int freed;	     /* atomic; of those that were in the cache */

/* What a real cache would ask a server for; the answer to odd names goes stale. */
static unsigned int resolve(const char *name)
{
	return 1000 + (unsigned int)strtoul(name + strlen("host"), NULL, 10);
}

static bool is_stale(const struct record *record)
{
	return record->address % 2;
}

/*
 * In a section in which the record was found, or with a reference. A plain increment is enough: the
 * map gives its own reference back only after the section, so the count can't be zero.
 */
static struct record *record_get(struct record *record)
{
	__atomic_add_fetch(&record->refs, 1, __ATOMIC_RELAXED);
	return record;
}

static void record_put(struct record *record)
{
	if (__atomic_sub_fetch(&record->refs, 1, __ATOMIC_ACQ_REL))
		return;
	free(record);
	__atomic_add_fetch(&freed, 1, __ATOMIC_RELAXED);
}

/* The hook value_free: a grace period after the record left the map. */
static void record_drop(void *value, void *ctx)
{
	(void)ctx;
	record_put(value);
}

static struct record *record_new(const char *name)
{
	struct record *record = calloc(1, sizeof(*record));

	if (!record)
		return NULL;
	record->refs = 1;
	record->address = resolve(name);
	return record;
}

/* In a section. Makes a record and stores it; if another thread was faster, returns that one's. */
static struct record *cache_add(const char *name)
{
	struct record *record = record_new(name);
	void *found;
	int loaded;

	if (!record)
		return NULL;
	loaded = rcumap_load_or_store(cache, name, strlen(name), record, &found);
	if (loaded)
		free(record); /* not stored, hence ours: also on an error, when found is NULL */
	return found;
}

/* Gets the record of a name, with a reference for the caller; makes it if there is none. */
static struct record *cache_get(const char *name)
{
	struct record *record;

	rcu_read_lock();
	record = rcumap_load(cache, name, strlen(name));
	if (!record)
		record = cache_add(name);
	if (!record)
		abort(); /* no memory, as GLib would; here the caller could be told instead */
	record_get(record);
	rcu_read_unlock();
	return record;
}

static void *resolver(void *arg)
{
	uintptr_t sum = 0;
	char name[32];

	(void)arg;
	rcu_register_thread();
	for (int round = 0; round < ROUNDS; round++)
		for (int i = 0; i < NAMES; i++) {
			struct record *record;

			snprintf(name, sizeof(name), "host%d", i);
			record = cache_get(name);
			sum += record->address;
			record_put(record);
		}
	rcu_unregister_thread();
	return (void *)sum;
}

static int remove_if_stale(const void *key, size_t len, void *value, void *ctx)
{
	unsigned int *removed = ctx;

	if (is_stale(value) && rcumap_compare_and_delete(cache, key, len, value) == 1)
		++*removed;
	return 0;
}

static unsigned int cache_expire(void)
{
	unsigned int removed = 0;

	if (rcumap_range(cache, remove_if_stale, &removed))
		abort();
	return removed;
}

int main(void)
{
	pthread_t threads[RESOLVERS];
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct record *held;
	unsigned int expired;
	void *sum;

	rcu_register_thread();
	attr.value_free = record_drop;
	attr.flags = RCUMAP_VALUE_LINK;
	attr.value_link = offsetof(struct record, link);
	if (rcumap_create(&cache, &attr))
		return 1;
	for (int i = 0; i < RESOLVERS; i++)
		if (pthread_create(&threads[i], NULL, resolver, NULL))
			return 1;
	for (int i = 0; i < RESOLVERS; i++) {
		pthread_join(threads[i], &sum);
		printf("resolver %d: sum %zu\n", i, (size_t)sum);
	}
	printf("cached %zu\n", rcumap_count(cache));

	held = cache_get("host7");
	expired = cache_expire();
	printf("expired %u, cached %zu\n", expired, rcumap_count(cache));
	printf("host7 is %u\n", held->address); /* removed, but ours as long as we like */
	record_put(held);

	if (rcumap_destroy_wait(cache))
		return 1;
	printf("freed %d\n", freed);
	rcu_unregister_thread();
	return 0;
}
