/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The probe: a call_rcu callback that counts its own calls.
 */
#include "probe.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>

#include "rcu.h"

#define STUCK_MS 30000

struct probe {
	struct rcu_head head;
	struct ledger *ledger;
	size_t map_target;
	unsigned int limit;
	unsigned int rounds; /* this and the next two: the callback's alone until done */
	unsigned int dead_rounds;
	unsigned int map_rounds;
	atomic_bool done;
};

static void probe_cb(struct rcu_head *head)
{
	struct probe *probe = (struct probe *)((char *)head - offsetof(struct probe, head));
	const struct ledger *ledger = probe->ledger;

	probe->rounds++;
	if (!probe->dead_rounds && !ledger_read(&ledger->dead_bytes))
		probe->dead_rounds = probe->rounds;
	if (!probe->map_rounds && ledger_read(&ledger->map_bytes) <= probe->map_target)
		probe->map_rounds = probe->rounds;
	if ((probe->dead_rounds && probe->map_rounds) || probe->rounds >= probe->limit)
		atomic_store(&probe->done, true);
	else
		call_rcu(&probe->head, probe_cb);
}

int probe_run(struct ledger *ledger, size_t map_target, unsigned int limit,
	      struct probe_result *result)
{
	struct probe *probe = calloc(1, sizeof(*probe));
	int waited = 0;

	if (!probe)
		return -ENOMEM;
	probe->ledger = ledger;
	probe->map_target = map_target;
	probe->limit = limit;
	result->at_once = ledger_read(&ledger->dead_conns);
	call_rcu(&probe->head, probe_cb);
	while (!atomic_load(&probe->done)) {
		/* Not freed when we give up: the callback may still come. */
		if (waited++ >= STUCK_MS)
			return -ETIMEDOUT;
		poll(NULL, 0, 1);
	}
	result->dead_conns = ledger_read(&ledger->dead_conns);
	result->dead_bytes = ledger_read(&ledger->dead_bytes);
	result->map_bytes = ledger_read(&ledger->map_bytes);
	result->dead_rounds = probe->dead_rounds;
	result->map_rounds = probe->map_rounds;
	result->rounds = probe->rounds;
	free(probe);
	return 0;
}
