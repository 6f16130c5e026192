/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * test_lin.c - the judge itself is judged: by histories written by hand, good and bad ones for each
 * promise of rcumap.h.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "lin.h"

#define FOREVER UINT64_MAX

/*
 * Operations by hand: at(invoked, returned, call with its answer). There are two keys, absent at
 * first.
 */

static struct operation at(uint64_t invoked, uint64_t returned, struct operation op)
{
	op.invoked = invoked;
	op.returned = returned;
	return op;
}

static struct operation load(unsigned int key, uint32_t result)
{
	return (struct operation){
		.kind = OP_LOAD, .key = key, .result = result, .answer = result != 0};
}

static struct operation store(unsigned int key, uint32_t value)
{
	return (struct operation){.kind = OP_STORE, .key = key, .value = value};
}

static struct operation swap(unsigned int key, uint32_t value, uint32_t old)
{
	return (struct operation){
		.kind = OP_SWAP, .key = key, .value = value, .result = old, .answer = old != 0};
}

/* @loaded 0: it stored. */
static struct operation load_or_store(unsigned int key, uint32_t value, uint32_t loaded)
{
	return (struct operation){.kind = OP_LOAD_OR_STORE,
				  .key = key,
				  .value = value,
				  .result = loaded ? loaded : value,
				  .answer = loaded != 0};
}

static struct operation load_and_delete(unsigned int key, uint32_t old)
{
	return (struct operation){
		.kind = OP_LOAD_AND_DELETE, .key = key, .result = old, .answer = old != 0};
}

static struct operation erase(unsigned int key, int answer)
{
	return (struct operation){.kind = OP_DELETE, .key = key, .answer = answer};
}

static struct operation compare_and_swap(unsigned int key, uint32_t old, uint32_t value, int answer)
{
	return (struct operation){.kind = OP_COMPARE_AND_SWAP,
				  .key = key,
				  .expected = old,
				  .value = value,
				  .answer = answer};
}

static struct operation compare_and_delete(unsigned int key, uint32_t old, int answer)
{
	return (struct operation){
		.kind = OP_COMPARE_AND_DELETE, .key = key, .expected = old, .answer = answer};
}

static struct operation clear(void)
{
	return (struct operation){.kind = OP_CLEAR};
}

static struct operation range(uint32_t first, uint32_t second)
{
	return (struct operation){
		.kind = OP_RANGE, .visited = {first, second}, .visits = {first != 0, second != 0}};
}

static struct operation count(uint32_t counted)
{
	return (struct operation){.kind = OP_COUNT, .counted = counted};
}

/* The same, but it said -ENOMEM. */
static struct operation failed(struct operation op)
{
	op.answer = -ENOMEM;
	op.result = 0;
	return op;
}

static void check_judged(bool good, const struct operation *operations, size_t n, int line)
{
	struct history history = {.keys = 2, .operations = (unsigned int)n};

	memcpy(history.operation, operations, n * sizeof(*operations));
	if (lin_judge(&history) == good)
		return;
	history_print(stderr, &history);
	fail_msg("line %d: judged %s", line, good ? "bad" : "good");
}

#define judged(good, ...) \
	check_judged(good, (struct operation[]){__VA_ARGS__}, \
		     sizeof((struct operation[]){__VA_ARGS__}) / sizeof(struct operation), \
		     __LINE__)
#define good(...) judged(true, __VA_ARGS__)
#define bad(...) judged(false, __VA_ARGS__)

static void a_store_is_loaded(void **state)
{
	(void)state;
	good(at(1, 2, store(0, 7)), at(3, 4, load(0, 7)));
	good(at(1, 4, store(0, 7)), at(2, 3, load(0, 0)));
	good(at(1, 4, store(0, 7)), at(2, 3, load(0, 7)));
	good(at(1, 2, store(0, 7)), at(2, 3, load(0, 0))); /* equal times overlap */
	bad(at(1, 2, store(0, 7)), at(3, 4, load(0, 0)));  /* a lost insert */
	bad(at(1, 2, store(0, 7)), at(3, 4, load(1, 7)));  /* of another key */
	bad(at(1, 2, load(0, 7)), at(3, 4, store(0, 7)));  /* before it was stored */
	bad(at(1, 2, load(0, 9)), at(1, 2, store(0, 7)));  /* never stored */
}

