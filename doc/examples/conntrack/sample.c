/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The sampler thread. It does not use the map, so RCU need not know of it.
 */
#include "sample.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define INTERVAL_MS 4

double clock_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Room for one sample more; without memory the record just ends earlier. */
static int sampler_room(struct sampler *sampler)
{
	size_t room = sampler->room ? 2 * sampler->room : 1024;
	struct sample *samples;

	if (sampler->nr < sampler->room)
		return 0;
	samples = realloc(sampler->samples, room * sizeof(*samples));
	if (!samples)
		return -ENOMEM;
	sampler->samples = samples;
	sampler->room = room;
	return 0;
}

static void *sampler_run(void *arg)
{
	struct sampler *sampler = arg;
	struct pollfd stop = {.fd = sampler->stop, .events = POLLIN};

	do {
		if (sampler_room(sampler))
			break;
		sampler->samples[sampler->nr++] = (struct sample){
			.seconds = clock_seconds() - sampler->start,
			.dead_bytes = ledger_read(&sampler->ledger->dead_bytes),
		};
	} while (poll(&stop, 1, INTERVAL_MS) <= 0);
	return NULL;
}

int sampler_start(struct sampler *sampler, const struct ledger *ledger)
{
	int ret;

	*sampler = (struct sampler){.ledger = ledger, .start = clock_seconds()};
	sampler->stop = eventfd(0, EFD_CLOEXEC);
	if (sampler->stop < 0)
		return -errno;
	ret = pthread_create(&sampler->thread, NULL, sampler_run, sampler);
	if (ret)
		close(sampler->stop);
	return -ret;
}

void sampler_stop(struct sampler *sampler)
{
	const uint64_t one = 1;

	if (write(sampler->stop, &one, sizeof(one)) != sizeof(one))
		abort(); /* cannot happen: a fresh eventfd has room for it */
	pthread_join(sampler->thread, NULL);
	close(sampler->stop);
}

void sampler_free(struct sampler *sampler)
{
	free(sampler->samples);
	*sampler = (struct sampler){0};
}

double sampler_seconds(const struct sampler *sampler)
{
	return sampler->nr ? sampler->samples[sampler->nr - 1].seconds : 0;
}

size_t sampler_most(const struct sampler *sampler, double from, double to)
{
	size_t before = 0;
	size_t most = 0;
	bool any = false;

	for (size_t i = 0; i < sampler->nr && sampler->samples[i].seconds < to; i++) {
		const struct sample *sample = &sampler->samples[i];

		if (sample->seconds < from) {
			before = sample->dead_bytes;
			continue;
		}
		any = true;
		most = sample->dead_bytes > most ? sample->dead_bytes : most;
	}
	return any ? most : before;
}
