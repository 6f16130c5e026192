/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * A table of connections in liburcu's cds_lfht. Workers open connections, count packets on them and
 * close some, while a monitor looks connections up; at the end idle ones are expired, and the rest
 * is taken down. cds_lfht_after.c does the same in an rcumap; doc/porting/cds_lfht.md explains it.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <urcu.h>
#include <urcu/rculfhash.h>

#define WORKERS 4
#define PORTS 1000

struct conn_key {
	uint32_t addr;
	uint16_t port;
};

struct conn {
	struct conn_key key;
	unsigned long packets; /* atomic */
	struct cds_lfht_node node;
	struct rcu_head rcu;
};

static struct cds_lfht *table;
static unsigned long opened, refused, closed, freed; /* atomic */
static int stop;				     /* atomic */

static void count(unsigned long *counter)
{
	__atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
}

static unsigned long conn_hash(const struct conn_key *key)
{
	return (key->addr ^ ((unsigned long)key->port << 16)) * 2654435761ul;
}

static int conn_match(struct cds_lfht_node *node, const void *key)
{
	const struct conn_key *a = &caa_container_of(node, struct conn, node)->key;
	const struct conn_key *b = key;

	return a->addr == b->addr && a->port == b->port;
}

static void conn_free(struct rcu_head *head)
{
	free(caa_container_of(head, struct conn, rcu));
	count(&freed);
}

/* In a section, which the connection may be used in. */
static struct conn *conn_find(uint32_t addr, uint16_t port)
{
	struct conn_key key = {.addr = addr, .port = port};
	struct cds_lfht_iter iter;
	struct cds_lfht_node *node;

	cds_lfht_lookup(table, conn_hash(&key), conn_match, &key, &iter);
	node = cds_lfht_iter_get_node(&iter);
	return node ? caa_container_of(node, struct conn, node) : NULL;
}

static void conn_open(uint32_t addr, uint16_t port)
{
	struct conn *conn = calloc(1, sizeof(*conn));
	struct cds_lfht_node *found;

	if (!conn)
		abort();
	conn->key.addr = addr;
	conn->key.port = port;
	cds_lfht_node_init(&conn->node);
	rcu_read_lock();
	found = cds_lfht_add_unique(table, conn_hash(&conn->key), conn_match, &conn->key,
				    &conn->node);
	rcu_read_unlock();
	count(found == &conn->node ? &opened : &refused);
	if (found != &conn->node)
		free(conn);
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
	struct conn *conn;

	rcu_read_lock();
	conn = conn_find(addr, port);
	if (conn && cds_lfht_del(table, &conn->node) == 0) {
		count(&closed);
		call_rcu(&conn->rcu, conn_free);
	}
	rcu_read_unlock();
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

			if (conn && conn->key.port != port)
				abort();
		}
		rcu_read_unlock();
	}
	rcu_unregister_thread();
	return NULL;
}

/* Removes the connections without packets, or all; returns how many, and adds up their packets. */
static unsigned long expire(bool all, unsigned long *packets)
{
	struct cds_lfht_iter iter;
	struct cds_lfht_node *node;
	unsigned long removed = 0;

	rcu_read_lock();
	cds_lfht_for_each(table, &iter, node)
	{
		struct conn *conn = caa_container_of(node, struct conn, node);
		unsigned long seen = __atomic_load_n(&conn->packets, __ATOMIC_RELAXED);

		if ((seen && !all) || cds_lfht_del(table, &conn->node))
			continue;
		*packets += seen;
		removed++;
		call_rcu(&conn->rcu, conn_free);
	}
	rcu_read_unlock();
	return removed;
}

int main(void)
{
	pthread_t threads[WORKERS + 1];
	unsigned long packets = 0, removed;

	rcu_register_thread();
	table = cds_lfht_new(64, 64, 0, CDS_LFHT_AUTO_RESIZE | CDS_LFHT_ACCOUNTING, NULL);
	if (!table)
		return 1;
	for (uintptr_t i = 0; i <= WORKERS; i++)
		if (pthread_create(&threads[i], NULL, i ? worker : monitor, (void *)i))
			return 1;
	for (int i = 1; i <= WORKERS; i++)
		pthread_join(threads[i], NULL);
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(threads[0], NULL);

	printf("opened %lu, refused %lu, closed %lu\n", opened, refused, closed);
	printf("expired %lu\n", expire(false, &packets));
	removed = expire(true, &packets);
	printf("left %lu with %lu packets\n", removed, packets);
	rcu_barrier(); /* for conn_free() */
	if (cds_lfht_destroy(table, NULL))
		return 1;
	printf("freed %lu\n", freed);
	rcu_unregister_thread();
	return 0;
}
