/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Keys that one thread alone writes: it knows what each operation must answer, and everybody else
 * knows from its versions what a load may find.
 */
#include <errno.h>
#include <sched.h>
#include <stddef.h>

#include "counters.h"
#include "delay.h"
#include "fail.h"
#include "run.h"
#include "scenario.h"
#include "threads.h"
#include "watch.h"

/* What an operation of the owner did, by its answers. */
struct outcome {
	int answer;
	struct value *found; /* the value that the key had before, as far as it tells; or NULL */
	bool stored, removed;
};

/* An operation on a key that the calling thread owns. */
struct act {
	const char *name;
	struct outcome (*call)(struct world *w, const struct key *k, struct key_bytes b,
			       struct value *fresh);
	bool stores, removes; /* or neither */
};

/* Says nothing of the value that it replaces, which may have been cleared and freed. */
static struct outcome act_store(struct world *w, const struct key *k, struct key_bytes b,
				struct value *fresh)
{
	struct value *found = w->clears ? api.load(w->map, b.bytes, b.len) : k->value;
	int answer = api.store(w->map, b.bytes, b.len, fresh);

	return (struct outcome){answer, found, !answer, false};
}

static struct outcome act_swap(struct world *w, const struct key *k, struct key_bytes b,
			       struct value *fresh)
{
	void *old;
	int answer = api.swap(w->map, b.bytes, b.len, fresh, &old);

	(void)k;
	check(answer < 0 || answer == !!old, "swap answers %d and a value", answer);
	return (struct outcome){answer, old, answer >= 0, false};
}

static struct outcome act_load_or_store(struct world *w, const struct key *k, struct key_bytes b,
					struct value *fresh)
{
	void *actual;
	int answer = api.load_or_store(w->map, b.bytes, b.len, fresh, &actual);

	(void)k;
	check(answer || actual == fresh, "load_or_store stores, and answers another value");
	return (struct outcome){answer, answer == 1 ? actual : NULL, !answer, false};
}

/* An absent key can't be compared with anything; another value will do. */
static void *expected(const struct key *k)
{
	return k->value ? k->value : (void *)k;
}

static struct outcome act_compare_and_swap(struct world *w, const struct key *k, struct key_bytes b,
					   struct value *fresh)
{
	int answer = api.compare_and_swap(w->map, b.bytes, b.len, expected(k), fresh);

	return (struct outcome){answer, answer == 1 ? k->value : NULL, answer == 1, false};
}

static struct outcome act_swap_same(struct world *w, const struct key *k, struct key_bytes b,
				    struct value *fresh)
{
	int answer = api.compare_and_swap(w->map, b.bytes, b.len, expected(k), expected(k));

	(void)fresh;
	return (struct outcome){answer, answer == 1 ? k->value : NULL, false, false};
}

static struct outcome act_load(struct world *w, const struct key *k, struct key_bytes b,
			       struct value *fresh)
{
	(void)k;
	(void)fresh;
	return (struct outcome){0, api.load(w->map, b.bytes, b.len), false, false};
}

/* With a value that the key does not have. */
static struct outcome act_compare_wrong(struct world *w, const struct key *k, struct key_bytes b,
					struct value *fresh)
{
	int swap = api.compare_and_swap(w->map, b.bytes, b.len, (void *)k, fresh);
	int delete = api.compare_and_delete(w->map, b.bytes, b.len, (void *)k);

	check(!swap && !delete, "a comparison with a wrong value answers %d, %d", swap, delete);
	return act_load(w, k, b, fresh);
}

static struct outcome act_load_and_delete(struct world *w, const struct key *k, struct key_bytes b,
					  struct value *fresh)
{
	void *old;
	int answer = api.load_and_delete(w->map, b.bytes, b.len, &old);

	(void)k;
	(void)fresh;
	check(answer == !!old, "load_and_delete answers %d and a value", answer);
	return (struct outcome){answer, old, false, answer == 1};
}

static struct outcome act_delete(struct world *w, const struct key *k, struct key_bytes b,
				 struct value *fresh)
{
	int answer = api.remove(w->map, b.bytes, b.len);

	(void)fresh;
	return (struct outcome){answer, answer == 1 ? k->value : NULL, false, answer == 1};
}

