/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Shapes and keys; see shape.h. getrandom() and sysconf() are wrapped by the linker, so that seeds
 * of hashes and the number of stripes do not depend on the machine.
 */
#include "shape.h"

#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { FEW_KEYS = 256, STRINGS = 32 };

static uint64_t seed;
static unsigned char key_bytes[KEY_LEN_MAX + 1]; /* keys begin at the second one */

ssize_t __wrap_getrandom(void *buffer, size_t length, unsigned int flags);
long __wrap_sysconf(int name);
long __real_sysconf(int name);

ssize_t __wrap_getrandom(void *buffer, size_t length, unsigned int flags)
{
	(void)flags;
	memset(buffer, 0, length);
	memcpy(buffer, &seed, length < sizeof(seed) ? length : sizeof(seed));
	return (ssize_t)length;
}

long __wrap_sysconf(int name)
{
	return name == _SC_NPROCESSORS_ONLN ? 1 : __real_sysconf(name);
}

static uint64_t hash_seeded(const void *key, size_t len, uint64_t with, void *ctx)
{
	const unsigned char *byte = key;
	uint64_t hash = with ^ len;

	(void)ctx;
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static uint64_t hash_two_bits(const void *key, size_t len, uint64_t with, void *ctx)
{
	return hash_seeded(key, len, with, ctx) >> 7 & 3;
}

static uint64_t hash_constant(const void *key, size_t len, uint64_t with, void *ctx)
{
	(void)key, (void)len, (void)with, (void)ctx;
	return 42;
}

/* Bad hashes make chains of all keys, so there are to be fewer. */
static void hash_take(struct shape *shape, unsigned int byte)
{
	static uint64_t (*const hashes[])(const void *, size_t, uint64_t, void *) = {
		NULL, hash_seeded, hash_two_bits, hash_constant};

	shape->hash = hashes[byte % 4];
	shape->keys = byte % 4 < 2 ? KEYS_MAX : FEW_KEYS;
	seed = (byte / 4) * UINT64_C(0x9e3779b97f4a7c15);
}

static void style_take(struct shape *shape, unsigned int byte)
{
	shape->style.face = byte & 1 ? TOY_QSBR : TOY_MEMB;
	shape->style.newest_first = byte & 2;
	shape->style.eager = byte >> 2 & 3;
	shape->hooks = !(byte & 16);
}

void shape_take(struct shape *shape, struct input *input)
{
	static const size_t lengths[] = {8, 0, 8, 0, 2, 3, 16, 100};
	static const size_t expected[] = {0, 1, 21, 200, 3000};
	unsigned int byte = input_byte(input);

	shape->key_len = lengths[byte % 8];
	shape->values = byte / 8 % VALUE_MODES;
	hash_take(shape, input_byte(input));
	style_take(shape, input_byte(input));
	shape->expected = expected[input_byte(input) % (sizeof(expected) / sizeof(*expected))];
}

struct rcumap_attr shape_attr(const struct shape *shape, void (*value_freed)(void))
{
	struct rcumap_attr attr = RCUMAP_ATTR_INIT;

	attr.key_len = shape->key_len;
	attr.hash = shape->hash;
	attr.expected = shape->expected;
	if (shape->hooks)
		memory_attr(&attr);
	value_attr(&attr, shape->values, value_freed);
	return attr;
}

/*
 * For small numbers, in maps that take keys of any length: two strings of each length, each a prefix
 * of longer ones.
 */
static size_t string_len(unsigned int n)
{
	return (n + 1) / 2;
}

/*
 * Keys of one length have their number at both ends, if there is room. So have those of any length,
 * but for the strings.
 */
struct key key_make(const struct shape *shape, unsigned int n)
{
	unsigned char *bytes = key_bytes + 1;
	size_t len = shape->key_len;

	if (!len)
		len = n < STRINGS ? string_len(n) : n % 64 ? 2 + n % 64 : KEY_LEN_MAX;
	memset(bytes, n % 2 ? 'o' : 'e', len);
	if (shape->key_len || n >= STRINGS) {
		bytes[0] = (unsigned char)(n >> 8);
		bytes[1] = (unsigned char)n;
		bytes[len - 1] = (unsigned char)n;
		if (len > 3)
			bytes[len - 2] = (unsigned char)(n >> 8);
	}
	return (struct key){bytes, len};
}

unsigned int key_number(const struct shape *shape, const void *bytes, size_t len)
{
	const unsigned char *byte = bytes;
	unsigned int n = 2 * (unsigned int)len;
	struct key key;

	if (len && byte[0] == 'o')
		n--;
	else if (shape->key_len || (len && byte[0] != 'e'))
		n = len < 2 ? 0 : byte[0] * 256u + byte[1];
	key = key_make(shape, n < shape->keys ? n : 0);
	return key.len == len && !memcmp(key.bytes, bytes, len) ? n : shape->keys;
}

void key_spoil(void)
{
	memset(key_bytes, '!', sizeof(key_bytes));
}
