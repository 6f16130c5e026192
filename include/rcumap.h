/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/**
 * rcumap.h - a concurrent hash map with lock-free loads and nothing retained
 *
 * librcumap has the operations of Go's sync.Map. Its read side is a snapshot protected by RCU: a
 * load takes no lock, writes no shared memory and never waits. A deleted entry leaves the map
 * together with its key when the delete returns, and their memory goes back through call_rcu.
 *
 *     #include <urcu.h>      or <urcu-qsbr.h>, or <urcu-bp.h>: you choose the flavor of liburcu
 *     #include <rcumap.h>
 *
 * Garbage is not bounded yet. What was deleted or replaced is freed after a grace period, by
 * liburcu's call_rcu worker. While a reader stays inside its read-side critical section for long,
 * or while many writers make garbage faster than the one default worker frees it, memory grows.
 * Keep sections short; give busy writer threads a worker of their own (create_call_rcu_data() with
 * set_thread_call_rcu_data(), or create_all_cpu_call_rcu_data()); throttle in the caller, where it
 * is known which locks are held, by calling rcumap_drain() now and then.
 *
 * Words used below
 *   section       an RCU read-side critical section: rcu_read_lock() to rcu_read_unlock(); with
 *                 qsbr, the time between two quiescent states of an online thread.
 *   round         one turn of the call_rcu worker: one grace period and up to 10 ms of its poll.
 *   LP            linearization point: the instant at which an operation takes effect for all.
 *   present       a key is present from the LP of the insert that added it to the LP of the delete
 *                 that removed it.
 *
 * Context of every operation
 *   A thread that is registered with the flavor (bp registers by itself). rcumap_load() needs the
 *   caller to be in a section; every other operation opens what it needs itself (and brings an
 *   offline qsbr thread online for that long), and may also be called inside a section, in the
 *   visit callback of rcumap_range(), and in value_free. The exceptions are rcumap_drain() and
 *   rcumap_destroy_wait(), which wait for grace periods and say -EDEADLK there. Operations other
 *   than rcumap_load() must not be called from signal handlers, and threads must not be cancelled
 *   asynchronously inside any of them. No call on a map may begin once rcumap_destroy() was called,
 *   except as said there; so a value_free that uses its map must have stopped doing so by then,
 *   since the destroy calls it for all that is left. Visit callbacks and value_free must return:
 *   no longjmp, no C++ exception.
 *
 * Fork, cancellation, exit
 *   Fork: with bp while no other thread is inside an operation; with the other flavors while no
 *   other thread is registered or waits for a grace period (liburcu would keep it on its list in
 *   the child, where it is no more). The thread that forks is outside sections (with qsbr offline)
 *   and calls call_rcu_before_fork(), with bp then urcu_bp_before_fork(); after the fork their
 *   partners, in the opposite order, in both processes. (call_rcu_after_fork_child() starts a
 *   worker with the signal mask of its caller.) Both then have a map of their own, to be used,
 *   drained and destroyed, pending garbage included. A child that does nothing but exec or _exit()
 *   needs none of that.
 *   Cancellation: no operation is a cancellation point, but rcumap_create() may be one, while it
 *   has made nothing yet. A hook that is one must disable cancellation meanwhile.
 *   Exit: at any time, also inside a section. What waits for a grace period is not freed then.
 *   dlclose() does not unload the library, since its callbacks may be pending; a program that
 *   unloads hooks of its own waits first (rcumap_destroy_wait()).
 *
 * Ordering of every operation
 *   All operations are linearizable (the exceptions are rcumap_count() and the walk of
 *   rcumap_range(), which say what they promise). What a thread did before it put a value into the
 *   map happens-before everything that another thread does after it got that value out. A miss is
 *   ordered, too: a load that misses because of a delete happens after that delete took effect.
 *   Operations that change the map end in a full fence, so of two threads that each store one key
 *   and then load the other's, at least one sees the other's store (on POWER, which is not
 *   multi-copy atomic, order is promised for each key alone). rcumap_clear() is one instant for all
 *   keys: an operation takes effect wholly before it or wholly after it.
 *
 * Keys are byte strings, compared byte by byte, and copied when they are first stored. Values are
 * pointers, never NULL.
 *
 * Who owns a value
 *   The caller, until an operation that stores it succeeds; on every error, and whenever the answer
 *   says "not stored", it stays the caller's.
 *   Without value_free: a value that leaves the map is
 *   the caller's again, but readers may still use it. Free it after a grace period that begins when
 *   the operation that took it out has returned (call_rcu with an rcu_head inside the value, or
 *   synchronize_rcu). Values that are in the map when it is cleared or destroyed are forgotten, not
 *   freed. With value_free: it is called exactly once for each value that leaves the map, after a
 *   grace period. Nothing is handed over: an old value that an operation returns is only to be
 *   read, and only inside a section that the caller opened before the call. A pointer that was
 *   stored once must not be stored again, in this map or in another (except by
 *   rcumap_compare_and_swap() from a value to itself). Either way the @old of a compare operation
 *   must have been loaded in the same section, otherwise its address may have been freed and given
 *   to another value meanwhile.
 *
 * Errors are negative errno values, and nothing ever prints or aborts. (liburcu itself aborts if
 * its worker thread cannot be created, which can happen only in rcumap_create(), and if
 * rcu_barrier() cannot allocate, which can happen only in rcumap_drain() and
 * rcumap_destroy_wait().) Out parameters are NULL after an error. An operation that fails leaves
 * the map as it was.
 */
