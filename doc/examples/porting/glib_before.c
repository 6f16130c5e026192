/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * A cache of reference-counted records in a GHashTable under a mutex. Resolvers get records by name,
 * and make those that are missing; then the stale ones are removed, while one of them is in use.
 * glib_after.c does the same in an rcumap; doc/porting/mutex.md explains it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#define RESOLVERS 4
#define NAMES 500
#define ROUNDS 5

struct record {
	gint refs; /* atomic */
	unsigned int address;
};

static GHashTable *cache; /* name -> record, of which it holds a reference */
static GMutex cache_lock;
static gint freed; /* atomic */

/* What a real cache would ask a server for; the answer to odd names goes stale. */
static unsigned int resolve(const char *name)
{
	return 1000 + (unsigned int)strtoul(name + strlen("host"), NULL, 10);
}

static gboolean is_stale(const struct record *record)
{
	return record->address % 2;
}

static struct record *record_get(struct record *record)
{
	g_atomic_int_inc(&record->refs);
	return record;
}

static void record_put(void *record)
{
	if (!g_atomic_int_dec_and_test(&((struct record *)record)->refs))
		return;
	g_free(record);
	g_atomic_int_inc(&freed);
}

static struct record *record_new(const char *name)
{
	struct record *record = g_new0(struct record, 1);

	record->refs = 1;
	record->address = resolve(name);
	return record;
}

/* Gets the record of a name, with a reference for the caller; makes it if there is none. */
static struct record *cache_get(const char *name)
{
	struct record *record;

	g_mutex_lock(&cache_lock);
	record = g_hash_table_lookup(cache, name);
	if (!record) {
		record = record_new(name);
		g_hash_table_insert(cache, g_strdup(name), record);
	}
	record_get(record);
	g_mutex_unlock(&cache_lock);
	return record;
}

static gpointer resolver(gpointer arg)
{
	unsigned long sum = 0;
	char name[32];

	(void)arg;
	for (int round = 0; round < ROUNDS; round++)
		for (int i = 0; i < NAMES; i++) {
			struct record *record;

			snprintf(name, sizeof(name), "host%d", i);
			record = cache_get(name);
			sum += record->address;
			record_put(record);
		}
	return GSIZE_TO_POINTER(sum);
}

static gboolean remove_if_stale(gpointer key, gpointer value, gpointer ctx)
{
	(void)key;
	(void)ctx;
	return is_stale(value);
}

static guint cache_expire(void)
{
	guint removed;

	g_mutex_lock(&cache_lock);
	removed = g_hash_table_foreach_remove(cache, remove_if_stale, NULL);
	g_mutex_unlock(&cache_lock);
	return removed;
}

static guint cache_size(void)
{
	guint size;

	g_mutex_lock(&cache_lock);
	size = g_hash_table_size(cache);
	g_mutex_unlock(&cache_lock);
	return size;
}

int main(void)
{
	GThread *threads[RESOLVERS];
	struct record *held;
	guint expired;

	cache = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, record_put);
	for (int i = 0; i < RESOLVERS; i++)
		threads[i] = g_thread_new("resolver", resolver, NULL);
	for (int i = 0; i < RESOLVERS; i++)
		printf("resolver %d: sum %" G_GSIZE_FORMAT "\n", i,
		       GPOINTER_TO_SIZE(g_thread_join(threads[i])));
	printf("cached %u\n", cache_size());

	held = cache_get("host7");
	expired = cache_expire();
	printf("expired %u, cached %u\n", expired, cache_size());
	printf("host7 is %u\n", held->address); /* removed, but ours as long as we like */
	record_put(held);

	g_mutex_lock(&cache_lock);
	g_hash_table_destroy(cache);
	g_mutex_unlock(&cache_lock);
	printf("freed %d\n", g_atomic_int_get(&freed));
	return 0;
}