static void a_load_is_not_stale(void **state)
{
	(void)state;
	bad(at(1, 2, store(0, 7)), at(3, 4, store(0, 8)), at(5, 6, load(0, 7)));
	good(at(1, 2, store(0, 7)), at(3, 6, store(0, 8)), at(5, 6, load(0, 7)));
	/* new, then old */
	bad(at(1, 2, store(0, 7)), at(3, 9, store(0, 8)), at(4, 5, load(0, 8)),
	    at(6, 7, load(0, 7)));
	/* two readers see two stores in different orders */
	bad(at(1, 9, store(0, 7)), at(1, 9, store(0, 8)), at(1, 2, load(0, 7)),
	    at(3, 4, load(0, 8)), at(5, 6, load(0, 7)));
	good(at(1, 9, store(0, 7)), at(1, 9, store(0, 8)), at(1, 2, load(0, 7)),
	     at(3, 4, load(0, 8)), at(5, 6, load(0, 8)));
}

static void a_key_does_not_flicker(void **state)
{
	(void)state;
	/* hit, miss, hit of one insert */
	bad(at(1, 9, store(0, 7)), at(2, 3, load(0, 7)), at(4, 5, load(0, 0)),
	    at(6, 7, load(0, 7)));
	/* hit after miss after hit, of a key that a delete takes out */
	bad(at(0, 0, store(0, 7)), at(1, 9, erase(0, 1)), at(2, 3, load(0, 7)),
	    at(4, 5, load(0, 0)), at(6, 7, load(0, 7)));
	good(at(0, 0, store(0, 7)), at(1, 9, erase(0, 1)), at(2, 3, load(0, 7)),
	     at(4, 5, load(0, 0)), at(6, 7, load(0, 0)));
	/* a miss of a key that is only swapped */
	bad(at(0, 0, store(0, 7)), at(1, 9, swap(0, 8, 7)), at(2, 3, load(0, 0)));
}

static void a_swap_returns_what_it_replaced(void **state)
{
	(void)state;
	good(at(1, 2, swap(0, 7, 0)), at(3, 4, swap(0, 8, 7)), at(5, 6, load(0, 8)));
	good(at(1, 4, swap(0, 7, 8)), at(2, 3, swap(0, 8, 0)), at(5, 6, load(0, 7)));
	bad(at(1, 4, swap(0, 7, 0)), at(2, 3, swap(0, 8, 0))); /* both inserted */
	bad(at(1, 2, swap(0, 7, 0)), at(3, 4, swap(0, 8, 0)));
	/* both replaced 7: one value is lost */
	bad(at(0, 0, store(0, 7)), at(1, 4, swap(0, 8, 7)), at(2, 3, swap(0, 9, 7)));
	bad(at(0, 0, store(0, 7)), at(1, 2, swap(0, 8, 9)));
	bad(at(1, 4, swap(0, 7, 8)), at(1, 4, swap(0, 8, 7))); /* in a circle */
	/* over a deleted key: the value is lost */
	bad(at(0, 0, store(0, 7)), at(1, 4, erase(0, 1)), at(1, 4, swap(0, 8, 7)),
	    at(5, 6, load(0, 0)), at(7, 8, erase(0, 1)));
	good(at(0, 0, store(0, 7)), at(1, 4, erase(0, 1)), at(1, 4, swap(0, 8, 0)),
	     at(5, 6, load(0, 8)));
}

static void a_load_or_store_does_one_of_both(void **state)
{
	struct operation wrong = load_or_store(0, 7, 0);

	(void)state;
	good(at(1, 2, load_or_store(0, 7, 0)), at(3, 4, load_or_store(0, 8, 7)));
	good(at(1, 4, load_or_store(0, 7, 8)), at(2, 3, load_or_store(0, 8, 0)));
	bad(at(1, 4, load_or_store(0, 7, 0)), at(2, 3, load_or_store(0, 8, 0)));
	bad(at(1, 4, load_or_store(0, 7, 8)), at(2, 3, load_or_store(0, 8, 7)));
	bad(at(0, 0, store(0, 7)), at(1, 2, load_or_store(0, 8, 0)));
	bad(at(0, 0, store(0, 7)), at(1, 2, load_or_store(0, 8, 7)), at(3, 4, load(0, 8)));
	bad(at(1, 2, load_or_store(0, 7, 0)), at(3, 4, load(0, 0)));
	wrong.result = 8; /* stored, but *actual is another value */
	bad(at(1, 2, wrong));
}