#ifndef RCUMAP_H
#define RCUMAP_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/** The version of this header; rcumap_version() tells that of the library in use. */
#define RCUMAP_VERSION_MAJOR 0
#define RCUMAP_VERSION_MINOR 1
#define RCUMAP_VERSION_PATCH 0
#define RCUMAP_VERSION "0.1.0"

/** The longest key, in bytes. */
#define RCUMAP_KEY_MAX UINT32_MAX

#if defined(__GNUC__)
#define RCUMAP_MUST_CHECK __attribute__((__warn_unused_result__))
#else
#define RCUMAP_MUST_CHECK
#endif

struct rcumap;		  /* opaque */
struct rcu_flavor_struct; /* from liburcu */
struct call_rcu_data;	  /* from liburcu */

/** rcumap_attr.flags: value_link is the offset of a struct rcumap_link in every value. */
#define RCUMAP_VALUE_LINK 1u

/**
 * struct rcumap_link - room inside a value for the map's list of garbage
 *
 * With it, replacing a value allocates nothing. The map writes it only after the value has left the
 * map; the caller need not initialise it and must not touch it while the map owns the value.
 */
struct rcumap_link {
	void *opaque;
};

/**
 * struct rcumap_attr - how a map is made
 *
 * Start from RCUMAP_ATTR_INIT and set what you need: 0 and NULL stand for the default everywhere.
 * The map copies the structure. The hooks must outlive the map; they must not call the map nor wait
 * for a grace period, except that value_free may call the operations named under "Context of every
 * operation". hash, alloc and free are called in sections, with a mutex of the map held, and on the
 * call_rcu worker. Keys that hash and visit callbacks get need not be aligned.
 *
 * @size:       sizeof(struct rcumap_attr), so that the structure can grow; set by RCUMAP_ATTR_INIT
 * @flags:      RCUMAP_VALUE_LINK, which needs value_free, or 0; else -EINVAL
 * @key_len:    every key is this many bytes long, 1 to RCUMAP_KEY_MAX; 0 = keys may differ in
 *              length. Keys of one length take four bytes less each, and those of 8 bytes are
 *              hashed and compared faster.
 * @expected:   number of keys to make room for at once; the map does not shrink below it. At most
 *              SIZE_MAX / 64.
 * @value_free: called once for every value that has left the map, after a grace period, in no
 *              particular order; on the call_rcu worker, so whatever it blocks on blocks all
 *              reclamation; on several threads at once if there are several workers. value_ctx is
 *              passed on.
 * @value_link: see RCUMAP_VALUE_LINK; a multiple of the alignment of a pointer, as every value must
 *              then be, too (else -EINVAL)
 * @hash:       replaces the built-in hash (XXH3, or a keyed mix for keys of 8 bytes). Must be a
 *              function of its arguments alone, and async-signal-safe if loads in signal handlers
 *              are wanted. Mix @seed in if you can: the map then withstands hostile keys. Its
 *              result goes through a seeded mix, so it need not be good in all bits.
 * @alloc:      returns @size bytes of zeroed memory aligned to @align (a power of two, at most
 *              128), or NULL. Memory of 64 KiB and more should be zeroed lazily (mmap does), else
 *              growing stops a writer for as long as clearing takes. The default is malloc, and
 *              mmap from 64 KiB on.
 * @free:       takes back what alloc gave; @size is what was asked for. Both or neither must be
 *              set.
 */
