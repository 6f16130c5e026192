/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Random numbers (splitmix64): one state for each thread, derived from the seed of the run.
 */
#ifndef RCUMAP_STRESS_RANDOM_H
#define RCUMAP_STRESS_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
	uint64_t state;
};

static inline uint64_t random_next(struct random *random)
{
	uint64_t z = random->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static inline unsigned int random_below(struct random *random, unsigned int n)
{
	return (unsigned int)((random_next(random) >> 32) * n >> 32);
}

/* True once in @n times; never if @n is 0. */
static inline bool random_one_in(struct random *random, unsigned int n)
{
	return n && !random_below(random, n);
}

#endif