static void a_value_is_deleted_once(void **state)
{
	(void)state;
	good(at(0, 0, store(0, 7)), at(1, 2, load_and_delete(0, 7)), at(3, 4, load(0, 0)));
	good(at(0, 0, store(0, 7)), at(1, 2, erase(0, 1)), at(3, 4, erase(0, 0)));
	good(at(1, 2, erase(0, 0)), at(3, 4, load_and_delete(0, 0)));
	bad(at(0, 0, store(0, 7)), at(1, 4, load_and_delete(0, 7)),
	    at(2, 3, load_and_delete(0, 7)));
	bad(at(0, 0, store(0, 7)), at(1, 4, erase(0, 1)), at(2, 3, erase(0, 1)));
	bad(at(0, 0, store(0, 7)), at(1, 4, load_and_delete(0, 7)),
	    at(2, 3, compare_and_delete(0, 7, 1)));
	bad(at(0, 0, store(0, 7)), at(1, 2, erase(0, 1)), at(3, 4, load(0, 7)));
	bad(at(0, 0, store(0, 7)), at(1, 2, erase(0, 0)));
	bad(at(1, 2, erase(0, 1)));
	bad(at(0, 0, store(0, 7)), at(1, 2, load_and_delete(0, 8)));
	/* deleted, and swapped out as well */
	bad(at(0, 0, store(0, 7)), at(1, 4, load_and_delete(0, 7)), at(2, 3, swap(0, 8, 7)));
}

static void a_compare_and_swap_needs_its_value(void **state)
{
	(void)state;
	good(at(0, 0, store(0, 7)), at(1, 2, compare_and_swap(0, 7, 8, 1)), at(3, 4, load(0, 8)));
	good(at(0, 0, store(0, 7)), at(1, 2, compare_and_swap(0, 8, 9, 0)), at(3, 4, load(0, 7)));
	good(at(0, 0, store(0, 7)), at(1, 2, compare_and_swap(0, 7, 7, 1)), at(3, 4, load(0, 7)));
	good(at(1, 2, compare_and_swap(0, 7, 8, 0)), at(3, 4, load(0, 0)));
	bad(at(0, 0, store(0, 7)), at(1, 2, compare_and_swap(0, 7, 8, 0)));
	bad(at(0, 0, store(0, 7)), at(1, 2, compare_and_swap(0, 8, 9, 1)));
	bad(at(0, 0, store(0, 7)), at(1, 4, compare_and_swap(0, 7, 8, 1)),
	    at(2, 3, compare_and_swap(0, 7, 9, 1)));
	/* over a deleted key */
	bad(at(0, 0, store(0, 7)), at(1, 2, erase(0, 1)), at(3, 4, compare_and_swap(0, 7, 8, 1)));
	bad(at(0, 0, store(0, 7)), at(1, 4, load_and_delete(0, 7)),
	    at(1, 4, compare_and_swap(0, 7, 8, 1)), at(5, 6, load(0, 8)));
	good(at(0, 0, store(0, 7)), at(1, 4, load_and_delete(0, 8)),
	     at(1, 4, compare_and_swap(0, 7, 8, 1)), at(5, 6, load(0, 0)));
}

static void a_compare_and_delete_needs_its_value(void **state)
{
	(void)state;
	good(at(0, 0, store(0, 7)), at(1, 2, compare_and_delete(0, 7, 1)), at(3, 4, load(0, 0)));
	good(at(0, 0, store(0, 7)), at(1, 2, compare_and_delete(0, 8, 0)), at(3, 4, load(0, 7)));
	good(at(0, 0, store(0, 7)), at(1, 4, compare_and_delete(0, 7, 0)), at(2, 3, swap(0, 8, 7)),
	     at(5, 6, load(0, 8)));
	bad(at(0, 0, store(0, 7)), at(1, 2, compare_and_delete(0, 7, 0)));
	bad(at(0, 0, store(0, 7)), at(1, 2, compare_and_delete(0, 8, 1)));
	bad(at(1, 2, compare_and_delete(0, 7, 1)));
	/* it takes a later store along */
	bad(at(0, 0, store(0, 7)), at(1, 4, compare_and_delete(0, 7, 1)), at(2, 3, swap(0, 8, 7)),
	    at(5, 6, load(0, 0)));
}