struct rcumap_attr {
	size_t size;
	unsigned int flags;
	size_t key_len;
	size_t expected;
	void (*value_free)(void *value, void *value_ctx);
	void *value_ctx;
	size_t value_link;
	uint64_t (*hash)(const void *key, size_t len, uint64_t seed, void *hash_ctx);
	void *hash_ctx;
	void *(*alloc)(size_t size, size_t align, void *alloc_ctx);
	void (*free)(void *ptr, size_t size, void *alloc_ctx);
	void *alloc_ctx;
};

#define RCUMAP_ATTR_INIT \
	{ \
		sizeof(struct rcumap_attr), 0, 0, 0, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL \
	}

/**
 * rcumap_version - the version of the library that is linked at run time
 *
 * Return: a string in static storage, such as "0.1.0".
 */
const char *rcumap_version(void);

/**
 * rcumap_create - make an empty map
 * @map:  (out) the map
 * @attr: how to make it, or NULL for the defaults
 *
 * A macro: it passes on the flavor whose header the caller included (<urcu.h> is memb, or mb with
 * RCU_MB defined). Starts the flavor's default call_rcu worker if it does not run yet, with all
 * signals blocked, so that no signal of the process is delivered to it and the first delete cannot
 * fail. An empty map takes less than 1 KiB.
 *
 * Context: any thread, registered or not. liburcu aborts the process if the worker cannot be
 *          created.
 * Return:  0; -EINVAL: @map or an attribute is not valid; -ENOMEM; or the negative errno of
 *          getrandom(2), from which the map's seed comes.
 */
#define rcumap_create(map, attr) \
	rcumap_create_flavor(map, attr, &rcu_flavor, get_default_call_rcu_data)

/**
 * rcumap_create_flavor - rcumap_create() with the flavor spelled out
 * @map:     (out) the map
 * @attr:    how to make it, or NULL
 * @flavor:  the flavor, such as &urcu_memb_flavor
 * @worker:  get_default_call_rcu_data() of the same flavor
 *
 * For files that include <urcu/urcu-memb.h> and its like, which define no plain names, and for
 * languages without macros. Otherwise as rcumap_create().
 */
int rcumap_create_flavor(struct rcumap **map, const struct rcumap_attr *attr,
			 const struct rcu_flavor_struct *flavor,
			 struct call_rcu_data *(*worker)(void)) RCUMAP_MUST_CHECK;

/**
 * rcumap_destroy - take the map down, without waiting
 * @map: the map; may hold keys
 *
 * After a grace period its entries, keys and values (value_free) are freed, a fixed portion a
 * round, then the map.
 *
 * Context:  anywhere an operation may be called: also inside a section and in value_free of another
 *           map. Operations on @map that were called inside a section older than this call may
 *           still run, and finish; no other may be under way, and none may begin.
 * Progress: wait-free; allocates nothing.
 * Return:   0, or -EINVAL.
 */
int rcumap_destroy(struct rcumap *map);

/**
 * rcumap_destroy_wait - take the map down and return when everything of it is freed
 * @map: the map
 *
 * Context: outside sections, visit callbacks and value_free (also of other maps). With qsbr this is
 *          a quiescent state, since an online thread is in a section at all times. A call_rcu
 *          callback of the caller's own cannot be told from other code: do not call it there.
 * Return:  0; -EINVAL; -EDEADLK: called where it would wait for itself; the map is untouched then.
 */
int rcumap_destroy_wait(struct rcumap *map) RCUMAP_MUST_CHECK;

/**
 * rcumap_load - the value of a key
 * @map: the map
 * @key: key bytes; may be NULL if @len is 0
 * @len: length of @key in bytes
 *
 * Context:  inside a section. Async-signal-safe wherever the flavor's rcu_read_lock() is, if the
 *           hash hook is; with qsbr only while the interrupted thread is online.
 * Ordering: acquire: writes made before the value was stored are visible. LP on a hit: the load of
 *           the value. LP on a miss: the load of the bucket's header, or just after the delete that
 *           caused the miss, if that came later.
 * Lifetime: the value may be used to the end of the section.
 * Progress: wait-free: bounded by the length of the chain and by the migrations that complete
 *           meanwhile. Writes no memory that is shared.
 * Return:   the value; NULL if the key is absent or an argument is not valid (@map NULL, @key NULL
 *           with @len > 0, a length that the map does not take).
 */
