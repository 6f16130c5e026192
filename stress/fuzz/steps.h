/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * steps.h - the steps that an input is made of, and what they share.
 *
 * A step takes its arguments from the input, does one thing to the map, and checks what came of it
 * against the model.
 */
#ifndef RCUMAP_FUZZ_STEPS_H
#define RCUMAP_FUZZ_STEPS_H

#include "fuzz.h"
#include "model.h"

enum { KEPT_MAX = 32 };

/* A key and a value that a visit has shown: good to the end of the caller's section. */
struct kept {
	const void *key;
	unsigned int number;
	const struct value *value;
};

struct fuzz {
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
};

extern struct fuzz fuzz;

struct call {
	uint64_t began;
	size_t failed;
};

/* Arguments. Keys of a step are the first 256; runs of keys reach the others. */
unsigned int take(void);
unsigned int take_key(void);
struct value *take_old(unsigned int key);
struct value *other_value(void);

/* One operation: what had failed when it began, and what it may answer. */
struct call call_begin(void);
bool call_starved(const struct call *call, int answer);
void check_answer(const char *what, unsigned int key, int answer, int want);
void check_pointer(const char *what, unsigned int key, const void *got, const void *want);

/* The next step of the input, whatever it is; and those inside a visit or value_free. */
void step(void);
void nested_steps(void);
bool may_wait(void);

/* steps_key.c */
void step_load(void);
void step_store(void);
void step_swap(void);
void step_load_or_store(void);
void step_load_and_delete(void);
void step_delete(void);
void step_compare_and_swap(void);
void step_compare_and_swap_self(void);
void step_compare_and_delete(void);
void step_store_run(void);
void step_delete_run(void);
void step_load_run(void);
void load_key(unsigned int number);

/* steps_map.c */
void step_range(void);
void step_clear(void);
void step_count(void);
void step_check(void);
void step_drain(void);
void step_rekey(void);
void step_replace_map(void);
void step_destroy_wait(void);
int visit(const void *key, size_t len, void *value, void *ctx);
void value_freed(void);
void make_map(void);

/* steps_wrong.c */
void step_wrong(void);

/* steps_around.c */
void step_fail_mask(void);
void step_fail_nth(void);
void step_callbacks(void);
void step_open(void);
void step_close(void);
void keep(const void *key, unsigned int number, const struct value *value);
void forget_kept(void);

#endif
