/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_model.c - random sequences of operations on a map and on a naive one, an array indexed by
 * the number of the key: every result and out parameter must be the same, and now and then all
 * contents.
 *
 * Maps live for some sequences, so that they grow, shrink and are cleared; hashes that are of no
 * use and few keys make chains and migrations common. When a plan ends, all memory is back and
 * value_free was called exactly once for every value. test_model_threads.c does the same with
 * threads.
 */
#include "support.h"

#include <inttypes.h>

enum { STEPS = 40, KEYS_MAX = 1000, LIFE_MAX = 24, ROUNDS_MAX = 64 };

enum values { VALUES_PLAIN, VALUES_FREED, VALUES_LINKED };

enum op {
	LOAD,
	STORE,
	SWAP,
	LOAD_OR_STORE,
	LOAD_AND_DELETE,
	DELETE,
	COMPARE_AND_SWAP,
	COMPARE_AND_SWAP_WRONG,
	COMPARE_AND_SWAP_SELF,
	COMPARE_AND_DELETE,
	COMPARE_AND_DELETE_WRONG,
	RANGE,
	COUNT,
	CLEAR,
	STORE_ALL,
	DELETE_ALL,
	N_OPS,
};

static const char *const op_names[N_OPS] = {
	"load",
	"store",
	"swap",
	"load_or_store",
	"load_and_delete",
	"delete",
	"compare_and_swap",
	"compare_and_swap with a wrong old",
	"compare_and_swap with itself",
	"compare_and_delete",
	"compare_and_delete with a wrong old",
	"range",
	"count",
	"clear",
	"store of all keys",
	"delete of all keys",
};

/* How often an operation is taken, by the mood of a sequence: growing, shrinking, neither. */
static const unsigned char weights[3][N_OPS] = {
	{6, 30, 12, 20, 2, 2, 6, 2, 2, 2, 2, 1, 2, 0, 2, 0},
	{6, 3, 2, 3, 30, 20, 3, 2, 2, 20, 2, 1, 2, 0, 0, 2},
	{30, 20, 20, 20, 20, 20, 20, 8, 8, 20, 8, 3, 8, 1, 0, 0},
};

struct plan {
	const char *name;
	uint64_t (*hash)(const void *key, size_t len, uint64_t seed, void *ctx);
	size_t key_len;
	enum values values;
	size_t keys;
	size_t sequences; /* in a full run; a tenth of it with CHECK=quick */
};

struct step {
	enum op op;
	size_t key;
};

struct model {
	const struct plan *plan;
	struct rng rng;
	struct test_alloc alloc;
	struct value_pool pool;
	struct rcumap *map;
	struct test_key *keys;
	size_t count;		       /* the naive map: number of keys */
	struct value *naive[KEYS_MAX]; /* and value of each, NULL if absent */
	unsigned char times[KEYS_MAX]; /* that range visited each */
	size_t maps;		       /* made so far */
	bool alone;		       /* every earlier map is gone */
	size_t sequence, born;	       /* number of this sequence, and of the map's first */
	size_t length;		       /* steps of this sequence so far */
	struct step steps[STEPS];
	uint64_t generation;
};

static void print_sequence(void *arg)
{
	const struct model *m = arg;

	fprintf(stderr, "  plan \"%s\", sequence %zu (the map's first was %zu):\n", m->plan->name,
		m->sequence, m->born);
	for (size_t i = 0; i < m->length; i++)
		fprintf(stderr, "    %2zu: %s, key number %zu\n", i + 1, op_names[m->steps[i].op],
			m->steps[i].key);
}

static struct value *new_value(struct model *m, size_t key)
{
	return value_new(&m->pool, key, ++m->generation);
}

/* @value has left the map. */
static void left(struct model *m, struct value *value)
{
	if (value && m->plan->values == VALUES_PLAIN)
		value_defer(value);
}

static void naive_set(struct model *m, size_t key, struct value *value)
{
	left(m, m->naive[key]);
	m->count += !!value;
	m->count -= !!m->naive[key];
	m->naive[key] = value;
}

