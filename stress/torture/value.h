/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Values that tell when something is wrong with them: a magic number, the key and generation that
 * they are for, and an age as in rcutorture.
 *
 * Age 0 is live. A value that has left the map has age 1, and one more for each grace period that
 * began after that and is over. Nobody who found it in the map can see it older than 1: the grace
 * period would have waited for his section.
 */
#ifndef RCUMAP_TORTURE_VALUE_H
#define RCUMAP_TORTURE_VALUE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <urcu/call-rcu.h>

#include <rcumap.h>

enum value_mode {
	VALUE_NOTE, /* value_free, and notes for values that are replaced */
	VALUE_LINK, /* value_free, and RCUMAP_VALUE_LINK */
	VALUE_OWN,  /* no value_free: who takes a value out frees it after a grace period */
	VALUE_MODES
};

struct value {
	uint64_t magic;
	unsigned int key;
	unsigned int generation;
	_Atomic(uint64_t) retired;    /* 0: live; else the first grace period that makes it older */
	_Atomic(bool) taken;	      /* an operation has returned it */
	_Atomic(unsigned int) clears; /* begun when its store returned, plus 1; 0: not known yet */
	_Atomic(bool) *freed;	      /* set when it is freed; may be NULL */
	struct rcumap_link link;
	struct rcu_head rcu;
};

const char *value_mode_name(enum value_mode mode);

/* The mode of that name, or VALUE_MODES. */
enum value_mode value_mode_find(const char *name);

/* Sets what a map with such values needs. @forgets: they may leave it without being returned. */
void value_attr(struct rcumap_attr *attr, enum value_mode mode, const _Atomic(bool) *forgets);

struct value *value_new(unsigned int key, unsigned int generation);

/* For one that was not stored. */
void value_drop(struct value *value);

/* In the section in which @value was found under @key: fails unless that is right. */
void value_check(const struct value *value, unsigned int key);

/* In the section in which it left the map, to us. */
void value_take(struct value *value, enum value_mode mode);

/* Counts grace periods, to tell ages; a thread of its own. */
void ages_begin(void);
void ages_end(void);

#endif