void *rcumap_load(const struct rcumap *map, const void *key, size_t len);

/**
 * rcumap_store - set the value of a key
 * @map:   the map
 * @key:   key bytes; copied if the key is absent. A key that is present stays as it was first
 *         stored.
 * @len:   length of @key in bytes
 * @value: the value; not NULL
 *
 * Ordering: release: see "Ordering of every operation". LP: the compare-and-swap of the value if
 *           the key is present, the store of the slot if it is absent.
 * Lifetime: the replaced value goes to value_free if there is one. Without one nobody is told of
 *           it: use rcumap_swap().
 * Progress: while the key is present, lock-free but for the allocator (which is called only with
 *           value_free and without RCUMAP_VALUE_LINK); takes a mutex when it is absent.
 * Return:   0; -EINVAL; -ENOMEM: no room for a new key, or (with value_free and without
 *           RCUMAP_VALUE_LINK) for the note of the value replaced.
 */
int rcumap_store(struct rcumap *map, const void *key, size_t len, void *value) RCUMAP_MUST_CHECK;

/**
 * rcumap_swap - set the value of a key and return the one it replaced
 * @map:   the map
 * @key:   key bytes
 * @len:   length of @key in bytes
 * @value: the value; not NULL
 * @old:   (out, may be NULL) the value replaced; NULL if the key was absent, or on an error
 *
 * As rcumap_store(), ordering and progress included; reading *@old's contents is ordered after the
 * store that put it in.
 *
 * Lifetime: see "Who owns a value" for *@old.
 * Return:   1: replaced; 0: inserted; -EINVAL; -ENOMEM.
 */
int rcumap_swap(struct rcumap *map, const void *key, size_t len, void *value,
		void **old) RCUMAP_MUST_CHECK;

/**
 * rcumap_load_or_store - the value of a key, stored first if the key is absent
 * @map:    the map
 * @key:    key bytes
 * @len:    length of @key in bytes
 * @value:  the value to store; not NULL. Stays the caller's if the key is present.
 * @actual: (out, may be NULL) the value of the key; NULL on an error
 *
 * Ordering: acquire if loaded, release if stored. LP: as rcumap_load() on a hit; else the store of
 *           the slot.
 * Lifetime: *@actual may be used to the end of a section that the caller opened before.
 * Progress: wait-free and without allocation while the key is present; takes a mutex when it is
 *           absent.
 * Return:   1: loaded; 0: stored; -EINVAL; -ENOMEM.
 */
int rcumap_load_or_store(struct rcumap *map, const void *key, size_t len, void *value,
			 void **actual) RCUMAP_MUST_CHECK;

/**
 * rcumap_load_and_delete - remove a key and return its value
 * @map: the map
 * @key: key bytes
 * @len: length of @key in bytes
 * @old: (out, may be NULL) the value removed; NULL if the key was absent, or on an error
 *
 * Ordering: acquire on the value. LP: the exchange of the value if the key is present, else as
 *           rcumap_load() on a miss.
 * Lifetime: the entry and its key are out of the map on return, and freed within four rounds. See
 *           "Who owns a value" for *@old.
 * Progress: takes a mutex if the key is present; wait-free if it is absent. Never fails for want of
 *           memory.
 * Return:   1: deleted; 0: absent; -EINVAL.
 */
int rcumap_load_and_delete(struct rcumap *map, const void *key, size_t len, void **old);

/**
 * rcumap_delete - remove a key
 * @map: the map
 * @key: key bytes
 * @len: length of @key in bytes
 *
 * As rcumap_load_and_delete() without the value.
 *
 * Return: 1: deleted; 0: absent; -EINVAL.
 */
int rcumap_delete(struct rcumap *map, const void *key, size_t len);

