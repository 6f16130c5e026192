/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * THE ALGORITHM UNDER STUDY; DO NOT USE IT. See gomap.h.
 *
 * Two tables lead to the same entries. The read map is never changed in its keys and is searched
 * without a lock; the dirty map is guarded by mu, holds every key that is not expunged, and is where
 * new keys go. A search that misses the read map goes on in the dirty map and counts; as many misses
 * as the dirty map has keys promote it: it becomes the read map. A later new key then starts another
 * dirty map, which gets those keys of the read map that are not deleted.
 *
 * A delete empties the entry and leaves it, with its key, in the table. Nothing ever takes a key out
 * of a table (later releases of Go do, of the dirty map), which is why the tables below have no such
 * function. So a deleted key stays until two things have happened: a new dirty map was made without
 * it, and promoted. A server that stores and deletes only, and has one connection live at any time,
 * misses once per delete and is always one miss short of the number of keys.
 *
 * What stands for the collector: a read map that was replaced is freed through call_rcu, and every
 * function that looks at one is a read-side critical section. Entries are counted by the tables.
 */
#include "gomap.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "rcu.h"

#define TABLE_MIN 8 /* slots; a power of two */

/*
 * A key's state. p is the value; or NULL: deleted, and in the dirty map as well if there is one; or
 * EXPUNGED: deleted, and not in the dirty map, which exists.
 */
struct entry {
	_Atomic(void *) p;
	atomic_uint tables; /* that hold it */
};

struct slot {
	void *key; /* NULL: empty */
	struct entry *entry;
};

/* What the atomic pointer of the map refers to: a table, and whether the dirty map has more keys. */
struct readonly {
	struct table *m;
	bool amended;
};

/*
 * In the place of Go's built-in map: open addressing, linear probing, at most half full. It has its
 * two possible readonly structures inside, so that a promotion allocates nothing and cannot fail.
 */
struct table {
	struct rcu_head head;
	struct gomap *map;
	struct readonly plain;
	struct readonly amended;
	size_t len;
	size_t cap; /* 0 or a power of two */
	struct slot *slots;
};

struct gomap {
	struct gomap_attr attr;
	_Atomic(struct readonly *) read; /* stored with mu held only */
	pthread_mutex_t mu;
	struct table *dirty; /* mu; NULL if there is none */
	size_t misses;	     /* mu; of the read map since the last promotion */
	size_t promotions;   /* mu */
};

static char expunged_mark;
#define EXPUNGED ((void *)&expunged_mark)

static void *map_alloc(struct gomap *map, size_t size)
{
	return map->attr.alloc(size, sizeof(void *), map->attr.alloc_ctx);
}

static void map_free(struct gomap *map, void *ptr, size_t size)
{
	if (ptr)
		map->attr.free(ptr, size, map->attr.alloc_ctx);
}

/* ---- entries ---- */

static struct entry *entry_new(struct gomap *map, void *value)
{
	struct entry *entry = map_alloc(map, sizeof(*entry));

	if (entry)
		atomic_init(&entry->p, value);
	return entry;
}

static void entry_put(struct gomap *map, struct entry *entry)
{
	/* acq_rel: what other tables' owners did happens before the last one frees. */
	if (atomic_fetch_sub_explicit(&entry->tables, 1, memory_order_acq_rel) == 1)
		map_free(map, entry, sizeof(*entry));
}

static void *entry_load(struct entry *entry)
{
	void *p = atomic_load(&entry->p);

	return p == EXPUNGED ? NULL : p;
}

/* Stores unless the entry is expunged: then the dirty map has to get it first. */
static bool entry_try_store(struct entry *entry, void *value)
{
	void *p = atomic_load(&entry->p);

	do {
		if (p == EXPUNGED)
			return false;
	} while (!atomic_compare_exchange_weak(&entry->p, &p, value));
	return true;
}

/* Whether it was expunged; it is merely deleted then, and has to go into the dirty map. */
static bool entry_unexpunge_locked(struct entry *entry)
{
	void *p = EXPUNGED;

	return atomic_compare_exchange_strong(&entry->p, &p, NULL);
}

/* Whether it is expunged, having been deleted. */
static bool entry_try_expunge_locked(struct entry *entry)
{
	void *p = NULL;

	return atomic_compare_exchange_strong(&entry->p, &p, EXPUNGED) || p == EXPUNGED;
}

static void *entry_delete(struct entry *entry)
{
	void *p = atomic_load(&entry->p);

	do {
		if (!p || p == EXPUNGED)
			return NULL;
	} while (!atomic_compare_exchange_weak(&entry->p, &p, NULL));
	return p;
}

/* ---- tables ---- */