static void naive_clear(struct model *m)
{
	for (size_t i = 0; i < m->plan->keys; i++)
		naive_set(m, i, NULL);
}

/*
 * One operation on both maps. @was is the key's value, NULL if absent.
 */

static void do_load(struct model *m, size_t key, struct value *was)
{
	const struct test_key *k = &m->keys[key];

	rcu_read_lock();
	check_ptr(rcumap_load(m->map, k->bytes, k->len), was);
	if (was)
		value_check(was, key);
	rcu_read_unlock();
}

static void do_store(struct model *m, size_t key, struct value *was)
{
	const struct test_key *k = &m->keys[key];
	struct value *value = new_value(m, key);

	(void)was;
	check_int(rcumap_store(m->map, k->bytes, k->len, value), 0);
	naive_set(m, key, value);
}

static void do_swap(struct model *m, size_t key, struct value *was)
{
	const struct test_key *k = &m->keys[key];
	struct value *value = new_value(m, key);
	void *old = m;

	check_int(rcumap_swap(m->map, k->bytes, k->len, value, &old), !!was);
	check_ptr(old, was);
	naive_set(m, key, value);
}

static void do_load_or_store(struct model *m, size_t key, struct value *was)
{
	const struct test_key *k = &m->keys[key];
	struct value *value = new_value(m, key);
	void *actual = m;

	check_int(rcumap_load_or_store(m->map, k->bytes, k->len, value, &actual), !!was);
	check_ptr(actual, was ? was : value);
	if (was)
		value_free(value, &m->pool);
	else
		naive_set(m, key, value);
}

static void do_load_and_delete(struct model *m, size_t key, struct value *was)
{
	const struct test_key *k = &m->keys[key];
	void *old = m;

	check_int(rcumap_load_and_delete(m->map, k->bytes, k->len, &old), !!was);
	check_ptr(old, was);
	naive_set(m, key, NULL);
}

static void do_delete(struct model *m, size_t key, struct value *was)
{
	const struct test_key *k = &m->keys[key];

	check_int(rcumap_delete(m->map, k->bytes, k->len), !!was);
	naive_set(m, key, NULL);
}

static void do_compare_and_swap(struct model *m, size_t key, struct value *was)
{
	const struct test_key *k = &m->keys[key];
	struct value *value = new_value(m, key), *old = was ? was : value;

	check_int(rcumap_compare_and_swap(m->map, k->bytes, k->len, old, value), !!was);
	if (was)
		naive_set(m, key, value);
	else
		value_free(value, &m->pool);
}

/* The value of another key, or one that was never stored. */
static void do_compare_and_swap_wrong(struct model *m, size_t key, struct value *was)
{
	const struct test_key *k = &m->keys[key];
	size_t other = rng_below(&m->rng, m->plan->keys);
	struct value *value = new_value(m, key);
	struct value *old = other != key && m->naive[other] ? m->naive[other] : value;

	(void)was;
	check_int(rcumap_compare_and_swap(m->map, k->bytes, k->len, old, value), 0);
	value_free(value, &m->pool);
}

static void do_compare_and_swap_self(struct model *m, size_t key, struct value *was)
{
	const struct test_key *k = &m->keys[key];

	if (was)
		check_int(rcumap_compare_and_swap(m->map, k->bytes, k->len, was, was), 1);
}

static void do_compare_and_delete(struct model *m, size_t key, struct value *was)
{
	const struct test_key *k = &m->keys[key];
	void *old = was ? (void *)was : m;

	check_int(rcumap_compare_and_delete(m->map, k->bytes, k->len, old), !!was);
	naive_set(m, key, NULL);
}

static void do_compare_and_delete_wrong(struct model *m, size_t key, struct value *was)
{
	const struct test_key *k = &m->keys[key];
	size_t other = rng_below(&m->rng, m->plan->keys);
	void *old = other != key && m->naive[other] ? (void *)m->naive[other] : m;

	(void)was;
	check_int(rcumap_compare_and_delete(m->map, k->bytes, k->len, old), 0);
}