static void a_clear_is_one_instant(void **state)
{
	struct operation two[] = {at(0, 0, store(0, 7)), at(0, 0, store(1, 8))};

	(void)state;
	good(two[0], two[1], at(1, 2, clear()), at(3, 4, load(0, 0)), at(5, 6, load(1, 0)));
	good(two[0], two[1], at(1, 9, clear()), at(2, 3, load(0, 7)), at(4, 5, load(1, 0)));
	bad(two[0], two[1], at(1, 2, clear()), at(3, 4, load(1, 8)));
	/* one key is gone, then the other is still there */
	bad(two[0], two[1], at(1, 9, clear()), at(2, 3, load(0, 0)), at(4, 5, load(1, 8)));
	bad(two[0], two[1], at(1, 9, clear()), at(2, 3, load(1, 0)), at(4, 5, load(0, 7)));
	/* a key alone can't tell: each is good by itself */
	good(two[0], at(1, 9, clear()), at(2, 3, load(0, 0)));
	good(two[1], at(1, 9, clear()), at(4, 5, load(1, 8)));
	/* an insert before it survives, although a later one does not */
	bad(at(1, 2, store(0, 7)), at(3, 9, clear()), at(4, 5, store(1, 8)), at(10, 11, load(0, 7)),
	    at(10, 11, load(1, 0)));
	good(at(1, 2, store(0, 7)), at(3, 9, clear()), at(4, 5, store(1, 8)),
	     at(10, 11, load(0, 0)), at(10, 11, load(1, 8)));
	bad(two[0], at(1, 2, clear()), at(3, 4, load_and_delete(0, 7)));
	good(two[0], at(1, 2, failed(clear())), at(3, 4, load(0, 7)));
	bad(two[0], at(1, 2, failed(clear())), at(3, 4, load(0, 0)));
}

static void a_range_visits_what_is_present(void **state)
{
	struct operation two[] = {at(0, 0, store(0, 7)), at(0, 0, store(1, 8))};
	struct operation twice = range(7, 8), nothing = range(7, 8), ended = range(7, 0);

	(void)state;
	good(two[0], two[1], at(1, 2, range(7, 8)));
	good(at(1, 2, range(0, 0)));
	bad(two[0], two[1], at(1, 2, range(7, 0))); /* it misses one present throughout */
	bad(two[0], at(1, 2, range(7, 8)));	    /* never stored */
	/* present throughout, though with two values */
	bad(two[0], two[1], at(1, 9, range(7, 0)), at(2, 3, swap(1, 9, 8)));
	good(two[0], two[1], at(1, 9, range(7, 8)), at(2, 3, swap(1, 9, 8)));
	good(two[0], two[1], at(1, 9, range(7, 9)), at(2, 3, swap(1, 9, 8)));
	/* absent for an instant */
	good(two[0], two[1], at(1, 9, range(7, 0)), at(2, 3, erase(1, 1)), at(4, 5, store(1, 9)));
	/* not a value of the interval */
	bad(two[0], at(1, 2, store(0, 9)), at(3, 4, range(7, 0)));
	bad(two[0], at(1, 2, range(9, 0)), at(3, 4, store(0, 9)));
	/* it is no snapshot: the earlier change is missed, the later seen */
	good(at(1, 9, range(0, 8)), at(2, 3, store(0, 7)), at(4, 5, store(1, 8)));
	twice.visits[1] = 2;
	bad(two[0], two[1], at(1, 2, twice));
	nothing.visited[1] = 0; /* it visits a key that has no value */
	bad(two[0], two[1], at(1, 2, nothing));
	ended.answer = 1; /* by its visitor; so what it did not visit, it may not have come to */
	good(two[0], two[1], at(1, 2, ended));
	good(two[0], two[1], at(1, 2, failed(range(0, 0))));
	bad(two[0], two[1], at(1, 2, failed(range(9, 0))));
	bad(at(1, 2, store(0, 7)), at(3, 4, range(7, 0)), at(5, 6, load(0, 0)));
}

