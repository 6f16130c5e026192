/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Memory and values; see supply.h.
 */
#include "supply.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "toy.h"

#define BLOCK_MAGIC UINT64_C(0x5ca1ab1e0ff1ce)
#define POISON 0xdb
#define CANARY 0xc5
#define TAIL ((size_t)8)
#define TABLE_ALIGN 64

enum { VALUES_MAX = 8192 };

struct block { /* stands right before the memory given out */
	void *raw;
	size_t size, align;
	uint64_t magic;
};

static struct {
	size_t held, small, failed; /* blocks held, those that are no tables, refusals */
	unsigned int fail_mask, fail_nth;
} memory;

static struct {
	enum value_mode mode;
	void (*then)(void);
	size_t made;
	struct value values[VALUES_MAX];
} values;

/*
 * Memory
 */

void memory_fail_mask(unsigned int mask)
{
	memory.fail_mask = mask;
}

void memory_fail_nth(unsigned int nth)
{
	memory.fail_nth = nth;
}

size_t memory_failed(void)
{
	return memory.failed;
}

size_t memory_small_blocks(void)
{
	return memory.small;
}

size_t memory_large_blocks(void)
{
	return memory.held - memory.small;
}

static bool must_refuse(void)
{
	bool refuse = memory.fail_mask & 1;

	memory.fail_mask = memory.fail_mask >> 1 | (memory.fail_mask & 1) << 7;
	if (memory.fail_nth && !--memory.fail_nth)
		refuse = true;
	memory.failed += refuse;
	return refuse;
}

static size_t room_before(size_t align)
{
	return (sizeof(struct block) + align - 1) / align * align;
}

static void *memory_get(size_t size, size_t align, void *ctx)
{
	size_t before = room_before(align);
	struct block *block;
	char *raw = NULL;

	(void)ctx;
	fuzz_check(size && align && align <= 128 && !(align & (align - 1)),
		   "alloc(%zu, %zu): not what the header promises", size, align);
	if (must_refuse())
		return NULL;
	if (posix_memalign((void **)&raw, align < 16 ? 16 : align, before + size + TAIL))
		abort();
	memset(raw, 0, before + size);
	memset(raw + before + size, CANARY, TAIL);
	block = (struct block *)(raw + before) - 1;
	*block = (struct block){raw, size, align, BLOCK_MAGIC};
	memory.held++;
	memory.small += align < TABLE_ALIGN;
	return raw + before;
}

static void check_tail(const unsigned char *end)
{
	for (size_t i = 0; i < TAIL; i++)
		fuzz_check(end[i] == CANARY, "a block was written beyond its end");
}

static void memory_put(void *ptr, size_t size, void *ctx)
{
	struct block *block = (struct block *)ptr - 1;
	void *raw = block->raw;

	(void)ctx;
	fuzz_check(block->magic == BLOCK_MAGIC, "free of no block of ours, or for the second time");
	fuzz_check(block->size == size, "free of %zu bytes as %zu", block->size, size);
	check_tail((unsigned char *)ptr + size);
	memory.held--;
	memory.small -= block->align < TABLE_ALIGN;
	block->magic = 0;
	memset(ptr, POISON, size);
	__asm__ volatile("" : : "r"(ptr) : "memory"); /* the compiler would leave it out */
	free(raw);
}

void memory_attr(struct rcumap_attr *attr)
{
	attr->alloc = memory_get;
	attr->free = memory_put;
}

/*
 * Values
 */

/* What a link holds while the map must not touch it. */
static void *link_untouched(const struct value *value)
{
	return (char *)(uintptr_t)value + 1;
}

static void value_free(void *ptr, void *ctx)
{
	struct value *value = ptr;

	fuzz_check(ctx == &values, "value_free with another ctx");
	fuzz_check(value >= values.values && value < values.values + values.made,
		   "value_free of something else");
	fuzz_check(value->state == VALUE_LEFT, "value_free of a value of key %u in state %d",
		   value->key, value->state);
	fuzz_check(toy_in_callback() && toy_callback_queued_at() >= value->left,
		   "value_free without a grace period");
	value->state = VALUE_FREED;
	value->link.opaque = link_untouched(value);
	values.then();
}

void value_attr(struct rcumap_attr *attr, enum value_mode mode, void (*then)(void))
{
	values.mode = mode;
	values.then = then;
	if (mode == VALUES_PLAIN)
		return;
	attr->value_free = value_free;
	attr->value_ctx = &values;
	if (mode == VALUES_LINKED) {
		attr->flags |= RCUMAP_VALUE_LINK;
		attr->value_link = offsetof(struct value, link);
	}
}

size_t value_room(void)
{
	return VALUES_MAX - values.made;
}

struct value *value_new(unsigned int key)
{
	struct value *value = &values.values[values.made++];

	*value = (struct value){.state = VALUE_OURS, .key = key};
	value->link.opaque = link_untouched(value);
	return value;
}

void value_enter(struct value *value)
{
	fuzz_check(value->state == VALUE_OURS, "a value in state %d was stored", value->state);
	value->state = VALUE_IN;
}

void value_leave(struct value *value, uint64_t when)
{
	fuzz_check(value->state == VALUE_IN, "a value in state %d left", value->state);
	value->state = VALUE_LEFT;
	value->left = when;
}

void value_check_links(void)
{
	for (size_t i = 0; i < values.made; i++)
		fuzz_check(values.values[i].state == VALUE_LEFT ||
				   values.values[i].link.opaque ==
					   link_untouched(&values.values[i]),
			   "the link of a value in state %d was written", values.values[i].state);
}

void value_check_freed(uint64_t when)
{
	for (size_t i = 0; i < values.made && values.mode != VALUES_PLAIN; i++)
		fuzz_check(values.values[i].state != VALUE_LEFT || values.values[i].left >= when,
			   "a value of key %u is not freed", values.values[i].key);
}

void supply_begin(void)
{
	memset(&memory, 0, sizeof(memory));
	values.made = 0;
}

void supply_end(void)
{
	fuzz_check(!memory.held, "%zu blocks are not freed", memory.held);
	value_check_freed(UINT64_MAX);
	for (size_t i = 0; i < values.made; i++)
		fuzz_check(values.values[i].state != VALUE_IN, "a value is still in the map");
	value_check_links();
}