static size_t hash(const void *key)
{
	uint64_t x = (uintptr_t)key;

	x = (x ^ (x >> 33)) * 0xff51afd7ed558ccdu;
	return (size_t)(x ^ (x >> 33));
}

static struct table *table_new(struct gomap *map)
{
	struct table *table = map_alloc(map, sizeof(*table));

	if (!table)
		return NULL;
	table->map = map;
	table->plain = (struct readonly){.m = table, .amended = false};
	table->amended = (struct readonly){.m = table, .amended = true};
	return table;
}

/* Lets go of every key and entry: the moment at which a collector could free them. */
static void table_free(struct table *table)
{
	struct gomap *map = table->map;

	for (size_t i = 0; i < table->cap; i++) {
		if (!table->slots[i].key)
			continue;
		entry_put(map, table->slots[i].entry);
		map->attr.key_put(table->slots[i].key);
	}
	map_free(map, table->slots, table->cap * sizeof(*table->slots));
	map_free(map, table, sizeof(*table));
}

static void table_free_cb(struct rcu_head *head)
{
	table_free((struct table *)((char *)head - offsetof(struct table, head)));
}

/* The slot of a key, or the empty one where it would go. The table has an empty slot. */
static struct slot *table_slot(const struct table *table, const void *key)
{
	size_t i = hash(key);

	while (table->slots[i & (table->cap - 1)].key &&
	       table->slots[i & (table->cap - 1)].key != key)
		i++;
	return &table->slots[i & (table->cap - 1)];
}

static struct entry *table_find(const struct table *table, const void *key)
{
	return table->cap ? table_slot(table, key)->entry : NULL;
}

/* Makes room for n keys in all. Only for a table that no reader can see. 0 or -ENOMEM. */
static int table_reserve(struct table *table, size_t n)
{
	struct table old = *table;
	size_t cap = old.cap ? old.cap : TABLE_MIN;

	while (cap < 2 * n)
		cap *= 2;
	if (cap == old.cap)
		return 0;
	table->slots = map_alloc(table->map, cap * sizeof(*table->slots));
	if (!table->slots) {
		table->slots = old.slots;
		return -ENOMEM;
	}
	table->cap = cap;
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].key)
			*table_slot(table, old.slots[i].key) = old.slots[i];
	map_free(table->map, old.slots, old.cap * sizeof(*old.slots));
	return 0;
}

/* Adds a key that is not there. The table owns a reference on key and entry from now on. */
static void table_insert(struct table *table, void *key, struct entry *entry)
{
	*table_slot(table, key) = (struct slot){key, entry};
	table->len++;
	table->map->attr.key_get(key);
	/* relaxed: a table that is being made by the caller, or the caller itself, holds one. */
	atomic_fetch_add_explicit(&entry->tables, 1, memory_order_relaxed);
}

/* ---- the map ---- */

/* Caller is in a read-side critical section or holds mu. */
static struct readonly *read_load(struct gomap *map)
{
	/* Acquire: the table is searched next. Pairs with the release in read_store_locked(). */
	return atomic_load_explicit(&map->read, memory_order_acquire);
}

static void read_store_locked(struct gomap *map, struct readonly *read)
{
	atomic_store_explicit(&map->read, read, memory_order_release);
}

/* The dirty map becomes the read map. This is where deleted keys go, if they go. */
static void promote_locked(struct gomap *map)
{
	struct table *old = read_load(map)->m;

	read_store_locked(map, &map->dirty->plain);
	map->dirty = NULL;
	map->misses = 0;
	map->promotions++;
	call_rcu(&old->head, table_free_cb);
}

static void miss_locked(struct gomap *map)
{
	map->misses++;
	if (map->misses >= map->dirty->len)
		promote_locked(map);
}

/* A dirty map with what is alive in the read map, and room for one key more. 0 or -ENOMEM. */
static int dirty_locked(struct gomap *map)
{
	const struct table *read = read_load(map)->m;
	struct table *dirty;

	if (map->dirty)
		return table_reserve(map->dirty, map->dirty->len + 1);
	dirty = table_new(map);
	if (!dirty)
		return -ENOMEM;
	if (table_reserve(dirty, read->len + 1)) {
		table_free(dirty);
		return -ENOMEM;
	}
	for (size_t i = 0; i < read->cap; i++) {
		const struct slot *slot = &read->slots[i];

		if (slot->key && !entry_try_expunge_locked(slot->entry))
			table_insert(dirty, slot->key, slot->entry);
	}
	map->dirty = dirty;
	return 0;
}

/* What the read map does not have: look again, then in the dirty map, and count the miss. */
static struct entry *find_slow(struct gomap *map, void *key)
{
	const struct readonly *read;
	struct entry *entry;

