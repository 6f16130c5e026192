/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The idle hand: what writers left undone is done from a callback, though nobody comes any more.
 */
#ifndef RCUMAP_IDLE_H
#define RCUMAP_IDLE_H

#include "internal.h"

/* Something was freed: lets the idle hand work, if there is anything to do. From a callback. */
void rcumap__idle_kick(struct rcumap *map);

#endif
