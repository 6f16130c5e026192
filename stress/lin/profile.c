/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * See profile.h. The smallest table grows at 21 keys, so that a handful of fillers makes the map
 * change its size every few histories, and chains have eight keys and more.
 */
#include "profile.h"

#include <stddef.h>
#include <string.h>

enum { WAIT = 128 };

const struct profile profiles[] = {
	{.name = "at rest", .clears = 1},
	{.name = "growing and shrinking", .fillers = 12, .filler_steps = 3, .clears = 1},
	{.name = "of some size", .fillers = 80, .filler_steps = 12},
	{.name = "cleared", .fillers = 12, .filler_steps = 4, .clears = 6},
	{.name = "rekeyed", .expected = 30, .rekey_one_in = 4, .clears = 1},
	{.name = "amended", .expected = 90, .amended = true, .fillers = 2, .filler_steps = 2},
	{.name = "chained", .hash = HASH_CONSTANT, .fillers = 6, .filler_steps = 2, .clears = 1},
	{.name = "chained and rekeyed",
	 .hash = HASH_FOUR,
	 .fillers = 12,
	 .filler_steps = 2,
	 .rekey_one_in = 6,
	 .amended = true},
	{.name = "out of memory",
	 .hash = HASH_FOUR,
	 .fillers = 16,
	 .filler_steps = 2,
	 .rekey_one_in = 6,
	 .clears = 1,
	 .amended = true,
	 .refuse_one_in = 4},
};

const unsigned int profile_count = sizeof(profiles) / sizeof(profiles[0]);

static uint64_t hash_four(const void *key, size_t len, uint64_t seed, void *ctx)
{
	(void)ctx;
	return (len ? *(const unsigned char *)key & 3 : 0) ^ seed;
}

static uint64_t hash_constant(const void *key, size_t len, uint64_t seed, void *ctx)
{
	(void)key;
	(void)len;
	(void)ctx;
	return seed;
}

void profile_attr(const struct profile *profile, struct rcumap_attr *attr)
{
	attr->expected = profile->expected;
	if (profile->hash == HASH_FOUR)
		attr->hash = hash_four;
	if (profile->hash == HASH_CONSTANT)
		attr->hash = hash_constant;
}

struct mix profile_mix(const struct profile *profile, struct rng *rng)
{
	struct mix mix = {.sum = 0};

	for (unsigned int kind = 0; kind < OP_KINDS; kind++)
		mix.weight[kind] = rng_below(rng, 4);
	mix.counts = rng_one_in(rng, 4);
	mix.weight[OP_COUNT] *= mix.counts;
	/* A clear makes histories say less of other keys. */
	mix.weight[OP_CLEAR] = rng_below(rng, profile->clears + 1);
	if (mix.counts && profile->fillers)
		mix.weight[OP_CLEAR] = 0;
	mix.weight[OP_LOAD]++;
	mix.weight[OP_STORE]++;
	for (unsigned int kind = 0; kind < OP_KINDS; kind++)
		mix.sum += mix.weight[kind];
	return mix;
}

static enum operation_kind mix_choose(const struct mix *mix, struct rng *rng)
{
	unsigned int n = rng_below(rng, mix->sum), kind = 0;

	while (n >= mix->weight[kind])
		n -= mix->weight[kind++];
	return (enum operation_kind)kind;
}

struct step profile_step(const struct profile *profile, const struct mix *mix, unsigned int keys,
			 struct rng *rng)
{
	return (struct step){
		.kind = mix_choose(mix, rng),
		.key = rng_below(rng, keys),
		.wait = rng_one_in(rng, 2) ? rng_below(rng, WAIT) : 0,
		.guess = rng_one_in(rng, 2),
		.same = rng_one_in(rng, 8),
		.bare = rng_one_in(rng, 2),
		.rekey = rng_one_in(rng, profile->rekey_one_in),
		.fillers = mix->counts ? 0 : rng_below(rng, profile->filler_steps + 1),
	};
}
