/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * fuzz_ops.c - turns bytes into operations on a map, each of which is checked against a naive one.
 *
 * The first bytes choose the shape of the map (shape.h); then each step is a byte for the operation
 * and some for its arguments. All public operations are among them, with wrong arguments, too, in
 * sections, in visit callbacks and in value_free, and the rekey that the library does not call yet.
 * Other steps make memory run out, run callbacks, and open and close sections. At the end
 * everything must be freed, and each value once.
 *
 * One thread does it all (toy.h), so that an input does the same each time: what races is for
 * others to find.
 */
#include "fuzz.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../lib/internal.h"
#include "../../lib/migrate.h"
#include "model.h"

enum { NESTED_MAX = 3, SECTIONS_MAX = 3, KEPT_MAX = 32, EFFORT_MAX = 20000 };

/* A key and a value that a visit has shown: good to the end of the caller's section. */
struct kept {
	const void *key;
	unsigned int number;
	const struct value *value;
};

static struct {
	struct input input;
	struct shape shape;
	struct rcumap *map;
	struct model model;
	size_t effort;	       /* left */
	unsigned int nested;   /* visits and value_free calls that we are in */
	unsigned int steps_in; /* steps that the next of those may make */
	unsigned int sections; /* open, of ours */
	bool dying;	       /* the map is being destroyed */
	size_t old_maps;       /* destroyed, maybe not freed yet */
	struct kept kept[KEPT_MAX];
	size_t kept_count;
} fuzz;

static void step(void);

/*
 * Saying what happens
 */

void fuzz_fail(const char *file, int line, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%d: ", file, line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
	abort();
}

void fuzz_trace(const char *format, ...)
{
	static int wanted = -1;
	va_list args;

	if (wanted < 0)
		wanted = !!getenv("FUZZ_TRACE");
	if (!wanted)
		return;
	fprintf(stderr, "%*s", 2 * (int)fuzz.nested, "");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
}

/*
 * Arguments
 */

static unsigned int take(void)
{
	return input_byte(&fuzz.input);
}

/* Keys of a step are the first 256; runs of keys reach the others. */
static unsigned int take_key(void)
{
	return take() % fuzz.shape.keys;
}

/* A value that the map does not have. */
static struct value *other_value(void)
{
	static struct value never = {.state = VALUE_OURS};

	return &never;
}

/* As @old of a comparison: the right one, another one that is in the map, or one that never was. */
static struct value *take_old(unsigned int key)
{
	unsigned int byte = take();

	if (byte % 4 == 0)
		return other_value();
	if (byte % 4 == 1 && fuzz.model.value[byte % fuzz.shape.keys])
		return fuzz.model.value[byte % fuzz.shape.keys];
	return fuzz.model.value[key] ? fuzz.model.value[key] : other_value();
}

/*
 * One operation: when it began, and what had failed by then.
 */

struct call {
	uint64_t began;
	size_t failed;
};

static struct call call_begin(void)
{
	return (struct call){toy_now(), memory_failed()};
}

/* Whether the call gave up for want of memory, which it may only if there was none. */
static bool call_starved(const struct call *call, int answer)
{
	fuzz_check(answer != -ENOMEM || memory_failed() > call->failed, "-ENOMEM for no reason");
	return answer == -ENOMEM;
}

static void check_answer(const char *what, unsigned int key, int answer, int want)
{
	fuzz_check(answer == want, "%s of key %u is %d, not %d", what, key, answer, want);
}

static void check_pointer(const char *what, unsigned int key, const void *got, const void *want)
{
	fuzz_check(got == want, "%s of key %u gives %p, not %p", what, key, got, want);
}

/*
 * Operations on a key
 */

static void load_key(unsigned int number)
{
	struct key key = key_make(&fuzz.shape, number);
	bool open = !toy_in_section();
	void *value;

	if (open)
		toy_open();
	value = rcumap_load(fuzz.map, key.bytes, key.len);
	check_pointer("load", number, value, fuzz.model.value[number]);
	if (open)
		toy_close();
}

static void step_load(void)
{
	load_key(take_key());
}

