/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The table of connections of cds_lfht_before.c, in an rcumap. Workers open connections, count
 * packets on them and close some, while a monitor looks connections up; at the end idle ones are
 * expired, and the rest is taken down with the map. doc/porting/cds_lfht.md explains it.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <urcu.h>
#include <rcumap.h>

#define WORKERS 4
#define PORTS 1000

/* All bytes are the key, so the struct has no padding: what would be has a name, and is zero. */
struct conn_key {
	uint32_t addr;
	uint16_t port;
	uint16_t zero;
};
_Static_assert(sizeof(struct conn_key) == 8, "no padding");

struct conn {
	unsigned long packets; /* atomic */
	struct rcumap_link link;
};

static struct rcumap *map;
static unsigned long opened, refused, closed, freed; /* atomic */
static int stop;				     /* atomic */

static void count(unsigned long *counter)
{
	__atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
}

/* The hook value_free: on the call_rcu worker, a grace period after the connection left the map. */
static void conn_free(void *value, void *ctx)
{
	(void)ctx;
	free(value);
	count(&freed);
}

/* In a section, which the connection may be used in. */
static struct conn *conn_find(uint32_t addr, uint16_t port)
{
	struct conn_key key = {.addr = addr, .port = port};

	return rcumap_load(map, &key, sizeof(key));
}

static void conn_open(uint32_t addr, uint16_t port)
{
	struct conn *conn = calloc(1, sizeof(*conn));
	struct conn_key key = {.addr = addr, .port = port};
	int loaded;

	if (!conn)
		abort();
	loaded = rcumap_load_or_store(map, &key, sizeof(key), conn, NULL);
	if (loaded < 0)
		abort(); /* -ENOMEM: a server would refuse the connection instead */
	count(loaded ? &refused : &opened);
	if (loaded)
		free(conn); /* it has stayed ours, and nobody else has seen it */
}

static void conn_packet(uint32_t addr, uint16_t port)
{
	struct conn *conn;

	rcu_read_lock();
	conn = conn_find(addr, port);
	if (conn)
		count(&conn->packets);
	rcu_read_unlock();
}

static void conn_close(uint32_t addr, uint16_t port)
{
	struct conn_key key = {.addr = addr, .port = port};

	if (rcumap_delete(map, &key, sizeof(key)) == 1)
		count(&closed);
}

static void *worker(void *arg)
{
	uint32_t addr = (uint32_t)(uintptr_t)arg;
	uint16_t port;

	rcu_register_thread();
	for (port = 0; port < PORTS; port++)
		conn_open(addr, port);
	conn_open(addr, 0); /* refused */
	for (port = 0; port < PORTS; port += 3)
		conn_packet(addr, port);
	for (port = 0; port < PORTS; port += 2)
		conn_close(addr, port);
	rcu_unregister_thread();
	return NULL;
}

static void *monitor(void *arg)
{
	(void)arg;
	rcu_register_thread();
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		rcu_read_lock();
		for (uint16_t port = 0; port < PORTS; port++) {
			struct conn *conn = conn_find(1, port);

			if (conn && __atomic_load_n(&conn->packets, __ATOMIC_RELAXED) > 1)
				abort();
		}
		rcu_read_unlock();
	}
	rcu_unregister_thread();
	return NULL;
}

struct totals {
	unsigned long removed, left, packets;
};

/* Removes a connection without packets, of which ctx keeps count. */
static int expire_visit(const void *key, size_t len, void *value, void *ctx)
{
	struct conn *conn = value;
	struct totals *totals = ctx;
	unsigned long seen = __atomic_load_n(&conn->packets, __ATOMIC_RELAXED);

	if (seen == 0 && rcumap_compare_and_delete(map, key, len, conn) == 1) {
		totals->removed++;
		return 0;
	}
	totals->left++;
	totals->packets += seen;
	return 0;
}

int main(void)
{
	pthread_t threads[WORKERS + 1];
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct totals totals = {0};

	rcu_register_thread();
	attr.key_len = sizeof(struct conn_key);
	attr.value_free = conn_free;
	attr.flags = RCUMAP_VALUE_LINK;
	attr.value_link = offsetof(struct conn, link);
	if (rcumap_create(&map, &attr))
		return 1;
	for (uintptr_t i = 0; i <= WORKERS; i++)
		if (pthread_create(&threads[i], NULL, i ? worker : monitor, (void *)i))
			return 1;
	for (int i = 1; i <= WORKERS; i++)
		pthread_join(threads[i], NULL);
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(threads[0], NULL);

	printf("opened %lu, refused %lu, closed %lu\n", opened, refused, closed);
	if (rcumap_range(map, expire_visit, &totals))
		return 1;
	printf("expired %lu\n", totals.removed);
	printf("left %lu with %lu packets\n", totals.left, totals.packets);
	if (rcumap_destroy_wait(map)) /* frees what is left, too */
		return 1;
	printf("freed %lu\n", freed);
	rcu_unregister_thread();
	return 0;
}