static struct outcome act_compare_and_delete(struct world *w, const struct key *k,
					     struct key_bytes b, struct value *fresh)
{
	int answer = api.compare_and_delete(w->map, b.bytes, b.len, expected(k));

	(void)fresh;
	return (struct outcome){answer, answer == 1 ? k->value : NULL, false, answer == 1};
}

static const struct act stores[] = {
	{"store", act_store, true, false},
	{"swap", act_swap, true, false},
	{"load_or_store", act_load_or_store, true, false},
	{"compare_and_swap", act_compare_and_swap, true, false},
};

static const struct act removals[] = {
	{"load_and_delete", act_load_and_delete, false, true},
	{"delete", act_delete, false, true},
	{"compare_and_delete", act_compare_and_delete, false, true},
};

static const struct act looks[] = {
	{"load", act_load, false, false},
	{"compare_and_swap with itself", act_swap_same, false, false},
	{"a wrong comparison", act_compare_wrong, false, false},
};

enum {
	STORES = sizeof(stores) / sizeof(stores[0]),
	REMOVALS = sizeof(removals) / sizeof(removals[0]),
	LOOKS = sizeof(looks) / sizeof(looks[0])
};

static unsigned int version_after(unsigned int version, bool present)
{
	return (version / 2 + 1) * 2 + present;
}

/* Whether a clear may have removed the value that the owner thinks its key has. */
static bool may_be_cleared(const struct world *w, const struct key *k)
{
	return w->clears && watch_load(&w->clears_begun) > k->clears;
}

static void check_found(const struct world *w, const struct key *k, const struct act *act,
			const struct outcome *o)
{
	unsigned int number = (unsigned int)(k - w->keys);

	check(o->answer >= 0 || (o->answer == -ENOMEM && world_refuses(w)), "%s of key %u: %d",
	      act->name, number, o->answer);
	if (o->answer < 0 || o->found == k->value || (!o->found && may_be_cleared(w, k)))
		return;
	fail("%s of key %u finds %s, but its value is %s of generation %u", act->name, number,
	     o->found ? "another value" : "nothing", k->value ? "that" : "nothing, after that",
	     watch_load(&k->done));
}

static void count_outcome(const struct outcome *o)
{
	if (o->answer == -ENOMEM)
		count(COUNT_NOMEM);
	else if (o->stored)
		count(o->found ? COUNT_REPLACED : COUNT_INSERTED);
	else if (o->removed)
		count(COUNT_DELETED);
}

/* The key is now at @version, with @value. */
static void settle(struct key *k, unsigned int version, struct value *value)
{
	k->value = value;
	watch_store(&k->begun, version);
	watch_store(&k->done, version);
}

static void own_act(struct world *w, unsigned int number, const struct act *act)
{
	struct key *k = &w->keys[number];
	unsigned int was = watch_load(&k->done);
	unsigned int version = version_after(was, act->stores);
	unsigned int over = watch_load(&w->clears_over);
	struct value *fresh = value_new(number, version);
	struct outcome o;

	run.flavor->rcu->read_lock();
	if (act->stores || act->removes)
		watch_store(&k->begun, version);
	o = act->call(w, k, key_make(w->kind, number), fresh);
	check_found(w, k, act, &o);
	count_outcome(&o);
	if (o.found && o.answer >= 0)
		value_check(o.found, number);
	if (o.found && (o.stored || o.removed))
		value_take(o.found, w->mode);
	if (o.stored) {
		k->clears = over;
		watch_store(&fresh->clears, watch_load(&w->clears_begun) + 1);
		settle(k, version, fresh);
	} else if (o.answer >= 0 && (o.removed || !o.found) && k->value) {
		settle(k, version_after(was, false), NULL); /* deleted, or cleared */
	} else {
		watch_store(&k->begun, was);
	}
	run.flavor->rcu->read_unlock();
	if (!o.stored)
		value_drop(fresh);
}

void owned_put(struct world *w, unsigned int number)
{
	own_act(w, number, &stores[1]);
}

void owned_remove(struct world *w, unsigned int number)
{
	own_act(w, number, &removals[0]);
}

void owned_look(struct world *w, unsigned int number)
{
	own_act(w, number, &looks[0]);
}

unsigned int thread_own_key(struct thread *t, unsigned int first, unsigned int n)
{
	unsigned int ours = (n - t->owner + t->owners - 1) / t->owners;

	return first + t->owner + t->owners * rng_below(&t->rng, ours);
}

