/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Seams: points where a test may stop or delay a thread, placed where a preemption hurts most. They
 * exist only in the private build of the sources that the tests link (-DRCUMAP_SEAMS).
 */
#ifndef RCUMAP_SEAM_H
#define RCUMAP_SEAM_H

enum rcumap_seam {
	SEAM_STRIPE_HELD, /* a writer has its stripe, and has read nothing under it */
	SEAM_HEADER_READ, /* probe: a bucket's header is read, no slot of it */
	SEAM_VALUE_READ,  /* replace: the value is read, and about to be compared and swapped */
	SEAM_TAGGED,	  /* insert: the tag is set, the slot is not */
	SEAM_DELETED,	  /* delete: the value is DELETED, the slot and tag are still set */
	SEAM_COPIED,	  /* migrate: a bucket's entries are copied, moved is not set */
	SEAM_MOVED,	  /* migrate: moved is set, the bucket is not counted yet */
	SEAM_PROMOTE,	  /* promote: all is counted, the snapshot is not exchanged */
	SEAM_ARMED,	  /* retire: the queue is armed, call_rcu is not called */
	SEAM_IDLE,	  /* retire: nothing was pushed, and the queue is about to go idle */
	SEAM_REST,	  /* idle hand: there was no more to do, and it is about to rest */
	SEAM_SWEPT,	  /* sweep: it is over and off the list, its tables are still there */
	SEAM_SWEEP,	  /* sweep: about to free a portion */
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
