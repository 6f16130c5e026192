/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * support.c - what all tests share; see support.h. Nothing here knows how the map works.
 */
#include "support.h"

#include <errno.h>
#include <inttypes.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#define POISON 0xdb
#define CANARY 0xc5
#define BLOCK_MAGIC UINT64_C(0x5bc0ffee0ddba11)
#define VALUE_MAGIC UINT64_C(0x7a1ce55ed0b1ec7)
#define LAZY_SIZE ((size_t)64 << 10)

#define TAIL ((size_t)16)

/* AddressSanitizer sees the first byte beyond the end of a block, without it free_hook() does. */
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(start, size) ((void)(start), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(start, size) ((void)(start), (void)(size))
#endif

enum { VALUE_LIVE = 1, VALUE_FREED = 2 };

static pthread_t main_thread;
static bool is_child; /* a process that test_fork() made */
static _Thread_local void (*at_fail)(void *arg);
static _Thread_local void *at_fail_arg;
static _Thread_local struct test_key noted; /* the first bytes of the key, and its true length */

/*
 * Program
 */

static void on_timeout(int signal)
{
	static const char text[] = "watchdog: the test takes too long (RCUMAP_TIMEOUT)\n";

	(void)signal;
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(99);
	abort();
}

static unsigned long long environment_number(const char *name, unsigned long long otherwise)
{
	const char *text = getenv(name);

	return text && *text ? strtoull(text, NULL, 0) : otherwise;
}

static void start_watchdog(void)
{
	signal(SIGALRM, on_timeout);
	alarm((unsigned int)environment_number("RCUMAP_TIMEOUT", 300));
}

void test_begin(void)
{
	const char *skip = getenv("RCUMAP_SKIP");

	main_thread = pthread_self();
	start_watchdog();
	if (skip && *skip) {
		fprintf(stderr, "left out: %s (RCUMAP_SKIP)\n", skip);
		cmocka_set_skip_filter(skip);
	}
	fprintf(stderr, "flavor %s, RCUMAP_SEED=0x%" PRIx64 "\n", FLAVOR_NAME, test_seed());
	rcu_register_thread();
}

int test_end(int failed)
{
	rcu_unregister_thread();
	if (failed)
		fprintf(stderr, "%d failed; repeat with RCUMAP_SEED=0x%" PRIx64 "\n", failed,
			test_seed());
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

size_t test_scale(size_t full, size_t quick)
{
	const char *check = getenv("CHECK");

	return check && !strcmp(check, "quick") ? quick : full;
}

pid_t test_fork(void)
{
	pid_t pid;

	fflush(NULL); /* else the child would print it, too */
	pid = fork();
	check_that(pid >= 0, "fork failed: %s", strerror(errno));
	if (!pid) {
		is_child = true;
		start_watchdog(); /* alarms are not inherited */
	}
	return pid;
}

void test_await_child(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		check_int(errno, EINTR);
	check_that(!WIFSIGNALED(status), "the child was killed by signal %d", WTERMSIG(status));
	check_int(WEXITSTATUS(status), 0);
}

/*
 * Checks
 */

static bool may_fail_gently(void)
{
	if (is_child)
		return false; /* cmocka would go on with the next test */
#if !defined(FLAVOR_QSBR)
	if (rcu_read_ongoing())
		return false;
#endif
	return pthread_equal(pthread_self(), main_thread);
}

static void print_noted_key(void)
{
	fprintf(stderr, "  last key: %zu bytes", noted.len);
	for (size_t i = 0; i < noted.len && i < sizeof(noted.bytes); i++)
		fprintf(stderr, "%s%02x", i ? "" : ", ", noted.bytes[i]);
	fprintf(stderr, "%s\n", noted.len > sizeof(noted.bytes) ? "..." : "");
}

void test_fail(const char *file, int line, const char *format, ...)
{
	bool gently = may_fail_gently();
	va_list args;

	fprintf(stderr, "%s:%d: ", file, line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
	print_noted_key();
	if (at_fail)
		at_fail(at_fail_arg);
	fprintf(stderr, "  RCUMAP_SEED=0x%" PRIx64 "\n", test_seed());
	if (gently)
		_fail(file, line);
	abort();
}

void test_at_fail(void (*print)(void *arg), void *arg)
{
	at_fail = print;
	at_fail_arg = arg;
}

void test_note_key(const void *key, size_t len)
{
	noted.len = len;
	if (key)
		memcpy(noted.bytes, key, len < sizeof(noted.bytes) ? len : sizeof(noted.bytes));
}

void test_check_int(const char *file, int line, const char *call, long got, long want)
{
	if (got != want)
		test_fail(file, line, "%s is %ld, not %ld", call, got, want);
}

void test_check_size(const char *file, int line, const char *call, size_t got, size_t want)
{
	if (got != want)
		test_fail(file, line, "%s is %zu, not %zu", call, got, want);
}

void test_check_ptr(const char *file, int line, const char *call, const void *got, const void *want)
{
	if (got != want)
		test_fail(file, line, "%s is %p, not %p", call, got, want);
}

/*
 * Random numbers, keys, hashes
 */

static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

uint64_t test_seed(void)
{
	return environment_number("RCUMAP_SEED", 0x5eed);
}

struct rng rng_make(uint64_t stream)
{
	return (struct rng){mix(test_seed() + mix(stream + 1))};
}

uint64_t rng_next(struct rng *rng)
{
	return mix(rng->state += UINT64_C(0x9e3779b97f4a7c15));
}

size_t rng_below(struct rng *rng, size_t n)
{
	return (size_t)(rng_next(rng) % n);
}

_Atomic int test_getrandom_error;

ssize_t getrandom(void *buffer, size_t length, unsigned int flags)
{
	static _Atomic uint64_t calls;
	struct rng rng = rng_make(atomic_fetch_add(&calls, 1) + UINT64_C(0x6e7a9d));

	(void)flags;
	errno = atomic_load(&test_getrandom_error);
	if (errno)
		return -1;
	for (size_t i = 0; i < length; i++)
		((unsigned char *)buffer)[i] = (unsigned char)rng_next(&rng);
	return (ssize_t)length;
}

struct test_key test_key(size_t key_len, uint64_t n)
{
	struct test_key key = {.len = key_len};

	if (key_len) {
		memset(key.bytes, 'k', key_len);
		for (size_t i = 0; i < key_len && i < sizeof(n); i++, n >>= 8)
			key.bytes[key_len - 1 - i] = (unsigned char)n;
	} else {
		key.len = (size_t)snprintf((char *)key.bytes, sizeof(key.bytes), "%.*s%" PRIu64,
					   (int)(n % 5) * 8, "a-prefix-that-several-keys-share", n);
	}
	test_note_key(key.bytes, key.len);
	return key;
}

uint64_t hash_good(const void *key, size_t len, uint64_t seed, void *ctx)
{
	const unsigned char *byte = key;
	uint64_t hash = seed ^ len;

	(void)ctx;
	for (size_t i = 0; i < len; i++)
		hash = mix(hash + byte[i]);
	return mix(hash);
}

uint64_t hash_two_bits(const void *key, size_t len, uint64_t seed, void *ctx)
{
	return hash_good(key, len, seed, ctx) & 3;
}

uint64_t hash_constant(const void *key, size_t len, uint64_t seed, void *ctx)
{
	(void)key, (void)len, (void)seed, (void)ctx;
	return 42;
}

/*
 * The counting allocator
 */

struct block { /* stands right before the memory given out */
	struct test_alloc *owner;
	void *raw;
	size_t size;
	size_t align;
	uint64_t magic;
};

static bool must_refuse(struct test_alloc *alloc, size_t size)
{
	size_t from = atomic_load(&alloc->fail_from);
	size_t nth = atomic_load(&alloc->fail_nth);

	while (nth && !atomic_compare_exchange_weak(&alloc->fail_nth, &nth, nth - 1))
		;
	return nth == 1 || (from && size >= from);
}

static void count_block(struct test_alloc *alloc, const struct block *block, size_t sign)
{
	bool table = block->align >= 64;

	atomic_fetch_add(table ? &alloc->table_bytes : &alloc->rest_bytes, sign * block->size);
	atomic_fetch_add(table ? &alloc->table_blocks : &alloc->rest_blocks, sign);
}

static size_t room_before(size_t align)
{
	return (sizeof(struct block) + align - 1) / align * align;
}

/* The compiler would leave out a mere memset() of what is freed next. */
static void poison_and_free(void *ptr, size_t size)
{
	memset(ptr, POISON, size);
	__asm__ volatile("" : : "r"(ptr) : "memory");
	free(ptr);
}

/* Zeroed; lazily from 64 KiB on. */
static void *raw_get(size_t size, size_t align)
{
	void *raw = NULL;

	if (size >= LAZY_SIZE) {
		raw = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		return raw == MAP_FAILED ? NULL : raw;
	}
	if (posix_memalign(&raw, align < 16 ? 16 : align, size))
		return NULL;
	return memset(raw, 0, size);
}

static void raw_put(void *raw, size_t size)
{
	if (size >= LAZY_SIZE) {
		munmap(raw, size); /* better than poison: whoever comes back crashes */
		return;
	}
	poison_and_free(raw, size);
}

static void *alloc_hook(size_t size, size_t align, void *ctx)
{
	struct test_alloc *alloc = ctx;
	size_t before = room_before(align);
	struct block *block;
	unsigned char *raw;

	check_that(size && align && align <= 128 && !(align & (align - 1)),
		   "alloc(%zu, %zu): not what the header promises", size, align);
	atomic_fetch_add(&alloc->calls, 1);
	raw = must_refuse(alloc, size) || size > SIZE_MAX - before - TAIL
		      ? NULL
		      : raw_get(before + size + TAIL, align);
	if (!raw) {
		atomic_fetch_add(&alloc->failed, 1);
		return NULL;
	}
	block = (struct block *)(raw + before) - 1;
	*block = (struct block){alloc, raw, size, align, BLOCK_MAGIC};
	memset(raw + before + size, CANARY, TAIL);
	ASAN_POISON_MEMORY_REGION(raw + before + size, TAIL);
	count_block(alloc, block, 1);
	return raw + before;
}

static void check_tail(const unsigned char *end, size_t size)
{
	ASAN_UNPOISON_MEMORY_REGION(end, TAIL);
	for (size_t i = 0; i < TAIL; i++)
		check_that(end[i] == CANARY, "a block of %zu bytes was written beyond its end",
			   size);
}

static void free_hook(void *ptr, size_t size, void *ctx)
{
	struct test_alloc *alloc = ctx;
	struct block *block = (struct block *)ptr - 1;

	check_that(block->magic == BLOCK_MAGIC, "free(%p, %zu): no block of ours, or freed twice",
		   ptr, size);
	check_that(block->owner == alloc, "free(%p, %zu): another allocator's block", ptr, size);
	check_that(block->size == size, "free(%p, %zu): its size is %zu", ptr, size, block->size);
	check_tail((unsigned char *)ptr + size, size);
	count_block(alloc, block, (size_t)-1);
	raw_put(block->raw, room_before(block->align) + size + TAIL);
}

void test_alloc_attr(struct rcumap_attr *attr, struct test_alloc *alloc)
{
	attr->alloc = alloc_hook;
	attr->free = free_hook;
	attr->alloc_ctx = alloc;
}

struct test_held test_alloc_tables(const struct test_alloc *alloc)
{
	return (struct test_held){atomic_load(&alloc->table_bytes),
				  atomic_load(&alloc->table_blocks)};
}

struct test_held test_alloc_rest(const struct test_alloc *alloc)
{
	return (struct test_held){atomic_load(&alloc->rest_bytes),
				  atomic_load(&alloc->rest_blocks)};
}

struct test_held test_alloc_held(const struct test_alloc *alloc)
{
	struct test_held tables = test_alloc_tables(alloc), rest = test_alloc_rest(alloc);

	return (struct test_held){tables.bytes + rest.bytes, tables.blocks + rest.blocks};
}

bool test_alloc_await_empty(const struct test_alloc *alloc, unsigned int rounds)
{
	while (test_alloc_held(alloc).blocks && rounds--)
		wait_rounds(1);
	return !test_alloc_held(alloc).blocks;
}

/*
 * Counted values
 */

void value_pool_init(struct value_pool *pool)
{
	memset(pool, 0, sizeof(*pool));
	pthread_mutex_init(&pool->lock, NULL);
}

static void value_release(struct value *value)
{
	if (value)
		poison_and_free(value, sizeof(*value));
}

void value_pool_fini(struct value_pool *pool)
{
	check_size(atomic_load(&pool->freed), atomic_load(&pool->made));
	for (size_t i = 0; i < VALUE_QUARANTINE; i++)
		value_release(pool->quarantine[i]);
	pthread_mutex_destroy(&pool->lock);
}

size_t value_pool_reap(struct value_pool *pool)
{
	size_t reaped = 0;

	for (; pool->live; reaped++)
		value_free(pool->live, pool);
	return reaped;
}

void value_pool_attr(struct rcumap_attr *attr, struct value_pool *pool, bool link)
{
	attr->value_free = value_free;
	attr->value_ctx = pool;
	if (link) {
		attr->flags |= RCUMAP_VALUE_LINK;
		attr->value_link = offsetof(struct value, link);
	}
}

struct value *value_new(struct value_pool *pool, uint64_t key, uint64_t generation)
{
	struct value *value = calloc(1, sizeof(*value));

	check_that(value, "no memory for a value");
	value->magic = VALUE_MAGIC;
	value->key = key;
	value->generation = generation;
	value->pool = pool;
	atomic_store(&value->state, VALUE_LIVE);
	atomic_fetch_add(&pool->made, 1);
	pthread_mutex_lock(&pool->lock);
	value->succ = pool->live;
	if (pool->live)
		pool->live->prev = value;
	pool->live = value;
	pthread_mutex_unlock(&pool->lock);
	return value;
}

/* Takes @value from the list of the living; returns the value that leaves the quarantine for it. */
static struct value *value_bury_locked(struct value_pool *pool, struct value *value)
{
	struct value **place = &pool->quarantine[pool->next++ % VALUE_QUARANTINE];
	struct value *oldest = *place;

	*(value->prev ? &value->prev->succ : &pool->live) = value->succ;
	if (value->succ)
		value->succ->prev = value->prev;
	*place = value;
	return oldest;
}

void value_free(void *ptr, void *ctx)
{
	struct value *value = ptr, *oldest;
	struct value_pool *pool = ctx;

	check_that(value->magic == VALUE_MAGIC, "value_free(%p): no value, or freed long ago", ptr);
	check_that(value->pool == pool, "value_free(%p): value_ctx is another's", ptr);
	check_that(atomic_exchange(&value->state, VALUE_FREED) == VALUE_LIVE,
		   "value_free(%p): freed twice (key %" PRIu64 ", generation %" PRIu64 ")", ptr,
		   value->key, value->generation);
	pthread_mutex_lock(&pool->lock);
	oldest = value_bury_locked(pool, value);
	pthread_mutex_unlock(&pool->lock);
	value_release(oldest);
	atomic_fetch_add(&pool->freed, 1);
}

static void value_defer_cb(struct rcu_head *head)
{
	struct value *value = (struct value *)((char *)head - offsetof(struct value, head));

	value_free(value, value->pool);
}

void value_defer(struct value *value)
{
	call_rcu(&value->head, value_defer_cb);
}

void value_take(void *ptr, uint64_t key)
{
	struct value *value = ptr;

	value_check(value, key);
	check_that(!atomic_exchange(&value->taken, true),
		   "the value %p of key %" PRIu64 " came out of the map twice", ptr, key);
}

uint64_t value_check(const void *ptr, uint64_t key)
{
	const struct value *value = ptr;

	check_that(value->magic == VALUE_MAGIC && atomic_load(&value->state) == VALUE_LIVE,
		   "the value %p of key %" PRIu64 " is not alive", ptr, key);
	check_that(value->key == key, "the value of key %" PRIu64 " came out for key %" PRIu64,
		   value->key, key);
	return value->generation;
}

/*
 * Threads and rounds
 */

struct test_thread {
	struct test_threads *all;
	pthread_t id;
	unsigned int index;
};

struct test_threads {
	void (*run)(unsigned int index, void *arg);
	void *arg;
	pthread_barrier_t start;
	unsigned int n;
	struct test_thread thread[];
};

/* qsbr: an online thread that waits would hold up every grace period. */
static bool go_offline(void)
{
	bool online = rcu_read_ongoing();

	if (online)
		rcu_thread_offline();
	return online;
}

static void go_back(bool online)
{
	if (online)
		rcu_thread_online();
}

static void *thread_main(void *arg)
{
	struct test_thread *self = arg;

	pthread_barrier_wait(&self->all->start);
	rcu_register_thread();
	self->all->run(self->index, self->all->arg);
	rcu_unregister_thread();
	return NULL;
}

struct test_threads *test_threads_start(unsigned int n, void (*run)(unsigned int index, void *arg),
					void *arg)
{
	struct test_threads *threads = calloc(1, sizeof(*threads) + n * sizeof(threads->thread[0]));

	check_that(threads, "no memory for %u threads", n);
	threads->run = run;
	threads->arg = arg;
	threads->n = n;
	pthread_barrier_init(&threads->start, NULL, n);
	for (unsigned int i = 0; i < n; i++) {
		threads->thread[i] = (struct test_thread){.all = threads, .index = i};
		check_int(pthread_create(&threads->thread[i].id, NULL, thread_main,
					 &threads->thread[i]),
			  0);
	}
	return threads;
}

void test_threads_join(struct test_threads *threads)
{
	bool online = go_offline();

	for (unsigned int i = 0; i < threads->n; i++)
		pthread_join(threads->thread[i].id, NULL);
	go_back(online);
	pthread_barrier_destroy(&threads->start);
	free(threads);
}

struct rounds {
	struct rcu_head head;
	unsigned int left;
	sem_t done;
};

static void round_cb(struct rcu_head *head)
{
	struct rounds *rounds = (struct rounds *)((char *)head - offsetof(struct rounds, head));

	if (--rounds->left)
		call_rcu(&rounds->head, round_cb);
	else
		sem_post(&rounds->done);
}

void wait_rounds(unsigned int n)
{
	struct rounds rounds = {.left = n};
	bool online;

	if (!n)
		return;
	sem_init(&rounds.done, 0, 0);
	call_rcu(&rounds.head, round_cb);
	online = go_offline();
	while (sem_wait(&rounds.done) && errno == EINTR)
		;
	go_back(online);
	sem_destroy(&rounds.done);
}