static void a_range_and_a_clear(void **state)
{
	struct operation two[] = {at(0, 0, store(0, 7)), at(0, 0, store(1, 8))};

	(void)state;
	good(two[0], two[1], at(1, 9, range(7, 8)), at(2, 3, clear()));
	good(two[0], two[1], at(1, 9, range(0, 8)), at(2, 3, clear()));
	bad(two[0], two[1], at(1, 2, clear()), at(3, 9, range(0, 8)));
	/* stored after the clear, so there are instants for both */
	good(two[0], two[1], at(1, 9, range(9, 8)), at(2, 3, clear()), at(4, 5, store(0, 9)));
	/* the clear is over before the range begins, seen by a third */
	bad(two[0], two[1], at(1, 9, clear()), at(2, 3, load(0, 0)), at(4, 5, range(0, 8)));
}

static void a_count_is_off_by_what_overlaps(void **state)
{
	struct operation two[] = {at(0, 0, store(0, 7)), at(0, 0, store(1, 8))};

	(void)state;
	good(two[0], two[1], at(1, 2, count(2)));
	bad(two[0], two[1], at(1, 2, count(1)));
	bad(two[0], two[1], at(1, 2, count(3)));
	good(at(1, 2, count(0)));
	bad(at(1, 2, count(1)));
	/* one overlaps: one off, from any size that it had meanwhile */
	good(two[0], at(1, 9, count(0)), at(2, 3, store(1, 8)));
	good(two[0], at(1, 9, count(3)), at(2, 3, store(1, 8)));
	bad(two[0], at(1, 9, count(4)), at(2, 3, store(1, 8)));
	good(two[0], two[1], at(1, 9, count(3)), at(2, 3, erase(1, 1)));
	bad(two[0], two[1], at(1, 9, count(4)), at(2, 3, erase(1, 1)));
	good(two[0], two[1], at(1, 9, count(0)), at(2, 3, clear()));
	bad(two[0], two[1], at(1, 9, count(4)), at(2, 3, clear()));
	/* what changes no size does not excuse */
	bad(two[0], two[1], at(1, 9, count(1)), at(2, 3, swap(1, 9, 8)));
	bad(two[0], two[1], at(1, 9, count(1)), at(2, 3, load(1, 8)));
	bad(two[0], two[1], at(1, 9, count(1)), at(2, 3, compare_and_swap(1, 8, 9, 1)));
	bad(two[0], at(1, 9, count(0)), at(2, 3, erase(1, 0)));
	bad(two[0], at(1, 9, count(0)), at(2, 3, failed(swap(1, 8, 0))));
	/* nor does what is over */
	bad(two[0], two[1], at(1, 2, erase(1, 1)), at(3, 4, count(2)));
}

static void an_operation_that_failed_has_no_effect(void **state)
{
	(void)state;
	good(at(1, 2, failed(store(0, 7))), at(3, 4, load(0, 0)));
	bad(at(1, 2, failed(store(0, 7))), at(3, 4, load(0, 7)));
	bad(at(1, 9, failed(store(0, 7))), at(3, 4, load(0, 7)));
	bad(at(0, 0, store(0, 7)), at(1, 2, failed(swap(0, 8, 7))), at(3, 4, load(0, 8)));
	bad(at(1, 2, failed(load_or_store(0, 8, 0))), at(3, 4, load(0, 8)));
	bad(at(0, 0, store(0, 7)), at(1, 2, failed(compare_and_swap(0, 7, 8, 1))),
	    at(3, 4, load(0, 8)));
	/* these can't fail */
	bad(at(1, 2, failed(erase(0, 0))));
	bad(at(1, 2, failed(load_and_delete(0, 0))));
	bad(at(1, 2, failed(compare_and_delete(0, 7, 0))));
}

static void an_answer_fits_its_function(void **state)
{
	struct operation op = load(0, 0);

	(void)state;
	op.answer = 1; /* a hit without a value */
	bad(at(1, 2, op));
	op = swap(0, 8, 0);
	op.answer = 1;
	bad(at(1, 2, op));
	op = store(0, 7);
	op.answer = 1;
	bad(at(1, 2, op));
	op = failed(swap(0, 8, 0));
	op.result = 7; /* *old after an error */
	bad(at(0, 0, store(0, 7)), at(1, 2, op));
	bad(at(2, 1, store(0, 7)));
	bad(at(1, 2, store(2, 7))); /* there is no such key */
}