/* What a store of @number may answer: -ENOMEM for an entry, or for a note. */
static bool put_may_starve(unsigned int number)
{
	return !fuzz.model.value[number] || fuzz.shape.values == VALUES_NOTED;
}

/* Whether the put failed, as it may. */
static bool put_starved(const struct call *call, unsigned int number, int answer)
{
	return put_may_starve(number) && call_starved(call, answer);
}

static void store_key(unsigned int number)
{
	struct key key = key_make(&fuzz.shape, number);
	struct value *value = value_new(number);
	struct call call = call_begin();
	int answer = rcumap_store(fuzz.map, key.bytes, key.len, value);

	if (put_starved(&call, number, answer))
		return;
	check_answer("store", number, answer, 0);
	model_set(&fuzz.model, number, value, call.began);
}

static void step_store(void)
{
	store_key(take_key());
}

static void step_swap(void)
{
	unsigned int number = take_key();
	struct key key = key_make(&fuzz.shape, number);
	struct value *was = fuzz.model.value[number], *value = value_new(number);
	void *old = &fuzz;
	struct call call = call_begin();
	int answer = rcumap_swap(fuzz.map, key.bytes, key.len, value, &old);

	if (put_starved(&call, number, answer)) {
		check_pointer("failed swap", number, old, NULL);
		return;
	}
	check_answer("swap", number, answer, !!was);
	check_pointer("swap", number, old, was);
	model_set(&fuzz.model, number, value, call.began);
}

static void step_load_or_store(void)
{
	unsigned int number = take_key();
	struct key key = key_make(&fuzz.shape, number);
	struct value *was = fuzz.model.value[number], *value = value_new(number);
	void *actual = &fuzz;
	struct call call = call_begin();
	int answer = rcumap_load_or_store(fuzz.map, key.bytes, key.len, value, &actual);

	if (!was && call_starved(&call, answer)) {
		check_pointer("failed load_or_store", number, actual, NULL);
		return;
	}
	check_answer("load_or_store", number, answer, !!was);
	check_pointer("load_or_store", number, actual, was ? was : value);
	if (!was)
		model_set(&fuzz.model, number, value, call.began);
}

static void step_load_and_delete(void)
{
	unsigned int number = take_key();
	struct key key = key_make(&fuzz.shape, number);
	struct value *was = fuzz.model.value[number];
	void *old = &fuzz;
	struct call call = call_begin();
	int answer = rcumap_load_and_delete(fuzz.map, key.bytes, key.len, &old);

	check_answer("load_and_delete", number, answer, !!was);
	check_pointer("load_and_delete", number, old, was);
	if (was)
		model_set(&fuzz.model, number, NULL, call.began);
}

static void delete_key(unsigned int number)
{
	struct key key = key_make(&fuzz.shape, number);
	bool present = fuzz.model.value[number];
	struct call call = call_begin();

	check_answer("delete", number, rcumap_delete(fuzz.map, key.bytes, key.len), present);
	if (present)
		model_set(&fuzz.model, number, NULL, call.began);
}

static void step_delete(void)
{
	delete_key(take_key());
}

static void step_compare_and_swap(void)
{
	unsigned int number = take_key();
	struct key key = key_make(&fuzz.shape, number);
	struct value *old = take_old(number), *value = value_new(number);
	bool same = old == fuzz.model.value[number];
	struct call call = call_begin();
	int answer = rcumap_compare_and_swap(fuzz.map, key.bytes, key.len, old, value);

	if (same && fuzz.shape.values == VALUES_NOTED && call_starved(&call, answer))
		return;
	check_answer("compare_and_swap", number, answer, same);
	if (same)
		model_set(&fuzz.model, number, value, call.began);
}

/* From a value to itself: nothing leaves, nothing is needed. */
static void step_compare_and_swap_self(void)
{
	unsigned int number = take_key();
	struct key key = key_make(&fuzz.shape, number);
	struct value *old = take_old(number);
	int answer = rcumap_compare_and_swap(fuzz.map, key.bytes, key.len, old, old);

	check_answer("compare_and_swap to itself", number, answer, old == fuzz.model.value[number]);
}

