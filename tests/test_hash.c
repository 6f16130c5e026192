/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_hash.c - the keyed mix spreads keys over buckets and tags as chance would, whatever bits
 * they differ in.
 */
#include "support.h"

#include "../lib/hash.h"

enum { BUCKETS_LOG2 = 14, BUCKETS = 1 << BUCKETS_LOG2, LOAD = 4, TAGS = 256 };

struct pattern {
	const char *name;
	uint64_t (*key)(uint64_t i);
};

static uint64_t counting(uint64_t i)
{
	return i;
}

static uint64_t in_pages(uint64_t i)
{
	return i << 12;
}

static uint64_t in_upper_half(uint64_t i)
{
	return i << 32;
}

static uint64_t at_the_top(uint64_t i)
{
	return i << 46;
}

static uint64_t pointers(uint64_t i)
{
	return UINT64_C(0x7f0000000000) + 48 * i;
}

static uint64_t two_fields(uint64_t i)
{
	return (i & 255) | i >> 8 << 40;
}

static uint64_t inverse_of_a_multiplier(uint64_t i)
{
	return i * UINT64_C(0xf1de83e19937733d);
}

static const struct pattern patterns[] = {
	{"counting", counting},
	{"pages", in_pages},
	{"upper half", in_upper_half},
	{"top", at_the_top},
	{"pointers", pointers},
	{"two fields", two_fields},
	{"inverse", inverse_of_a_multiplier},
};

/* The mean square deviation of @n counters, over their mean: 1 by chance. */
static double dispersion(const unsigned int *counter, size_t n, double mean)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (counter[i] - mean) * (counter[i] - mean);
	return sum / (double)n / mean;
}

static void keys_spread_over_buckets_and_tags_as_chance_would(void **state)
{
	static unsigned int bucket[BUCKETS], tag[TAGS];
	struct rng rng = rng_make(1);

	(void)state;
	for (size_t p = 0; p < sizeof(patterns) / sizeof(*patterns); p++) {
		for (size_t repeat = 0; repeat < 4; repeat++) {
			uint64_t seed = rng_next(&rng);
			double of_buckets, of_tags;

			memset(bucket, 0, sizeof(bucket));
			memset(tag, 0, sizeof(tag));
			for (uint64_t i = 0; i < (uint64_t)LOAD * BUCKETS; i++) {
				uint64_t hash = hash_mix(patterns[p].key(i), seed);

				bucket[hash >> (64 - BUCKETS_LOG2)]++;
				tag[hash & (TAGS - 1)]++;
			}
			of_buckets = dispersion(bucket, BUCKETS, LOAD);
			of_tags = dispersion(tag, TAGS, (double)LOAD * BUCKETS / TAGS);
			check_that(of_buckets < 1.1, "%s: buckets disperse by %.3f",
				   patterns[p].name, of_buckets);
			check_that(of_tags < 1.5, "%s: tags disperse by %.3f", patterns[p].name,
				   of_tags);
		}
	}
}

static void a_tag_is_never_zero(void **state)
{
	(void)state;
	for (uint64_t hash = 0; hash < 2 * TAGS; hash++)
		check_that(hash_tag(hash) > 0 && hash_tag(hash) < TAGS, "tag %u", hash_tag(hash));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_spread_over_buckets_and_tags_as_chance_would),
		cmocka_unit_test(a_tag_is_never_zero),
	};

	test_begin();
	return test_end(cmocka_run_group_tests_name("hash", tests, NULL, NULL));
}