static void a_pending_operation_may_have_happened(void **state)
{
	struct operation two[] = {at(0, 0, store(0, 7)), at(0, 0, store(1, 8))};

	(void)state;
	good(at(1, FOREVER, store(0, 7)), at(3, 4, load(0, 0)));
	good(at(1, FOREVER, store(0, 7)), at(3, 4, load(0, 7)));
	good(at(1, FOREVER, store(0, 7)), at(3, 4, load(0, 0)), at(5, 6, load(0, 7)));
	bad(at(1, FOREVER, store(0, 7)), at(3, 4, load(0, 7)), at(5, 6, load(0, 0)));
	bad(at(1, 2, load(0, 7)), at(3, FOREVER, store(0, 7)));
	good(two[0], at(1, FOREVER, erase(0, 0)), at(3, 4, load(0, 0)));
	bad(two[0], at(1, FOREVER, erase(0, 0)), at(3, 4, load(0, 0)), at(5, 6, load(0, 7)));
	good(two[0], two[1], at(1, FOREVER, clear()), at(2, 3, load(0, 7)), at(4, 5, load(1, 0)));
	bad(two[0], two[1], at(1, FOREVER, clear()), at(2, 3, load(0, 0)), at(4, 5, load(1, 8)));
	good(two[0], at(1, FOREVER, compare_and_swap(0, 7, 9, 0)), at(2, 3, load(0, 9)));
	bad(two[0], at(1, FOREVER, compare_and_swap(0, 8, 9, 0)), at(2, 3, load(0, 9)));
	good(two[0], at(1, FOREVER, count(9)), at(1, FOREVER, load(0, 9)));
	good(two[0], at(1, FOREVER, range(7, 0)), at(2, 3, store(1, 8)));
	bad(two[0], at(1, FOREVER, range(9, 0)));
	/* one value can't be deleted twice, even if one deleter did not say */
	bad(two[0], at(1, FOREVER, load_and_delete(0, 0)), at(2, 3, load(0, 0)),
	    at(4, 5, load_and_delete(0, 7)));
}

static void a_history_has_an_initial_state(void **state)
{
	struct history history = {.keys = 4, .initial = {0, 7, 0, 9}, .operations = 1};

	(void)state;
	history.operation[0] = at(1, 2, count(2));
	assert_true(lin_judge(&history));
	history.operation[0] = at(1, 2, load(3, 9));
	assert_true(lin_judge(&history));
	history.operation[0] = at(1, 2, load(2, 9));
	assert_false(lin_judge(&history));
	history.operation[0] = at(1, 2, range(0, 7));
	assert_false(lin_judge(&history));
	history.operation[0].visited[3] = 9;
	history.operation[0].visits[3] = 1;
	assert_true(lin_judge(&history));
	history.others = 5; /* which only counts see */
	assert_true(lin_judge(&history));
	history.operation[0] = at(1, 2, count(7));
	assert_true(lin_judge(&history));
	history.operation[0] = at(1, 2, count(2));
	assert_false(lin_judge(&history));
	history.operation[0] = at(1, 2, clear()); /* of keys that would not be present throughout */
	assert_false(lin_judge(&history));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_store_is_loaded),
		cmocka_unit_test(a_load_is_not_stale),
		cmocka_unit_test(a_key_does_not_flicker),
		cmocka_unit_test(a_swap_returns_what_it_replaced),
		cmocka_unit_test(a_load_or_store_does_one_of_both),
		cmocka_unit_test(a_value_is_deleted_once),
		cmocka_unit_test(a_compare_and_swap_needs_its_value),
		cmocka_unit_test(a_compare_and_delete_needs_its_value),
		cmocka_unit_test(a_clear_is_one_instant),
		cmocka_unit_test(a_range_visits_what_is_present),
		cmocka_unit_test(a_range_and_a_clear),
		cmocka_unit_test(a_count_is_off_by_what_overlaps),
		cmocka_unit_test(an_operation_that_failed_has_no_effect),
		cmocka_unit_test(an_answer_fits_its_function),
		cmocka_unit_test(a_pending_operation_may_have_happened),
		cmocka_unit_test(a_history_has_an_initial_state),
	};

	return cmocka_run_group_tests_name("lin", tests, NULL, NULL);
}
