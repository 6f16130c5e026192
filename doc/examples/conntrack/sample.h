/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * A thread that reads the allocator's figures every few milliseconds, for the charts.
 */
#ifndef CONNTRACK_SAMPLE_H
#define CONNTRACK_SAMPLE_H

#include <pthread.h>
#include <stddef.h>

#include "alloc.h"

struct sample {
	double seconds; /* since the start */
	size_t dead_bytes;
};

struct sampler {
	const struct ledger *ledger;
	pthread_t thread;
	double start;
	int stop; /* an eventfd */
	struct sample *samples;
	size_t nr;
	size_t room;
};

/* 0 or -errno. */
int sampler_start(struct sampler *sampler, const struct ledger *ledger);

/* Ends the thread; the samples stay until sampler_free(). */
void sampler_stop(struct sampler *sampler);
void sampler_free(struct sampler *sampler);

/* How long it ran. */
double sampler_seconds(const struct sampler *sampler);

/* The most dead bytes between two times; if none was sampled then, those of the sample before. */
size_t sampler_most(const struct sampler *sampler, double from, double to);

/* A clock that only goes forward, in seconds. */
double clock_seconds(void);

#endif