static void step_compare_and_delete(void)
{
	unsigned int number = take_key();
	struct key key = key_make(&fuzz.shape, number);
	struct value *old = take_old(number);
	bool same = old == fuzz.model.value[number];
	struct call call = call_begin();
	int answer = rcumap_compare_and_delete(fuzz.map, key.bytes, key.len, old);

	check_answer("compare_and_delete", number, answer, same);
	if (same)
		model_set(&fuzz.model, number, NULL, call.began);
}

/* Calls @each for a run of keys, as many as @max. */
static void take_run(void (*each)(unsigned int number))
{
	unsigned int stretch = fuzz.shape.keys / 256;
	unsigned int first = take() * stretch, count = (take() + 1) * stretch;

	for (unsigned int i = 0; i < count && fuzz.effort && value_room(); i++, fuzz.effort--) {
		each((first + i) % fuzz.shape.keys);
		key_spoil();
	}
}

static void step_store_run(void)
{
	take_run(store_key);
}

static void step_delete_run(void)
{
	take_run(delete_key);
}

static void step_load_run(void)
{
	take_run(load_key);
}

/*
 * Operations on the whole map
 */

/* Steps of a visit, or of value_free: so many of the input as the step that led here has said. */
static void nested_steps(void)
{
	if (fuzz.nested == NESTED_MAX || fuzz.dying)
		return;
	fuzz.nested++;
	while (fuzz.steps_in && !input_ended(&fuzz.input)) {
		fuzz.steps_in--;
		step();
	}
	fuzz.nested--;
}

struct range {
	struct walk walk;
	size_t left; /* visits until it stops; 0: it does not */
};

/* Remembers what a visit inside a section of the caller's has shown. */
static void keep(const void *key, unsigned int number, const struct value *value)
{
	if (fuzz.sections && !toy_in_callback() && fuzz.kept_count < KEPT_MAX)
		fuzz.kept[fuzz.kept_count++] = (struct kept){key, number, value};
}

static int visit(const void *key, size_t len, void *value, void *ctx)
{
	struct range *range = ctx;
	unsigned int number = key_number(&fuzz.shape, key, len);

	fuzz_check(number < fuzz.shape.keys, "a visit of a key of %zu bytes that is none", len);
	walk_visit(&fuzz.model, number, value);
	keep(key, number, value);
	nested_steps();
	fuzz_check(key_number(&fuzz.shape, key, len) == number, "a key changed during its visit");
	fuzz_check(((struct value *)value)->state != VALUE_FREED,
		   "a value was freed during its visit");
	return range->left && !--range->left ? (int)number + 1 : 0;
}

static void step_range(void)
{
	struct range range;
	struct call call = call_begin();
	int answer;

	range.left = take();
	fuzz.steps_in = take() % 8;
	walk_begin(&fuzz.model, &range.walk);
	answer = rcumap_range(fuzz.map, visit, &range);
	if (!call_starved(&call, answer) && answer)
		fuzz_check(!range.left && answer > 0 && range.walk.visits[answer - 1],
			   "range gives %d", answer);
	walk_end(&fuzz.model, answer == 0);
	fuzz.steps_in = 0;
	fuzz.effort -= fuzz.model.count < fuzz.effort ? fuzz.model.count : fuzz.effort;
}

static void step_clear(void)
{
	struct call call = call_begin();
	int answer = rcumap_clear(fuzz.map);

	if (call_starved(&call, answer))
		return;
	fuzz_check(!answer, "clear gives %d", answer);
	model_clear(&fuzz.model, call.began);
}

static void step_count(void)
{
	size_t count = rcumap_count(fuzz.map);

	fuzz_check(count == fuzz.model.count, "count gives %zu, not %zu", count, fuzz.model.count);
}

static void step_check(void)
{
	int broken = rcumap__check(fuzz.map);

	fuzz_check(!broken, "invariant I%d of lib/internal.h does not hold", -broken);
	value_check_links();
	step_count();
}

/* Sections of memb's kind forbid to wait; qsbr's end for as long. */
static bool may_wait(void)
{
	return !fuzz.nested && !(fuzz.sections && fuzz.shape.style.face == TOY_MEMB);
}

/* With qsbr a wait is a quiescent state: what was kept may go. */
static void forget_kept(void)
{
	fuzz.kept_count = 0;
}

