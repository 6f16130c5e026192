/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Values that tell when something is wrong with them.
 */
#include "value.h"

#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "counters.h"
#include "delay.h"
#include "fail.h"
#include "quarantine.h"
#include "run.h"
#include "watch.h"

#define MAGIC 0x76616c7565206f6bu

enum { TICK_US = THREAD_SANITIZER ? 5000 : 500 };

static const char *const names[VALUE_MODES] = {
	[VALUE_NOTE] = "note",
	[VALUE_LINK] = "link",
	[VALUE_OWN] = "own",
};

/* Grace periods that have begun, and that are over. */
static _Atomic(uint64_t) begun, over;
static _Atomic(bool) ending;
static pthread_t ticker;

const char *value_mode_name(enum value_mode mode)
{
	return names[mode];
}

enum value_mode value_mode_find(const char *name)
{
	int i = 0;

	while (i < VALUE_MODES && strcmp(names[i], name))
		i++;
	return (enum value_mode)i;
}

static void *tick(void *arg)
{
	uint64_t now = 0;

	(void)arg;
	run.flavor->rcu->register_thread();
	run.flavor->rcu->thread_offline();
	while (!watch_load(&ending)) {
		watch_store(&begun, ++now);
		run.flavor->rcu->update_synchronize_rcu();
		watch_store(&over, now);
		count(COUNT_GRACE);
		nap(TICK_US);
	}
	run.flavor->rcu->thread_online();
	run.flavor->rcu->unregister_thread();
	return NULL;
}

void ages_begin(void)
{
	check(!pthread_create(&ticker, NULL, tick, NULL), "no thread to count grace periods");
}

void ages_end(void)
{
	watch_store(&ending, true);
	pthread_join(ticker, NULL);
}

static uint64_t age(const struct value *value)
{
	uint64_t now = watch_load(&over);
	uint64_t retired = watch_load(&value->retired);

	if (!retired)
		return 0;
	return now >= retired ? 2 + now - retired : 1;
}

/* The grace period that begins next is the first that began after this. */
static void retire(struct value *value)
{
	watch_store(&value->retired, watch_load(&begun) + 1);
}

struct value *value_new(unsigned int key, unsigned int generation)
{
	struct value *value = calloc(1, sizeof(*value));

	check(value, "no memory for a value");
	value->magic = MAGIC;
	value->key = key;
	value->generation = generation;
	count(COUNT_VALUES);
	return value;
}

static void value_free(struct value *value)
{
	check(value->magic == MAGIC, "a value was freed twice");
	value->magic = 0;
	if (value->freed)
		watch_store(value->freed, true);
	count(COUNT_VALUES_FREED);
	quarantine_free(value, sizeof(*value));
}

void value_drop(struct value *value)
{
	value_free(value);
}

void value_check(const struct value *value, unsigned int key)
{
	uint64_t years;

	check(value->magic == MAGIC, "key %u has a value that was freed", key);
	check(value->key == key, "key %u has a value of key %u", key, value->key);
	years = age(value);
	count(years == 0 ? COUNT_AGE_LIVE : years == 1 ? COUNT_AGE_RETIRED : COUNT_AGE_OVER);
	check(years < 2, "key %u has a value of age %llu", key, (unsigned long long)years);
}

static void own_free_cb(struct rcu_head *rcu)
{
	value_free((struct value *)((char *)rcu - offsetof(struct value, rcu)));
}

void value_take(struct value *value, enum value_mode mode)
{
	check(!watch_exchange(&value->taken, true), "generation %u of key %u left the map twice",
	      value->generation, value->key);
	retire(value);
	if (mode == VALUE_OWN)
		run.flavor->rcu->update_call_rcu(&value->rcu, own_free_cb);
}

/* The value_free hook. */
static void value_free_hook(void *ptr, void *ctx)
{
	struct value *value = ptr;
	const _Atomic(bool) *forgets = ctx;

	delay_in_hook();
	check(value->magic == MAGIC, "value_free was called for a value that was freed");
	check(watch_load(forgets) || watch_load(&value->taken),
	      "value_free was called for generation %u of key %u, which has not left the map",
	      value->generation, value->key);
	value_free(value);
}

void value_attr(struct rcumap_attr *attr, enum value_mode mode, const _Atomic(bool) *forgets)
{
	if (mode == VALUE_OWN)
		return;
	attr->value_free = value_free_hook;
	attr->value_ctx = (void *)forgets;
	if (mode == VALUE_NOTE)
		return;
	attr->flags |= RCUMAP_VALUE_LINK;
	attr->value_link = offsetof(struct value, link);
}
