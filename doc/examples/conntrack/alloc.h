/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The counting allocator: the one source of every figure that the demonstration prints. It hands
 * out the memory of connections, of their buffers and of the maps, and keeps a ledger of it. A block
 * of a connection is live until ledger_bury() says that the connection is over, and dead from then
 * until it is freed; so dead bytes are bytes that somebody keeps for no use. Nothing here is ever
 * computed from a number of connections.
 */
#ifndef CONNTRACK_ALLOC_H
#define CONNTRACK_ALLOC_H

#include <stdatomic.h>
#include <stddef.h>

enum mem_kind {
	MEM_CONN,   /* a connection: counted, and its bytes too */
	MEM_BUFFER, /* part of a connection: only its bytes count */
};

/* What is out. Any thread may read the figures at any time; they are exact when nobody allocates. */
struct ledger {
	atomic_size_t live_conns;
	atomic_size_t live_bytes;
	atomic_size_t dead_conns;
	atomic_size_t dead_bytes;
	atomic_size_t dead_peak; /* the most that dead_bytes has been */
	atomic_size_t map_bytes; /* what the map itself takes: tables, entries, keys */
	atomic_size_t map_peak;
};

/* A block for a connection, of undefined content; NULL if there is no memory. */
void *ledger_alloc(struct ledger *ledger, enum mem_kind kind, size_t size);

/* Counts a block as dead from now on. The caller still holds a reference to what it belongs to. */
void ledger_bury(void *block);

/* Gives a block back, dead or live. */
void ledger_free(void *block);

/*
 * The memory of the maps; these two have the shape of the hooks of struct rcumap_attr, with the
 * ledger as alloc_ctx.
 */
void *ledger_map_alloc(size_t size, size_t align, void *ledger);
void ledger_map_free(void *ptr, size_t size, void *ledger);

/* A figure of the ledger. */
static inline size_t ledger_read(const atomic_size_t *figure)
{
	/* relaxed: a figure orders nothing; who needs an exact one has waited for the writers. */
	return atomic_load_explicit(figure, memory_order_relaxed);
}

#endif
