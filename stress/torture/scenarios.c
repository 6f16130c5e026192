/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The scenarios, in a table.
 */
#include <string.h>

#include "counters.h"
#include "scenario.h"

const struct scenario scenarios[] = {
	{
		.name = "mixed",
		.about = "all operations on keys at once, with walks and drains",
		.population = {4000, 8, 16},
		.roles = {&role_owner, &role_reader, &role_owner, &role_contender},
		.singles = {&role_walker, &role_drainer},
		.fills = true,
		.moves = {COUNT_HIT, COUNT_MISS, COUNT_INSERTED, COUNT_REPLACED, COUNT_DELETED,
			  COUNT_SWAPPED, COUNT_RANGES, COUNT_DRAINS, COUNT_AGE_LIVE, SEAM_PUT_SLOW,
			  SEAM_REMOVE, SEAM_RETIRE_ENTRY, SEAM_RETIRE_CB, SEAM_WENT_IDLE,
			  SEAM_PROMOTED},
	},
	{
		.name = "churn",
		.about = "keys are inserted and deleted as fast as possible, and looked for",
		.population = {2000, 0, 0},
		.roles = {&role_owner, &role_owner, &role_reader},
		.moves = {COUNT_HIT, COUNT_MISS, COUNT_INSERTED, COUNT_DELETED, SEAM_PUT_SLOW,
			  SEAM_REMOVE, SEAM_RETIRE_ENTRY, SEAM_ARMED, SEAM_RETIRE_CB,
			  SEAM_WENT_IDLE},
	},
	{
		.name = "trickle",
		.about =
			"few deletes and stores, so that retire queues go idle and are armed again",
		.population = {16, 0, 0},
		.roles = {&role_trickler},
		.singles = {&role_drainer},
		.delay = 2,
		.focus = {SEAM_IDLE, SEAM_ARMED, SEAM_IDLE, SEAM_ARMED},
		.moves = {COUNT_DRAINS, COUNT_INSERTED, COUNT_DELETED, SEAM_ARMED, SEAM_IDLE,
			  SEAM_WENT_IDLE},
	},
	{
		.name = "grow-shrink",
		.about = "the map grows to thousands of keys and shrinks, under readers",
		.population = {12000, 0, 16},
		.roles = {&role_owner, &role_reader},
		.fills = true,
		.moves = {COUNT_HIT, COUNT_MISS, COUNT_INSERTED, COUNT_DELETED, SEAM_FOLLOW,
			  SEAM_GROW, SEAM_SHRINK, SEAM_COPIED, SEAM_PROMOTED},
	},
	{
		.name = "idle-shrink",
		.about = "the map is emptied, and is as small as a new one with no further call",
		.population = {4000, 0, 0},
		.roles = {&role_owner},
		.fills = true,
		.drive = drive_idle_shrink,
		.moves = {COUNT_SHRUNK, SEAM_KICKED, SEAM_PORTION, SEAM_REST, SEAM_SHRINK,
			  SEAM_PROMOTED, SEAM_WENT_IDLE},
	},
	{
		.name = "hot-key",
		.about = "a few keys that are counted up by compare-and-swap, or come and go",
		.population = {4, 4, 0},
		.roles = {&role_owner, &role_reader, &role_climber, &role_reader},
		.singles = {&role_climber, &role_watcher},
		.delay = 1,
		.focus = {SEAM_TAGGED, SEAM_DELETED, SEAM_VALUE_READ, SEAM_HEADER_READ},
		.moves = {COUNT_HIT, COUNT_SWAPPED, COUNT_NOT_SWAPPED, COUNT_REPLACED,
			  SEAM_VALUE_READ, SEAM_VALUE_LOST},
	},
	{
		.name = "range",
		.about = "walks, nested too, while the map changes its size",
		.population = {4000, 8, 32},
		.roles = {&role_owner, &role_walker},
		.fills = true,
		.moves = {COUNT_RANGES, COUNT_VISITS, COUNT_SWAPPED, SEAM_RANGE_FINISH,
			  SEAM_RANGE_COPIED, SEAM_PROMOTED},
	},
	{
		.name = "clear",
		.about = "clears against stores, deletes, walks, growth and promotions",
		.population = {6000, 8, 0},
		.roles = {&role_owner, &role_reader, &role_owner, &role_contender},
		.singles = {&role_clearer, &role_walker, &role_drainer},
		.clears = true,
		.fills = true,
		.focus = {SEAM_CLEAR, SEAM_PROMOTE, SEAM_GROW, SEAM_SWEEP_START},
		.moves = {COUNT_HIT, COUNT_MISS, COUNT_CLEARS, COUNT_RANGES, SEAM_CLEAR, SEAM_GROW,
			  SEAM_SWEEP_START, SEAM_SWEEP, SEAM_SWEPT},
	},
	{
		.name = "cas-vs-delete",
		.about = "compare-and-swaps, swaps and deletes of the same few keys",
		.population = {0, 4, 0},
		.roles = {&role_contender},
		.delay = 1,
		.focus = {SEAM_PUT_SLOW, SEAM_REMOVE, SEAM_VALUE_READ, SEAM_DELETED},
		.moves = {COUNT_INSERTED, COUNT_REPLACED, COUNT_DELETED, COUNT_SWAPPED,
			  COUNT_NOT_SWAPPED, SEAM_VALUE_LOST, SEAM_PUT_PRESENT, SEAM_REMOVE_LOST},
	},
	{
		.name = "stalled-reader",
		.about = "readers stay in their sections while keys are deleted and replaced",
		.population = {1000, 0, 0},
		.roles = {&role_owner, &role_sleeper, &role_owner, &role_reader},
		.moves = {COUNT_STALLS, COUNT_AGE_RETIRED, COUNT_DELETED, SEAM_RETIRE_ENTRY},
	},
	{
		.name = "stalled-writer",
		.about = "a writer stops with a stripe locked: loads, and stores to present keys, "
			 "go on",
		.population = {2000, 1, 0},
		.roles = {&role_stalled, &role_reader, &role_climber, &role_owner},
		.inside = true,
		.moves = {COUNT_STALLS, COUNT_HIT, COUNT_SWAPPED},
	},
	{
		.name = "thread-churn",
		.about = "threads that live for a few operations",
		.population = {500, 4, 8},
		.roles = {&role_owner, &role_reader, &role_contender},
		.life = 64,
		.moves = {COUNT_THREADS, COUNT_HIT, COUNT_DELETED, SEAM_RETIRE_CB},
	},
	{
		.name = "destroy-under-load",
		.about = "maps are destroyed with keys, garbage, migrations and walks in them",
		.population = {1000, 4, 16},
		.roles = {&role_owner, &role_reader, &role_contender},
		.fills = true,
		.forgets = true,
		.drive = drive_destroy,
		.moves = {COUNT_MAPS, COUNT_RANGES, COUNT_VISITS, SEAM_SWEEP, SEAM_SWEPT},
	},
	{
		.name = "many-maps",
		.about = "many small maps at once, some of which live for a few operations",
		.population = {40, 2, 4},
		.worlds = 50,
		.roles = {&role_owner, &role_founder, &role_reader, &role_contender},
		.moves = {COUNT_MAPS, COUNT_HIT, COUNT_DELETED, SEAM_SWEPT},
	},
	{
		.name = "out-of-memory",
		.about = "one allocation in a hundred fails, and one in five of tables and chains",
		.population = {2000, 8, 8},
		.worlds = 2,
		.collides = true,
		.roles = {&role_owner, &role_reader, &role_owner, &role_contender},
		.singles = {&role_walker, &role_drainer},
		.fills = true,
		.refuse = 10,
		.moves = {COUNT_REFUSED, COUNT_NOMEM, COUNT_HIT, SEAM_CHAINED, SEAM_CHUNK,
			  SEAM_UNDO, SEAM_PROMOTED},
	},
	{
		.name = "rekey",
		.about = "the table is renewed with another seed, again and again",
		.population = {1000, 8, 16},
		.roles = {&role_owner, &role_reader, &role_owner, &role_contender},
		.singles = {&role_rekeyer, &role_walker},
		.fills = true,
		.refuse = 30,
		.inside = true,
		.moves = {COUNT_REKEYS, SEAM_RENEW, SEAM_FOLLOW, SEAM_PROMOTED},
	},
};

const unsigned int scenarios_count = sizeof(scenarios) / sizeof(scenarios[0]);

const struct scenario *scenario_find(const char *name)
{
	for (unsigned int i = 0; i < scenarios_count; i++)
		if (!strcmp(scenarios[i].name, name))
			return &scenarios[i];
	return NULL;
}
