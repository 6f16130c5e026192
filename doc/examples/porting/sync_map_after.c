/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The counters of page hits of sync_map_before.go in an rcumap: made on the first hit, taken out when
 * a page is retired, listed at the end. doc/porting/sync-map.md explains it.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <urcu.h>
#include <rcumap.h>

#define WORKERS 4
#define PAGES 10
#define HITS 1000 /* of each worker */

struct counter {
	long hits; /* atomic */
	struct rcumap_link link;
};

static struct rcumap *counters; /* path -> struct counter */

/* The hook value_free: what Go's collector would find out by itself. */
static void counter_free(void *counter, void *ctx)
{
	(void)ctx;
	free(counter);
}

/* In a section. The counter of a path that had none; of another thread, if that was faster. */
static struct counter *counter_add(const char *path)
{
	struct counter *counter = calloc(1, sizeof(*counter));
	void *found;

	if (!counter)
		return NULL;
	if (rcumap_load_or_store(counters, path, strlen(path), counter, &found))
		free(counter); /* not stored, hence ours: also on an error, when found is NULL */
	return found;
}

static void hit(const char *path)
{
	struct counter *counter;

	rcu_read_lock();
	counter = rcumap_load(counters, path, strlen(path));
	if (!counter)
		counter = counter_add(path);
	if (!counter)
		abort(); /* no memory, as in Go; here hit() could say so instead */
	__atomic_add_fetch(&counter->hits, 1, __ATOMIC_RELAXED);
	rcu_read_unlock();
}

static void *worker(void *arg)
{
	char path[32];

	(void)arg;
	rcu_register_thread();
	for (int i = 0; i < HITS; i++) {
		snprintf(path, sizeof(path), "/page%d", i * i % PAGES);
		hit(path);
	}
	rcu_unregister_thread();
	return NULL;
}

/* Takes a page out and tells its hits; -1 if it has none. */
static long retire(const char *path)
{
	void *found;
	long hits = -1;

	rcu_read_lock(); /* before the delete, so that what it returns may be read */
	if (rcumap_load_and_delete(counters, path, strlen(path), &found) == 1)
		hits = __atomic_load_n(&((struct counter *)found)->hits, __ATOMIC_RELAXED);
	rcu_read_unlock();
	return hits;
}

struct line {
	char path[32];
	long hits;
};

struct report {
	struct line lines[PAGES];
	size_t length;
};

/* Copies: neither the key nor the value may be used after the visit. */
static int report_visit(const void *key, size_t len, void *value, void *ctx)
{
	struct report *report = ctx;
	struct line *line = &report->lines[report->length];

	if (report->length == PAGES || len >= sizeof(line->path))
		return -1;
	memcpy(line->path, key, len); /* the map keeps no final zero byte; line is all zero */
	line->hits = __atomic_load_n(&((struct counter *)value)->hits, __ATOMIC_RELAXED);
	report->length++;
	return 0;
}

static int line_compare(const void *a, const void *b)
{
	return strcmp(((const struct line *)a)->path, ((const struct line *)b)->path);
}

int main(void)
{
	static const char *const retired[] = {"/page5", "/page7"};
	pthread_t threads[WORKERS];
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;
	struct report report = {0};

	rcu_register_thread();
	attr.value_free = counter_free;
	attr.flags = RCUMAP_VALUE_LINK;
	attr.value_link = offsetof(struct counter, link);
	if (rcumap_create(&counters, &attr))
		return 1;
	for (int i = 0; i < WORKERS; i++)
		if (pthread_create(&threads[i], NULL, worker, NULL))
			return 1;
	for (int i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);

	for (int i = 0; i < 2; i++) {
		long hits = retire(retired[i]);

		if (hits >= 0)
			printf("%s retired with %ld hits\n", retired[i], hits);
		else
			printf("%s has no hits\n", retired[i]);
	}
	if (rcumap_range(counters, report_visit, &report))
		return 1;
	qsort(report.lines, report.length, sizeof(report.lines[0]), line_compare);
	for (size_t i = 0; i < report.length; i++)
		printf("%s: %ld\n", report.lines[i].path, report.lines[i].hits);

	if (rcumap_destroy_wait(counters))
		return 1;
	rcu_unregister_thread();
	return 0;
}