	pthread_mutex_lock(&map->mu);
	read = read_load(map);
	entry = table_find(read->m, key);
	if (!entry && read->amended) {
		/* LoadAndDelete of 1.15.0 too only looks: the key stays in the dirty map. */
		entry = table_find(map->dirty, key);
		miss_locked(map);
	}
	pthread_mutex_unlock(&map->mu);
	return entry;
}

static struct entry *find_rcu(struct gomap *map, void *key)
{
	const struct readonly *read = read_load(map);
	struct entry *entry = table_find(read->m, key);

	return entry || !read->amended ? entry : find_slow(map, key);
}

void *gomap_load(struct gomap *map, void *key)
{
	struct entry *entry;
	void *value;

	rcu_read_lock();
	entry = find_rcu(map, key);
	value = entry ? entry_load(entry) : NULL;
	rcu_read_unlock();
	return value;
}

void *gomap_load_and_delete(struct gomap *map, void *key)
{
	struct entry *entry;
	void *value;

	rcu_read_lock();
	entry = find_rcu(map, key);
	value = entry ? entry_delete(entry) : NULL;
	rcu_read_unlock();
	return value;
}

/* A key that neither table has. */
static int insert_locked(struct gomap *map, void *key, void *value)
{
	struct readonly *read = read_load(map);
	struct entry *entry = entry_new(map, value);

	if (!entry)
		return -ENOMEM;
	if (dirty_locked(map)) {
		map_free(map, entry, sizeof(*entry));
		return -ENOMEM;
	}
	if (!read->amended)
		read_store_locked(map, &read->m->amended);
	table_insert(map->dirty, key, entry);
	return 0;
}

static int store_locked(struct gomap *map, void *key, void *value)
{
	struct entry *entry = table_find(read_load(map)->m, key);

	if (entry && !entry_try_store(entry, value)) {
		/* Expunged, so there is a dirty map, and it does not have the key. */
		if (table_reserve(map->dirty, map->dirty->len + 1))
			return -ENOMEM;
		if (entry_unexpunge_locked(entry))
			table_insert(map->dirty, key, entry);
		atomic_store(&entry->p, value);
		return 0;
	}
	if (entry)
		return 0;
	entry = map->dirty ? table_find(map->dirty, key) : NULL;
	if (!entry)
		return insert_locked(map, key, value);
	atomic_store(&entry->p, value);
	return 0;
}

int gomap_store(struct gomap *map, void *key, void *value)
{
	struct entry *entry;
	int ret = 0;

	rcu_read_lock();
	entry = table_find(read_load(map)->m, key);
	if (!entry || !entry_try_store(entry, value)) {
		pthread_mutex_lock(&map->mu);
		ret = store_locked(map, key, value);
		pthread_mutex_unlock(&map->mu);
	}
	rcu_read_unlock();
	return ret;
}

void gomap_range(struct gomap *map, bool (*visit)(void *key, void *value, void *ctx), void *ctx)
{
	const struct readonly *read;

	rcu_read_lock();
	read = read_load(map);
	if (read->amended) {
		/* Everything will be visited, so promote at once. */
		pthread_mutex_lock(&map->mu);
		if (read_load(map)->amended)
			promote_locked(map);
		read = read_load(map);
		pthread_mutex_unlock(&map->mu);
	}
	for (size_t i = 0; i < read->m->cap; i++) {
		const struct slot *slot = &read->m->slots[i];
		void *value = slot->key ? entry_load(slot->entry) : NULL;

		if (value && !visit(slot->key, value, ctx))
			break;
	}
	rcu_read_unlock();
}

void gomap_stats(struct gomap *map, struct gomap_stats *stats)
{
	pthread_mutex_lock(&map->mu);
	stats->read_keys = read_load(map)->m->len;
	stats->dirty_keys = map->dirty ? map->dirty->len : 0;
	stats->misses = map->misses;
	stats->promotions = map->promotions;
	pthread_mutex_unlock(&map->mu);
}

int gomap_create(struct gomap **out, const struct gomap_attr *attr)
{
	struct gomap *map = attr->alloc(sizeof(*map), sizeof(void *), attr->alloc_ctx);
	struct table *empty;

	if (!map)
		return -ENOMEM;
	map->attr = *attr;
	empty = table_new(map);
	if (!empty) {
		map_free(map, map, sizeof(*map));
		return -ENOMEM;
	}
	pthread_mutex_init(&map->mu, NULL);
	atomic_init(&map->read, &empty->plain);
	*out = map;
	return 0;
}

void gomap_destroy(struct gomap *map)
{
	/* Read maps that were replaced are on their way to be freed, and refer to the map. */
	rcu_barrier();
	table_free(read_load(map)->m);
	if (map->dirty)
		table_free(map->dirty);
	pthread_mutex_destroy(&map->mu);
	map_free(map, map, sizeof(*map));
}
