/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Random numbers that a seed repeats (splitmix64).
 */
#ifndef RCUMAP_STRESS_RNG_H
#define RCUMAP_STRESS_RNG_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
	uint64_t state;
};

static inline uint64_t rng_next(struct rng *rng)
{
	uint64_t z = rng->state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

/* A generator that depends on the seed of the run and on whom it is for. */
static inline struct rng rng_make(uint64_t seed, uint64_t stream)
{
	struct rng rng = {seed ^ stream * 0xd1342543de82ef95};

	rng_next(&rng);
	return rng;
}

/* 0 to @n - 1. */
static inline unsigned int rng_below(struct rng *rng, unsigned int n)
{
	return (unsigned int)((rng_next(rng) >> 32) * n >> 32);
}

/* True once in @n times; never if @n is 0. */
static inline bool rng_one_in(struct rng *rng, unsigned int n)
{
	return n && rng_below(rng, n) == 0;
}

#endif