/* The blocks of a map at rest: itself, its one table, the overflow buckets of that. */
static size_t large_blocks_at_rest(void)
{
	const struct table *t = fuzz.map->snapshot;
	size_t blocks = 2;

	for (size_t i = 0; i < (size_t)1 << t->stripes_log2; i++)
		for (const struct chunk *c = t->stripes[i].chunks; c; c = c->next)
			blocks++;
	return blocks;
}

/* What a drain promises: that what was retired before it is freed. @calm: it was all there was. */
static void check_drained(uint64_t began, bool calm)
{
	value_check_freed(began);
	if (!calm || !fuzz.shape.hooks)
		return;
	fuzz_check(memory_small_blocks() == fuzz.model.count, "%zu entries and notes, not %zu",
		   memory_small_blocks(), fuzz.model.count);
	fuzz_check(memory_large_blocks() == large_blocks_at_rest(), "%zu large blocks, not %zu",
		   memory_large_blocks(), large_blocks_at_rest());
}

static void step_drain(void)
{
	uint64_t began = toy_now();
	bool calm;
	int answer;

	if (!may_wait()) {
		answer = rcumap_drain(fuzz.map);
		fuzz_check(answer == -EDEADLK, "drain where it can't wait gives %d", answer);
		return;
	}
	forget_kept();
	fuzz.steps_in = take() % 8;
	calm = !fuzz.steps_in && !rcumap__migrate_due_rcu(fuzz.map);
	answer = rcumap_drain(fuzz.map);
	fuzz.steps_in = 0;
	fuzz_check(!answer, "drain gives %d", answer);
	if (!fuzz.old_maps)
		check_drained(began, calm);
}

/* Rekeys are the library's own affair so far. */
static void step_rekey(void)
{
	uint64_t seed = take() * UINT64_C(0x9e3779b97f4a7c15);
	struct call call = call_begin();
	bool open = !toy_in_section();
	bool amended = fuzz.map->snapshot->dirty;
	int answer;

	if (open)
		toy_open();
	answer = rcumap__migrate_rekey_rcu(fuzz.map, seed);
	if (!call_starved(&call, answer))
		fuzz_check(answer == (amended ? -EBUSY : 0), "rekey gives %d", answer);
	if (open)
		toy_close();
}

/*
 * Wrong arguments
 */

static void wrong_puts(const void *bytes, size_t len, void *value)
{
	void *out = &fuzz;

	fuzz_check(rcumap_store(fuzz.map, bytes, len, value) == -EINVAL, "store");
	fuzz_check(rcumap_swap(fuzz.map, bytes, len, value, &out) == -EINVAL && !out, "swap");
	out = &fuzz;
	fuzz_check(rcumap_load_or_store(fuzz.map, bytes, len, value, &out) == -EINVAL && !out,
		   "load_or_store");
	fuzz_check(rcumap_compare_and_swap(fuzz.map, bytes, len, &fuzz, value) == -EINVAL,
		   "compare_and_swap");
}

static void wrong_key(const void *bytes, size_t len)
{
	void *out = &fuzz;

	wrong_puts(bytes, len, other_value());
	fuzz_check(!rcumap_load(fuzz.map, bytes, len), "load");
	fuzz_check(rcumap_delete(fuzz.map, bytes, len) == -EINVAL, "delete");
	fuzz_check(rcumap_load_and_delete(fuzz.map, bytes, len, &out) == -EINVAL && !out,
		   "load_and_delete");
	fuzz_check(rcumap_compare_and_delete(fuzz.map, bytes, len, &fuzz) == -EINVAL,
		   "compare_and_delete");
}

static void wrong_old(struct key key)
{
	fuzz_check(rcumap_compare_and_swap(fuzz.map, key.bytes, key.len, NULL, other_value()) ==
			   -EINVAL,
		   "compare_and_swap from NULL");
	fuzz_check(rcumap_compare_and_delete(fuzz.map, key.bytes, key.len, NULL) == -EINVAL,
		   "compare_and_delete of NULL");
}