static int visit(const void *bytes, size_t len, void *ptr, void *ctx)
{
	struct model *m = ctx;
	struct value *value = ptr;
	size_t key = value->key;

	value_check(value, key);
	check_that(key < m->plan->keys && m->naive[key] == value,
		   "range: a value that is not in the map, of key number %zu", key);
	check_that(len == m->keys[key].len && !memcmp(bytes, m->keys[key].bytes, len),
		   "range: a wrong key for key number %zu", key);
	check_that(!m->times[key]++, "range: key number %zu twice", key);
	return 0;
}

static void do_range(struct model *m, size_t key, struct value *was)
{
	(void)key, (void)was;
	memset(m->times, 0, m->plan->keys);
	check_int(rcumap_range(m->map, visit, m), 0);
	for (size_t i = 0; i < m->plan->keys; i++)
		check_that(m->times[i] == !!m->naive[i], "range: key number %zu is missing", i);
}

static void do_count(struct model *m, size_t key, struct value *was)
{
	(void)key, (void)was;
	check_size(rcumap_count(m->map), m->count);
}

static void do_clear(struct model *m, size_t key, struct value *was)
{
	(void)key, (void)was;
	check_int(rcumap_clear(m->map), 0);
	naive_clear(m);
}

static void do_store_all(struct model *m, size_t key, struct value *was)
{
	(void)key, (void)was;
	for (size_t i = 0; i < m->plan->keys; i++)
		do_swap(m, i, m->naive[i]);
}

static void do_delete_all(struct model *m, size_t key, struct value *was)
{
	(void)key, (void)was;
	for (size_t i = 0; i < m->plan->keys; i++)
		do_delete(m, i, m->naive[i]);
}

static void (*const op_functions[N_OPS])(struct model *m, size_t key, struct value *was) = {
	do_load,
	do_store,
	do_swap,
	do_load_or_store,
	do_load_and_delete,
	do_delete,
	do_compare_and_swap,
	do_compare_and_swap_wrong,
	do_compare_and_swap_self,
	do_compare_and_delete,
	do_compare_and_delete_wrong,
	do_range,
	do_count,
	do_clear,
	do_store_all,
	do_delete_all,
};

/*
 * Sequences
 */

static enum op choose_op(struct rng *rng, const unsigned char *weight)
{
	size_t sum = 0, at;
	enum op op;

	for (op = 0; op < N_OPS; op++)
		sum += weight[op];
	at = rng_below(rng, sum);
	for (op = 0; at >= weight[op]; op++)
		at -= weight[op];
	return op;
}

static void check_map(struct model *m)
{
	check_invariants(m->map);
	check_size(rcumap_count(m->map), m->count);
	do_range(m, 0, NULL);
	for (size_t i = 0; i < m->plan->keys; i++)
		do_load(m, i, m->naive[i]);
}

/* Some sequences run inside one section as a whole, so that nothing is freed meanwhile. */
static void run_sequence(struct model *m)
{
	const unsigned char *weight = weights[rng_below(&m->rng, 3)];
	bool section = !rng_below(&m->rng, 8);

	if (section)
		rcu_read_lock();
	for (m->length = 0; m->length < STEPS;) {
		struct step *step = &m->steps[m->length++];

		step->op = choose_op(&m->rng, weight);
		step->key = rng_below(&m->rng, m->plan->keys);
		test_note_key(m->keys[step->key].bytes, m->keys[step->key].len);
		op_functions[step->op](m, step->key, m->naive[step->key]);
		check_size(rcumap_count(m->map), m->count);
	}
	if (section)
		rcu_read_unlock();
	if (m->plan->keys <= 100 || !(m->sequence % 16))
		check_map(m);
}

static void create_map(struct model *m)
{
	const struct plan *plan = m->plan;
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;

	attr.key_len = plan->key_len;
	attr.hash = plan->hash;
	test_alloc_attr(&attr, &m->alloc);
	if (plan->values != VALUES_PLAIN)
		value_pool_attr(&attr, &m->pool, plan->values == VALUES_LINKED);
	check_int(rcumap_create(&m->map, &attr), 0);
	m->born = m->sequence;
	m->maps++;
}

