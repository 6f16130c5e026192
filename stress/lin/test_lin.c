/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_lin.c - the judge itself is judged: by histories written by hand, good and bad ones for each
 * promise of rcumap.h, by histories that were made from an order and so must be good, and by a
 * judge that tries all orders (brute.h).
 */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "brute.h"
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

/*
 * Random histories
 */

static uint64_t random_state = 1; /* the same histories each time */

static uint64_t random_next(void) /* splitmix64 */
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static uint32_t random_below(uint32_t n)
{
	return (uint32_t)(random_next() % n);
}

enum { SPACING = 100, VALUES = 3 };

static struct operation random_operation(unsigned int keys)
{
	struct operation op = {.kind = random_below(OP_KINDS)};

	if (random_below(2)) /* ranges are many steps for the brute */
		op.kind = random_below(OP_CLEAR);
	if (op.kind < OP_CLEAR)
		op.key = random_below(keys);
	op.value = 1 + random_below(VALUES);
	op.expected = 1 + random_below(VALUES);
	return op;
}

/* What a range that is under way while @n operations happen may say. */
static void widen_range(struct operation *op, const struct naive *after, unsigned int index,
			unsigned int n, unsigned int keys)
{
	for (unsigned int key = 0; key < keys; key++) {
		unsigned int i = index + random_below(n - index);

		while (i > index && (uint64_t)i * SPACING + SPACING > op->returned)
			i--;
		op->visited[key] = after[i].value[key];
		op->visits[key] = op->visited[key] != 0;
	}
}

/* An operation takes effect at the time SPACING * (its index + 1). */
static void widen(struct operation *op, unsigned int index, uint32_t width)
{
	uint64_t instant = (uint64_t)SPACING * (index + 1);
	uint64_t before = random_below(width);

	op->invoked = before < instant ? instant - before : 0;
	op->returned = instant + random_below(width);
}

static bool may_fail(const struct operation *op)
{
	return op->kind == OP_STORE || op->kind == OP_SWAP || op->kind == OP_LOAD_OR_STORE ||
	       op->kind == OP_COMPARE_AND_SWAP || op->kind == OP_CLEAR;
}

/* Mostly does @op; or says that there was no memory; or does not return, done or not. */
static void do_or_fail(struct naive *map, struct operation *op, unsigned int keys)
{
	uint32_t fate = random_below(16);

	if (fate == 0 && may_fail(op)) {
		*op = failed(*op);
		return;
	}
	if (fate == 1 || fate == 2)
		op->returned = FOREVER;
	if (fate != 1)
		naive_do(map, op, keys);
}

/* A history that is good, since its operations were done in the order in which they stand. */
static void make_good(struct history *history, unsigned int keys, unsigned int n, uint32_t width)
{
	struct naive map = {{0}}, after[HISTORY_OPERATIONS];

	*history = (struct history){.keys = keys, .operations = n};
	history->others = random_below(2) ? random_below(5) : 0;
	for (unsigned int key = 0; key < keys; key++)
		map.value[key] = history->initial[key] = random_below(VALUES + 1);
	for (unsigned int i = 0; i < n; i++) {
		struct operation *op = &history->operation[i];

		*op = random_operation(keys);
		if (op->kind == OP_CLEAR && history->others)
			op->kind = OP_COUNT;
		widen(op, i, width);
		do_or_fail(&map, op, keys);
		after[i] = map;
	}
	for (unsigned int i = 0; i < n; i++) {
		struct operation *op = &history->operation[i];

		if (op->kind == OP_RANGE)
			widen_range(op, after, i, n, keys);
		if (op->kind == OP_COUNT)
			op->counted +=
				history->others + random_below(brute_overlapping(history, op) + 1);
	}
}

static void good_histories_are_accepted(void **state)
{
	struct history history;

	(void)state;
	for (unsigned int i = 0; i < 200000; i++) {
		make_good(&history, 1 + random_below(HISTORY_KEYS), 1 + random_below(16),
			  1 + random_below(6 * SPACING));
		if (!lin_judge(&history)) {
			history_print(stderr, &history);
			fail_msg("history %u was made from an order, and judged bad", i);
		}
	}
}

static void long_histories_are_judged(void **state)
{
	struct history history;

	(void)state;
	for (unsigned int i = 0; i < 2000; i++) {
		make_good(&history, HISTORY_KEYS, HISTORY_OPERATIONS, 6 * SPACING);
		assert_true(lin_judge(&history));
	}
}

static bool has_result(const struct operation *op)
{
	return op->kind == OP_LOAD || op->kind == OP_SWAP || op->kind == OP_LOAD_OR_STORE ||
	       op->kind == OP_LOAD_AND_DELETE;
}

/* Changes something, so that the history may be bad. */
static void mutate(struct history *history)
{
	struct operation *op = &history->operation[random_below(history->operations)];
	unsigned int key = random_below(history->keys);

	switch (random_below(6)) {
	case 0:
		op->answer = op->answer == 0;
		break;
	case 1:
		if (!has_result(op) || op->answer < 0)
			break;
		op->result = random_below(VALUES + 1);
		if (op->kind != OP_LOAD_OR_STORE)
			op->answer = op->result != 0;
		break;
	case 2:
		op->visited[key] = random_below(VALUES + 1);
		op->visits[key] = (unsigned char)(random_below(8) ? op->visited[key] != 0 : 2);
		op->counted = random_below(history->keys + history->others + 2);
		break;
	case 3:
		op->value = 1 + random_below(VALUES);
		op->expected = 1 + random_below(VALUES);
		break;
	case 4:
		if (op->returned != FOREVER)
			op->invoked = op->returned = (op->invoked + op->returned) / 2;
		break;
	case 5:
		history->initial[key] = random_below(VALUES + 1);
		break;
	}
}

/* The brute does not look whether an answer is one that the function can give. */
static bool answers_fit(const struct history *history)
{
	for (unsigned int i = 0; i < history->operations; i++) {
		const struct operation *op = &history->operation[i];

		if (op->returned == FOREVER || op->kind == OP_COUNT || op->kind == OP_RANGE)
			continue;
		if (op->kind == OP_LOAD_OR_STORE && op->answer == 0 && op->result != op->value)
			return false;
		if ((op->kind == OP_STORE || op->kind == OP_CLEAR) && op->answer > 0)
			return false;
	}
	return true;
}

static void both_judges_agree(void **state)
{
	struct history history;
	unsigned int verdicts[2] = {0, 0};

	(void)state;
	for (unsigned int i = 0; i < 200000; i++) {
		bool verdict;

		make_good(&history, 1 + random_below(2), 1 + random_below(5),
			  1 + random_below(6 * SPACING));
		for (uint32_t n = 1 + random_below(2); n; n--)
			mutate(&history);
		verdict = answers_fit(&history) && brute_judge(&history);
		verdicts[verdict]++;
		if (lin_judge(&history) != verdict) {
			history_print(stderr, &history);
			fail_msg("history %u is %s by the brute", i, verdict ? "good" : "bad");
		}
	}
	print_message("of the mutated histories, %u were good and %u bad\n", verdicts[1],
		      verdicts[0]);
	assert_true(verdicts[0] > 20000 && verdicts[1] > 20000);
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
		cmocka_unit_test(good_histories_are_accepted),
		cmocka_unit_test(long_histories_are_judged),
		cmocka_unit_test(both_judges_agree),
	};

	return cmocka_run_group_tests_name("lin", tests, NULL, NULL);
}