static void no_map(struct key key)
{
	fuzz_check(rcumap_store(NULL, key.bytes, key.len, other_value()) == -EINVAL, "store");
	fuzz_check(!rcumap_load(NULL, key.bytes, key.len), "load");
	fuzz_check(rcumap_delete(NULL, key.bytes, key.len) == -EINVAL, "delete");
	fuzz_check(rcumap_clear(NULL) == -EINVAL && rcumap_drain(NULL) == -EINVAL, "clear, drain");
	fuzz_check(rcumap_destroy(NULL) == -EINVAL, "destroy");
	fuzz_check(rcumap_destroy_wait(NULL) == -EINVAL, "destroy_wait");
	fuzz_check(rcumap_range(NULL, visit, NULL) == -EINVAL, "range");
	fuzz_check(rcumap_range(fuzz.map, NULL, NULL) == -EINVAL, "range without visit");
	fuzz_check(rcumap_count(NULL) == 0, "count");
}

static void wrong_attr(const struct rcumap_attr *attr)
{
	struct rcumap *map = fuzz.map;

	fuzz_check(rcumap_create_flavor(&map, attr, &toy_flavor, toy_worker) == -EINVAL && !map,
		   "create");
}

static void value_freed(void);

static void wrong_attrs(void)
{
	const struct rcumap_attr right = shape_attr(&fuzz.shape, value_freed);
	struct {
		struct rcumap_attr attr;
		char more;
	} long_attr = {right, 1};
	struct rcumap_attr attr = right;

	attr.size--;
	wrong_attr(&attr);
	long_attr.attr.size = sizeof(long_attr);
	wrong_attr(&long_attr.attr);
	attr = right;
	attr.flags |= 2 * RCUMAP_VALUE_LINK;
	wrong_attr(&attr);
	attr = right;
	attr.expected = SIZE_MAX / 64 + 1;
	wrong_attr(&attr);
	attr = right;
	attr.flags = RCUMAP_VALUE_LINK;
	attr.value_free = NULL;
	wrong_attr(&attr);
}

static void step_wrong(void)
{
	unsigned int byte = take();
	struct key key = key_make(&fuzz.shape, byte);

	switch (byte % 5) {
	case 0:
		wrong_key(NULL, key.len ? key.len : 1);
		break;
	case 1:
		if (fuzz.shape.key_len)
			wrong_key(key.bytes, key.len + (byte & 64 ? 1 : (size_t)-1));
		else if (SIZE_MAX > RCUMAP_KEY_MAX)
			wrong_key(key.bytes, (size_t)-1);
		break;
	case 2:
		wrong_puts(key.bytes, key.len, NULL);
		if (fuzz.shape.values == VALUES_LINKED)
			wrong_puts(key.bytes, key.len, (char *)other_value() + 1);
		break;
	case 3:
		wrong_old(key);
		break;
	case 4:
		no_map(key);
		wrong_attrs();
		break;
	}
}

/*
 * Memory, callbacks, sections
 */

static void step_fail_mask(void)
{
	memory_fail_mask(take());
}

static void step_fail_nth(void)
{
	memory_fail_nth(take());
}

static void step_callbacks(void)
{
	unsigned int count = take() % 32, which = take();

	if (toy_in_callback())
		return;
	fuzz.steps_in = which % 16 ? 0 : 3;
	while (count-- && toy_run(which))
		;
	fuzz.steps_in = 0;
}

static void step_open(void)
{
	unsigned int max = fuzz.shape.style.face == TOY_MEMB ? SECTIONS_MAX : 1;

	if (fuzz.nested || fuzz.sections == max)
		return;
	fuzz.sections++;
	toy_open();
}

/* What the section's visits have shown is still there. */
static void check_kept(void)
{
	for (size_t i = 0; i < fuzz.kept_count; i++) {
		const struct kept *kept = &fuzz.kept[i];
		struct key key = key_make(&fuzz.shape, kept->number);

		fuzz_check(!memcmp(kept->key, key.bytes, key.len),
			   "a key was freed in a section that has seen it");
		fuzz_check(kept->value->state != VALUE_FREED,
			   "a value was freed in a section that has seen it");
	}
	fuzz.kept_count = 0;
}

static void step_close(void)
{
	if (fuzz.nested || !fuzz.sections)
		return;
	if (fuzz.sections == 1)
		check_kept();
	fuzz.sections--;
	toy_close();
}

