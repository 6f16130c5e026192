/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The life of a map: attributes, create, drain, destroy.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/random.h>

#include "alloc.h"
#include "entry.h"
#include "section.h"
#include "sweep.h"
#include "table.h"

/* An empty map with its table, on 64-bit machines: a daemon may have 100,000 of them. */
_Static_assert(sizeof(struct rcumap) + sizeof(struct table) + sizeof(struct stripe) +
			       sizeof(struct bucket) * (1 << TABLE_MIN_LOG2) <=
		       1024,
	       "an empty map takes 1 KiB at most");

#ifdef RCUMAP_SEAMS
void (*rcumap__seam_hook)(enum rcumap_seam at);
#endif

const char *rcumap_version(void)
{
	return RCUMAP_VERSION;
}

/*
 * Copies the caller's attributes, whose structure may be of a later version: it may be larger, as
 * long as what we do not know is not used.
 */
static int attr_copy(struct rcumap_attr *to, const struct rcumap_attr *from)
{
	if (!from) {
		*to = (struct rcumap_attr)RCUMAP_ATTR_INIT;
		return 0;
	}
	if (from->size < sizeof(*to))
		return -EINVAL;
	for (size_t i = sizeof(*to); i < from->size; i++)
		if (((const char *)from)[i])
			return -EINVAL;
	*to = *from;
	return 0;
}

static bool attr_valid(const struct rcumap_attr *attr)
{
	bool value_link = attr->flags & RCUMAP_VALUE_LINK;

	if (attr->flags & ~RCUMAP_VALUE_LINK)
		return false;
	if (attr->key_len > RCUMAP_KEY_MAX || attr->expected > SIZE_MAX / 64)
		return false;
	if (value_link && (!attr->value_free || attr->value_link % alignof(struct rcumap_link)))
		return false;
	return !attr->alloc == !attr->free;
}

/* The smallest table that need not grow for the expected number of keys. */
static unsigned int attr_min_log2(const struct rcumap_attr *attr)
{
	unsigned int log2 = TABLE_MIN_LOG2;

	while (log2 < TABLE_MAX_LOG2 && table_limit(log2) < attr->expected)
		log2++;
	return log2;
}

static struct rcumap *map_new(const struct rcumap_attr *attr,
			      const struct rcu_flavor_struct *flavor)
{
	struct allocator a = {attr->alloc, attr->free, attr->alloc_ctx};
	struct rcumap *map = rcumap__alloc_zeroed(&a, sizeof(*map), CACHE_LINE);

	if (!map)
		return NULL;
	map->flavor = flavor;
	map->key_len = attr->key_len;
	map->key_offset = rcumap__entry_key_offset(attr->value_free, attr->key_len);
	map->min_log2 = attr_min_log2(attr);
	map->value_link = attr->flags & RCUMAP_VALUE_LINK;
	map->value_offset = map->value_link ? attr->value_link : 0;
	map->hash = attr->hash;
	map->hash_ctx = attr->hash_ctx;
	map->value_free = attr->value_free;
	map->value_ctx = attr->value_ctx;
	map->allocator = a;
	atomic_init(&map->refs, 1);
	pthread_mutex_init(&map->sweep_lock, NULL);
	return map;
}

/*
 * The worker inherits the signal mask of whoever creates it: none of the process's signals shall
 * land on it.
 */
static void start_worker(struct call_rcu_data *(*worker)(void))
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	(void)worker();
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

int rcumap_create_flavor(struct rcumap **map, const struct rcumap_attr *attr,
			 const struct rcu_flavor_struct *flavor,
			 struct call_rcu_data *(*worker)(void))
{
	struct rcumap_attr a;
	struct rcumap *m;
	struct table *t;
	uint64_t seed;

	if (!map)
		return -EINVAL;
	*map = NULL;
	if (!flavor || !worker || attr_copy(&a, attr) || !attr_valid(&a))
		return -EINVAL;
	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		return -errno;

	m = map_new(&a, flavor);
	if (!m)
		return -ENOMEM;
	t = rcumap__table_new(m, m->min_log2, seed);
	if (!t) {
		rcumap__map_put(m);
		return -ENOMEM;
	}
	store_release(&m->snapshot,
		      t); /* P1 publish (release). Pairs with P1 in map_snapshot_rcu(). */
	start_worker(worker);
	*map = m;
	return 0;
}

int rcumap_drain(struct rcumap *map)
{
	size_t tickets;
	bool sweeping;
	int online;

	if (!map)
		return -EINVAL;
	online = rcumap__wait_enter(map->flavor);
	if (online < 0)
		return online;

	tickets = rcumap__sweep_tickets(map);
	sweeping = rcumap__sweep_under_way(map, tickets);
	/*
	 * After one barrier, every queue that was armed before the call is in flight, also one
	 * whose pusher had stopped before call_rcu (it is in a section). Its callback may come
	 * after the barrier's marker in one batch, and take what was pushed meanwhile as waiting;
	 * so what was retired before the call waits, at the latest, after the second, and is freed
	 * before the third returns. Two are too few. Tables likewise.
	 */
	for (int i = 0; i < 3; i++)
		map->flavor->barrier();
	while (rcumap__sweep_under_way(map, tickets))
		map->flavor->barrier();
	if (sweeping)
		map->flavor
			->barrier(); /* for the callback that said so, and then frees the tables */
	rcumap__wait_leave(map->flavor, online);
	return 0;
}

/*
 * A grace period after the destroy: no operation is under way. What the snapshot and its dirty
 * table hold is swept, and the last thing that pins the map frees it.
 */
static void destroy_cb(struct rcu_head *rcu)
{
	struct rcumap *map = container_of(rcu, struct rcumap, rcu);

	rcumap__sweep_start(load_relaxed(&map->snapshot)); /* relaxed: the grace period orders */
	rcumap__map_put(map);
}

static void destroy(struct rcumap *map, _Atomic(bool) *gone)
{
	const struct rcu_flavor_struct *flavor = map->flavor;
	bool offline = section_enter(flavor);

	map->gone = gone;		      /* plain: read by whoever frees the map */
	store_relaxed(&map->destroyed, true); /* relaxed: ordered by the grace period */
	flavor->update_call_rcu(&map->rcu, destroy_cb);
	section_leave(flavor, offline);
}

int rcumap_destroy(struct rcumap *map)
{
	if (!map)
		return -EINVAL;
	destroy(map, NULL);
	return 0;
}

int rcumap_destroy_wait(struct rcumap *map)
{
	const struct rcu_flavor_struct *flavor;
	_Atomic(bool) gone = false;
	int online;

	if (!map)
		return -EINVAL;
	flavor = map->flavor;
	online = rcumap__wait_enter(flavor);
	if (online < 0)
		return online;
	destroy(map, &gone);
	/* P13 observe (acquire): everything is freed. Pairs with P13 in rcumap__map_put(). The last
	 * barrier is for the callback that said so, which still runs. */
	while (!load_acquire(&gone))
		flavor->barrier();
	flavor->barrier();
	rcumap__wait_leave(flavor, online);
	return 0;
}
