/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Seams: points where a test may stop or delay a thread, placed where a preemption hurts most, and
 * which the torture counts to tell where a run has been. They exist only in the private build of
 * the sources that tests and torture link (-DRCUMAP_SEAMS).
 */
#ifndef RCUMAP_SEAM_H
#define RCUMAP_SEAM_H

enum rcumap_seam {
	/* map.c, table.h, bucket.h: operations */
	SEAM_STRIPE_HELD,  /* a writer has its stripe, and has read nothing under it */
	SEAM_HEADER_READ,  /* probe: a bucket's header is read, no slot of it */
	SEAM_CHAINED,	   /* probe: about to go on to an overflow bucket */
	SEAM_FOLLOW,	   /* probe: the bucket is moved, and the dirty table not looked at */
	SEAM_VALUE_READ,   /* replace: the value is read, and about to be compared and swapped */
	SEAM_VALUE_RETRY,  /* replace: it had changed, and is about to be tried again */
	SEAM_VALUE_LOST,   /* replace: it had changed to DELETED, or is not the one expected */
	SEAM_PUT_SLOW,	   /* put: the key is to be inserted, its stripe is not locked */
	SEAM_PUT_DELETED,  /* put: the same, because the entry found was DELETED */
	SEAM_PUT_PRESENT,  /* put: under the stripe the key turned out to be present */
	SEAM_TAGGED,	   /* insert: the tag is set, the slot is not */
	SEAM_CHUNK,	   /* insert: a chunk of overflow buckets is allocated, none is linked */
	SEAM_LINKED,	   /* insert: an overflow bucket is linked, the header does not say so */
	SEAM_REMOVE,	   /* delete: the key is present, its stripe is not locked */
	SEAM_REMOVE_LOST,  /* delete: under the stripe it was absent, or had another value */
	SEAM_DELETED,	   /* delete: the value is DELETED, the slot and tag are still set */
	SEAM_CLEAR,	   /* clear: the empty table is made, the snapshot is not exchanged */
	SEAM_RANGE_FINISH, /* range: about to finish a migration before it walks */
	SEAM_RANGE_COPIED, /* range: a bucket's entries are copied, none is visited */
	/* migrate.c */
	SEAM_GROW,	   /* a larger dirty table is about to be linked */
	SEAM_SHRINK,	   /* a smaller one */
	SEAM_RENEW,	   /* one of the same size: for another seed, or to be rid of chunks */
	SEAM_COPIED,	   /* a bucket's entries are copied, moved is not set */
	SEAM_UNDO,	   /* out of memory: a copy is about to be taken out */
	SEAM_UNDO_RESTART, /* a copy is not behind its trail, and is looked for from the head */
	SEAM_MOVED,	   /* moved is set, the bucket is not counted yet */
	SEAM_PROMOTE,	   /* all is counted, the snapshot is not exchanged */
	SEAM_PROMOTED,	   /* it is exchanged, the old table is not retired */
	SEAM_PROMOTE_LOST, /* it is not, because a clear came first */
	/* retire.c */
	SEAM_RETIRE_ENTRY, /* an entry is out of the map, and about to be pushed */
	SEAM_RETIRE_NOTE,  /* a replaced value is, with a note */
	SEAM_RETIRE_VALUE, /* a replaced value is, with a link inside */
	SEAM_ARMED,	   /* the queue is armed, call_rcu is not called */
	SEAM_RETIRE_CB,	   /* callback: about to free what waited */
	SEAM_IDLE,	   /* callback: nothing was pushed, and the queue is about to go idle */
	SEAM_WENT_IDLE,	   /* callback: it has gone idle, the table is not put */
	/* idle.c */
	SEAM_KICKED,  /* the idle hand is kicked, and not called if it rested */
	SEAM_PORTION, /* the idle hand is about to do a portion */
	SEAM_REST,    /* there was no more to do, and it is about to rest */
	/* sweep.c */
	SEAM_SWEEP_START, /* a table is out of the map, its sweep is not on the list */
	SEAM_SWEEP,	  /* about to free a portion */
	SEAM_SWEPT,	  /* it is over and off the list, its tables are still there */
	SEAMS
};

#ifdef RCUMAP_SEAMS
extern void (*rcumap__seam_hook)(enum rcumap_seam at);
#define seam(at) \
	do { \
		if (rcumap__seam_hook) \
			rcumap__seam_hook(at); \
	} while (0)
#else
#define seam(at) \
	do { \
	} while (0)
#endif

#endif