/*
 * The life of a map
 */

/* value_free may use its map, but not when that is destroyed. */
static void value_freed(void)
{
	if (fuzz.steps_in)
		nested_steps();
}

static void make_map(void)
{
	struct rcumap_attr attr = shape_attr(&fuzz.shape, value_freed);
	struct call call = call_begin();
	int answer = rcumap_create_flavor(&fuzz.map, &attr, &toy_flavor, toy_worker);

	if (call_starved(&call, answer)) {
		fuzz_check(!fuzz.map, "a failed create gives a map");
		memory_fail_mask(0);
		memory_fail_nth(0);
		answer = rcumap_create_flavor(&fuzz.map, &attr, &toy_flavor, toy_worker);
	}
	fuzz_check(!answer, "create gives %d", answer);
}

/* Another map instead, while the callbacks of the old one are still to come. */
static void step_replace_map(void)
{
	uint64_t began = toy_now();

	if (fuzz.nested)
		return;
	fuzz_check(rcumap_destroy(fuzz.map) == 0, "destroy");
	model_clear(&fuzz.model, began);
	fuzz.old_maps++;
	make_map();
}

static void step_destroy_wait(void)
{
	uint64_t began = toy_now();

	if (!may_wait()) {
		fuzz_check(rcumap_destroy_wait(fuzz.map) == -EDEADLK,
			   "destroy_wait where it can't wait");
		return;
	}
	forget_kept();
	model_clear(&fuzz.model, began);
	fuzz_check(rcumap_destroy_wait(fuzz.map) == 0, "destroy_wait");
	if (!fuzz.old_maps) {
		supply_end();
		fuzz_check(!toy_queued(), "a callback of a map that is gone");
	}
	make_map();
}

/*
 * Steps
 */

static const struct {
	const char *name;
	void (*run)(void);
} steps[] = {
	{"load", step_load},
	{"store", step_store},
	{"swap", step_swap},
	{"load_or_store", step_load_or_store},
	{"load_and_delete", step_load_and_delete},
	{"delete", step_delete},
	{"compare_and_swap", step_compare_and_swap},
	{"compare_and_swap to itself", step_compare_and_swap_self},
	{"compare_and_delete", step_compare_and_delete},
	{"range", step_range},
	{"clear", step_clear},
	{"count", step_count},
	{"check", step_check},
	{"drain", step_drain},
	{"wrong arguments", step_wrong},
	{"store a run", step_store_run},
	{"delete a run", step_delete_run},
	{"load a run", step_load_run},
	{"rekey", step_rekey},
	{"let allocations fail", step_fail_mask},
	{"let one allocation fail", step_fail_nth},
	{"run callbacks", step_callbacks},
	{"open a section", step_open},
	{"close a section", step_close},
	{"another map", step_replace_map},
	{"destroy_wait", step_destroy_wait},
};

static void step(void)
{
	size_t n = take() % (sizeof(steps) / sizeof(*steps));

	if (!fuzz.effort || !value_room())
		return;
	fuzz.effort--;
	fuzz_trace("%s", steps[n].name);
	steps[n].run();
	key_spoil();
}

static void begin(const uint8_t *data, size_t size)
{
	memset(&fuzz, 0, sizeof(fuzz));
	fuzz.input = (struct input){data, data + size};
	fuzz.effort = EFFORT_MAX;
	shape_take(&fuzz.shape, &fuzz.input);
	supply_begin();
	toy_begin(fuzz.shape.style);
	model_begin(&fuzz.model);
	make_map();
}

/* All contents, all invariants; then all that was made is freed. */
static void end(void)
{
	while (fuzz.sections)
		step_close();
	memory_fail_mask(0);
	memory_fail_nth(0);
	for (unsigned int number = 0; number < fuzz.shape.keys; number++)
		load_key(number);
	step_check();
	model_clear(&fuzz.model, toy_now());
	fuzz.dying = true;
	fuzz_check(rcumap_destroy_wait(fuzz.map) == 0, "destroy_wait");
	while (toy_run(0))
		;
	supply_end();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	begin(data, size);
	while (!input_ended(&fuzz.input))
		step();
	end();
	return 0;
}