static void owner_step(struct thread *t)
{
	struct world *w = t->world;
	unsigned int number = thread_own_key(t, 0, w->owned);
	unsigned int stores_of_8 = !run.scenario->fills ? 4 : threads_fill() ? 7 : 1;

	if (w->pinned && rng_one_in(&t->rng, 8))
		own_act(w, thread_own_key(t, w->owned + w->contended, w->pinned),
			&stores[rng_below(&t->rng, STORES)]);
	if (rng_below(&t->rng, 8) < stores_of_8)
		own_act(w, number, &stores[rng_below(&t->rng, STORES)]);
	else
		own_act(w, number, &removals[rng_below(&t->rng, REMOVALS)]);
	if (rng_one_in(&t->rng, 2))
		own_act(w, number, &looks[rng_below(&t->rng, LOOKS)]);
}

const struct role role_owner = {"owner", owner_step, true};

/*
 * With pauses, so that it is left to chance whether any of the threads comes in the ten milliseconds
 * of a round: queues go idle then.
 */
static void trickler_step(struct thread *t)
{
	owner_step(t);
	thread_rest(rng_below(&t->rng, run.threads * 15000));
}

const struct role role_trickler = {"trickler", trickler_step, true};

static void see(struct key *k, unsigned int version)
{
	unsigned int seen = watch_load(&k->seen);

	while (seen < version && !watch_cas(&k->seen, &seen, version))
		;
}

/* What the owner had done before the load, and begun after it. */
struct interval {
	unsigned int seen, done, begun, clears_over;
};

static void check_hit(const struct world *w, unsigned int number, const struct value *value,
		      const struct interval *in)
{
	unsigned int version = value->generation;
	unsigned int clears = watch_load(&value->clears);

	check(version >= in->done && version <= in->begun && version & 1,
	      "key %u: version %u is loaded, between %u and %u", number, version, in->done,
	      in->begun);
	check(version >= in->seen, "key %u: version %u is loaded after %u was seen", number,
	      version, in->seen);
	check(!w->clears || !clears || in->clears_over < clears,
	      "key %u: version %u is loaded, but a clear began after its store and is over", number,
	      version);
}

/*
 * Present before and after is absent in between only if there is room for a version. If all of them
 * are known, that which was absent has been seen.
 */
static void check_miss(const struct world *w, unsigned int number, const struct interval *in)
{
	unsigned int between = in->begun / 2 - in->done / 2;
	unsigned int version = 0;

	if (w->clears)
		return;
	check(!world_pins(w, number), "key %u is missed, but is never absent", number);
	check(between > 1 || !(in->done & in->begun & 1),
	      "key %u is missed, but present from version %u to %u", number, in->done, in->begun);
	if (between == 0)
		version = in->done;
	else if (between == 1 && (in->done ^ in->begun) & 1)
		version = in->done & 1 ? in->begun : in->done;
	if (!version)
		return;
	check(version >= in->seen, "key %u is missed, as in version %u, after %u was seen", number,
	      version, in->seen);
	see(&w->keys[number], version);
}

void owned_read(struct world *w, unsigned int number)
{
	struct key *k = &w->keys[number];
	struct key_bytes b = key_make(w->kind, number);
	struct interval in;
	unsigned int version = 0;
	struct value *value;

	in.clears_over = watch_load(&w->clears_over);
	in.seen = watch_load(&k->seen);
	in.done = watch_load(&k->done);
	run.flavor->rcu->read_lock();
	value = api.load(w->map, b.bytes, b.len);
	in.begun = watch_load(&k->begun);
	count(value ? COUNT_HIT : COUNT_MISS);
	if (value) {
		value_check(value, number);
		if (rng_one_in(delay_rng(), 64))
			sched_yield();
		value_check(value, number);
		check_hit(w, number, value, &in);
		version = value->generation;
	} else {
		check_miss(w, number, &in);
	}
	run.flavor->rcu->read_unlock();
	if (version)
		see(k, version);
}

static void reader_step(struct thread *t)
{
	struct world *w = t->world;
	unsigned int number = rng_below(&t->rng, w->owned + w->pinned);

	owned_read(w, number < w->owned ? number : number + w->contended);
}

const struct role role_reader = {"reader", reader_step, false};