/**
 * rcumap_compare_and_swap - replace the value of a key if it is the one expected
 * @map:   the map
 * @key:   key bytes
 * @len:   length of @key in bytes
 * @old:   the value expected, compared as a pointer; not NULL. See "Who owns a value" for address
 *         reuse.
 * @value: the value to store; not NULL. @old itself is allowed.
 *
 * Ordering: release on success, acquire always. LP: the compare-and-swap of the value; if the key
 *           is absent, as rcumap_load() on a miss.
 * Progress: lock-free but for the allocator, as rcumap_store().
 * Return:   1: swapped; 0: the key is absent or has another value; -EINVAL; -ENOMEM (with
 *           value_free and without RCUMAP_VALUE_LINK).
 */
int rcumap_compare_and_swap(struct rcumap *map, const void *key, size_t len, void *old,
			    void *value) RCUMAP_MUST_CHECK;

/**
 * rcumap_compare_and_delete - remove a key if its value is the one expected
 * @map: the map
 * @key: key bytes
 * @len: length of @key in bytes
 * @old: the value expected, compared as a pointer; not NULL. See "Who owns a value" for address
 *       reuse.
 *
 * Ordering: acquire. LP: the compare-and-swap of the value; if the key is absent, as rcumap_load()
 *           on a miss.
 * Lifetime: as rcumap_load_and_delete().
 * Progress: takes a mutex if the key has that value. Never fails for want of memory.
 * Return:   1: deleted; 0: the key is absent or has another value; -EINVAL.
 */
int rcumap_compare_and_delete(struct rcumap *map, const void *key, size_t len, void *old);

/**
 * rcumap_range - call a function for every key
 * @map:   the map
 * @visit: called with key, length and value; returns 0 to go on, anything else to end the walk
 * @ctx:   passed on to @visit
 *
 * Visits every key that was present throughout exactly once, and every other key at most once,
 * however often the map grows or shrinks meanwhile. Not a snapshot: each value is one that its key
 * had at an instant during the call. After a clear made meanwhile, keys that were present at the
 * call may still be visited. @visit may call every operation but rcumap_drain() and
 * rcumap_destroy_wait(), rcumap_range() included.
 *
 * Context:  anywhere an operation may be called. The whole call is one section: it holds up grace
 *           periods for as long as it lasts, and with qsbr @visit must not report a quiescent state
 *           or go offline.
 * Lifetime: @key and the value may be used to the end of @visit, or of a section that the caller
 *           opened before.
 * Progress: if the map is changing its size, waits for mutexes first, to finish that; holds none
 *           while it visits.
 * Return:   0: walked to the end; what @visit returned, if not 0 (positive numbers can be told from
 *           errors); -EINVAL; -ENOMEM: the size change could not be finished (nothing was visited
 *           then), or a chain was too long for the stack buffer (some may have been).
 */
int rcumap_range(struct rcumap *map,
		 int (*visit)(const void *key, size_t len, void *value, void *ctx),
		 void *ctx) RCUMAP_MUST_CHECK;

/**
 * rcumap_clear - remove every key
 * @map: the map
 *
 * Ordering: LP: the exchange of the snapshot for an empty one; an operation under way takes effect
 *           before or after it.
 * Lifetime: what was removed is freed after a grace period, a fixed portion a round; values go to
 *           value_free if there is one. Without one, they are forgotten: rcumap_range() over a map
 *           that nobody else uses tells them first.
 * Progress: the time does not depend on the number of keys. Takes no stripe.
 * Return:   0; -EINVAL; -ENOMEM.
 */
int rcumap_clear(struct rcumap *map) RCUMAP_MUST_CHECK;

/**
 * rcumap_count - the number of keys
 * @map: the map
 *
 * Exact if no insert, delete or clear overlaps the call; else off by at most the number of those
 * that do. Adds up one counter per stripe, of which there are at most 256 (512 while the size
 * changes), so it is not free.
 *
 * Return: the number; 0 if @map is NULL.
 */
size_t rcumap_count(const struct rcumap *map);

/**
 * rcumap_drain - wait until everything that was retired before the call is freed
 * @map: the map
 *
 * Retired: entries, keys and values that a delete, a replacing store or a clear took out, and old
 *          tables. Waits for the call_rcu workers, hence for all readers, and for whatever
 *          value_free does.
 *
 * Context: as rcumap_destroy_wait().
 * Return:  0; -EINVAL; -EDEADLK: called where it would wait for itself.
 */
int rcumap_drain(struct rcumap *map) RCUMAP_MUST_CHECK;

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif

#endif /* RCUMAP_H */