/* Everything retired so far is freed, and nothing else. */
static void check_drained(struct model *m)
{
	check_int(rcumap_drain(m->map), 0);
	if (m->plan->values != VALUES_PLAIN)
		check_size(atomic_load(&m->pool.freed), atomic_load(&m->pool.made) - m->count);
}

/* Waiting takes long, so most maps are left to themselves; but not all, nor the last. */
static void end_map(struct model *m, bool wait)
{
	check_map(m);
	if (m->alone)
		check_drained(m);
	if (wait)
		check_int(rcumap_destroy_wait(m->map), 0);
	else
		check_int(rcumap_destroy(m->map), 0);
	naive_clear(m);
	if (wait)
		check_that(test_alloc_await_empty(&m->alloc, ROUNDS_MAX),
			   "%zu bytes are not given back", test_alloc_held(&m->alloc).bytes);
	m->alone = wait;
}

static struct model *model_make(const struct plan *plan)
{
	struct model *m = calloc(1, sizeof(*m));

	m->plan = plan;
	m->alone = true;
	m->rng = rng_make(plan->keys * 8 + plan->values);
	m->keys = calloc(plan->keys, sizeof(*m->keys));
	for (size_t i = 0; i < plan->keys; i++)
		m->keys[i] = test_key(plan->key_len, i);
	value_pool_init(&m->pool);
	return m;
}

static void model_end(struct model *m)
{
	wait_rounds(2); /* value_defer() */
	value_pool_fini(&m->pool);
	test_at_fail(NULL, NULL);
	free(m->keys);
	free(m);
}

static void map_and_model_agree(void **state)
{
	const struct plan *plan = *state;
	struct model *m = model_make(plan);
	size_t sequences = test_scale(plan->sequences, plan->sequences / 10), die = 0;

	test_at_fail(print_sequence, m);
	while (m->sequence < sequences) {
		if (m->sequence == die) {
			if (m->map)
				end_map(m, !(m->maps % 512));
			die += 1 + rng_below(&m->rng, LIFE_MAX);
			create_map(m);
		}
		run_sequence(m);
		m->sequence++;
	}
	m->length = 0;
	end_map(m, true);
	model_end(m);
}

#define PLAN(...) \
	{ \
		NULL, map_and_model_agree, NULL, NULL, &(struct plan) \
		{ \
			__VA_ARGS__ \
		} \
	}

int main(void)
{
	struct CMUnitTest tests[] = {
		PLAN("one key", NULL, 0, VALUES_FREED, 1, 20000),
		PLAN("12 keys of any length, link", NULL, 0, VALUES_LINKED, 12, 40000),
		PLAN("40 keys of any length, good hash, value_free", hash_good, 0, VALUES_FREED, 40,
		     40000),
		PLAN("64 keys of 8 bytes, link", NULL, 8, VALUES_LINKED, 64, 40000),
		PLAN("8 keys of any length, constant hash, link", hash_constant, 0, VALUES_LINKED,
		     8, 30000),
		PLAN("48 keys of 8 bytes, 2-bit hash, value_free", hash_two_bits, 8, VALUES_FREED,
		     48, 30000),
		PLAN("100 keys of 8 bytes, constant hash, plain values", hash_constant, 8,
		     VALUES_PLAIN, 100, 20000),
		PLAN("300 keys of any length, plain values", NULL, 0, VALUES_PLAIN, 300, 20000),
		PLAN("300 keys of any length, 2-bit hash, link", hash_two_bits, 0, VALUES_LINKED,
		     300, 10000),
		PLAN("1000 keys of 8 bytes, value_free", NULL, 8, VALUES_FREED, 1000, 10000),
		PLAN("200 keys of 1 byte, plain values", NULL, 1, VALUES_PLAIN, 200, 10000),
	};

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tests[i].name = ((const struct plan *)tests[i].initial_state)->name;
	test_begin();
	return test_end(cmocka_run_group_tests_name("map and model agree", tests, NULL, NULL));
}
