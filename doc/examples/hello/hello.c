/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * A whole program on rcumap, in C that is C++, too: two threads share a map. One stores numbers and
 * deletes the odd ones, the other looks them up meanwhile. The map frees what leaves it.
 *
 * The flavor of liburcu is memb. With -DRCU_MB it is mb, with -DHELLO_BP bp; link that flavor then.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef HELLO_BP
#include <urcu-bp.h>
#else
#include <urcu.h> /* memb; mb if RCU_MB is defined */
#endif
#include <rcumap.h>

#define KEYS 1000

static struct rcumap *map;

/* A grace period after a value has left the map: no reader can have it any more. */
static void value_free(void *value, void *ctx)
{
	(void)ctx;
	free(value);
}

static void *writer(void *arg)
{
	(void)arg;
	rcu_register_thread();
	for (uint64_t key = 0; key < KEYS; key++) {
		uint64_t *value = (uint64_t *)malloc(sizeof(*value));

		if (!value)
			exit(1);
		*value = key * key;
		if (rcumap_store(map, &key, sizeof(key), value) != 0)
			exit(1); /* not stored: value is still ours */
		if (key % 2)
			rcumap_delete(map, &key, sizeof(key));
	}
	rcu_unregister_thread();
	return NULL;
}

static void *reader(void *arg)
{
	(void)arg;
	rcu_register_thread();
	for (uint64_t key = 0; key < KEYS; key++) {
		const uint64_t *value;

		rcu_read_lock();
		value = (const uint64_t *)rcumap_load(map, &key, sizeof(key));
		if (value && *value != key * key)
			exit(1);
		rcu_read_unlock(); /* value must not be used from here on */
	}
	rcu_unregister_thread();
	return NULL;
}

int main(void)
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	pthread_t threads[2];

	attr.key_len = sizeof(uint64_t);
	attr.value_free = value_free;
	rcu_register_thread();
	if (rcumap_create(&map, &attr) != 0)
		return 1;
	if (pthread_create(&threads[0], NULL, writer, NULL) != 0 ||
	    pthread_create(&threads[1], NULL, reader, NULL) != 0)
		return 1;
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	printf("hello, %u keys of rcumap %s\n", (unsigned int)rcumap_count(map), rcumap_version());
	if (rcumap_destroy_wait(map) != 0) /* frees the values, too */
		return 1;
	rcu_unregister_thread();
	return 0;
}
