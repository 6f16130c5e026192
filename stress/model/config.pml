/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The bounds. A configuration is chosen by -D: what the tables look like and who is there.
 *
 *	GROW	keys share bucket 0 of 2, and get one each of 4
 *	SHRINK	keys have a bucket each of 2, and come into one
 *	REKEY	keys have a bucket each of 2, and change places
 *	SCATTER	four keys, two to a bucket; each bucket's go to both of the other table, which have a
 *		stripe each, and those of the other bucket in the opposite order
 *
 * TABLES are numbered: 0 is the first; 1 is linked as its dirty table, 2 as that of 1.
 * With CLEAR, the last one is what the clear puts in.
 */
#ifdef SCATTER
#define KEYS 4
#define PRESENT 15
#endif
#ifndef KEYS
#define KEYS 2
#endif
#ifndef PRESENT		/* keys that are there at first, one bit each */
#define PRESENT 1
#endif
#ifndef WRITERS
#define WRITERS 2
#endif
#ifndef CALLS		/* of each writer */
#define CALLS 1
#endif
#ifndef READERS
#define READERS 1
#endif
#ifndef LOADS		/* of each reader */
#define LOADS 2
#endif
#ifndef MIGRATIONS
#define MIGRATIONS 1
#endif

#ifdef CLEAR
#define CLEARED (MIGRATIONS + 1)
#define TABLES (MIGRATIONS + 2)
#define ROOTS 2
#define ROOT(t) ((t) == CLEARED)
#else
#define TABLES (MIGRATIONS + 1)
#define ROOTS 1
#define ROOT(t) 0
#endif

/* Buckets of a table, stripes of each, and where a key lives. */
#if defined(SHRINK)
#define STRIPES 1
#define LARGEST 2
#define SIZE(t) (2 - ((t) == 1))
#define HOME(t, k) (((t) != 1) * ((k) & 1))
#elif defined(REKEY)
#define STRIPES 2
#define LARGEST 2
#define SIZE(t) 2
#define HOME(t, k) (((k) ^ (t)) & 1)
#elif defined(SCATTER)
#define STRIPES 2
#define LARGEST 2
#define SIZE(t) 2
#define HOME(t, k) (((k) ^ ((t) == 1) * ((k) >> 1)) & 1)
#else
#define STRIPES 2
#define LARGEST 4
#define SIZE(t) (2 + 2 * ((t) == 1))
#define HOME(t, k) (((t) == 1) * ((k) & 1))
#endif

/* Where these are in the arrays. The last bucket of each table is for overflow. */
#ifdef CHAINS
#define WIDTH (LARGEST + 1)
#else
#define WIDTH LARGEST
#endif
#define BUCKETS (TABLES * WIDTH)
#define BUCKET(t, i) ((t) * WIDTH + (i))
#define OVERFLOW(t) BUCKET(t, LARGEST)
#define TABLE_OF(b) ((b) / WIDTH)
#define SLOT(b, i) ((b) * 2 + (i))
#define HOME_BUCKET(t, k) BUCKET(t, HOME(t, k))
#define STRIPE(t, i) ((t) * STRIPES + (i) * STRIPES / SIZE(t))

/* Values and entries have one numbering: first those of the keys, then one for each call. */
#define ENTRIES (KEYS + WRITERS * CALLS)
#define FRESH(me, n) (KEYS + 1 + (me) * CALLS + (n))

/* Processes: the writers are 0 and up, then come the readers, then: */
#define READER(n) (WRITERS + (n))
#define GROWER (WRITERS + READERS)
#define CLEARER (GROWER + 1)
#define RANGER (CLEARER + 1)
#define PROCESSES (RANGER + 1)
