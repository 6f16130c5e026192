/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The flavors by name, and their call_rcu workers.
 */
#include "flavors.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

const struct flavor *const flavors[] = {
	&flavor_memb, &flavor_mb, &flavor_qsbr, &flavor_bp, &flavor_c11, NULL,
};

enum { FLAVORS = sizeof(flavors) / sizeof(flavors[0]) - 1 };

/* Number 1 and up of each flavor; number 0 is the flavor's own affair. */
static struct call_rcu_data *workers[FLAVORS][FLAVOR_WORKERS];
static pthread_mutex_t workers_lock = PTHREAD_MUTEX_INITIALIZER;

const struct flavor *flavor_find(const char *name)
{
	for (size_t i = 0; i < FLAVORS; i++)
		if (!strcmp(flavors[i]->name, name))
			return flavors[i];
	return NULL;
}

static size_t flavor_number(const struct flavor *flavor)
{
	size_t i = 0;

	while (flavors[i] != flavor)
		i++;
	return i;
}

/* A worker inherits the signal mask of whoever creates it, and shall get no signals. */
static struct call_rcu_data *worker_create(const struct flavor *flavor, unsigned int index)
{
	struct call_rcu_data *worker;
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	worker = index ? flavor->create_worker(0, -1) : flavor->default_worker();
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return worker;
}

static struct call_rcu_data *worker_get(const struct flavor *flavor, unsigned int index)
{
	struct call_rcu_data **worker = &workers[flavor_number(flavor)][index];

	pthread_mutex_lock(&workers_lock);
	if (!*worker)
		*worker = worker_create(flavor, index);
	pthread_mutex_unlock(&workers_lock);
	return *worker;
}

void flavor_thread_begin(const struct flavor *flavor, unsigned int index)
{
	flavor->rcu->register_thread();
	flavor->set_worker(worker_get(flavor, index % FLAVOR_WORKERS));
}

void flavor_thread_end(const struct flavor *flavor)
{
	flavor->set_worker(NULL);
	flavor->rcu->unregister_thread();
}
