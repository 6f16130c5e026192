/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The chart in the terminal: three panels side by side, one per load, with a common scale of bytes;
 * each panel's width is the time that the longer of its two runs took.
 */
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "report.h"

#define ROWS 12
#define COLUMNS 24

struct glyphs {
	const char *go;
	const char *rcumap;
	const char *axis;
	const char *side;
};

static const struct glyphs ascii = {"#", "o", "-", "|"};
static const struct glyphs unicode = {"\u2588", "\u25cf", "\u2500", "\u2502"};

static const struct glyphs *glyphs_pick(void)
{
	setlocale(LC_CTYPE, "");
	return strcmp(nl_langinfo(CODESET), "UTF-8") ? &ascii : &unicode;
}

static double panel_seconds(const struct duel *duel)
{
	double go = sampler_seconds(&duel->go.sampler);
	double rcumap = sampler_seconds(&duel->rcumap.sampler);

	return go > rcumap ? go : rcumap;
}

/* The height of a run's curve in a column, from 0 to ROWS. -1: it had ended before. */
static int height(const struct run *run, double seconds, int column, double scale)
{
	double from = seconds * column / COLUMNS;
	double to = seconds * (column + 1) / COLUMNS;

	if (from > sampler_seconds(&run->sampler))
		return -1;
	return (int)((double)sampler_most(&run->sampler, from, to) / scale * ROWS + 0.5);
}

static void panel_row(const struct duel *duel, const struct glyphs *glyphs, int row, double scale)
{
	double seconds = panel_seconds(duel);

	for (int column = 0; column < COLUMNS; column++) {
		int go = height(&duel->go, seconds, column, scale);
		int rcumap = height(&duel->rcumap, seconds, column, scale);

		if (rcumap == row)
			fputs(glyphs->rcumap, stdout);
		else if (row == 0)
			fputs(glyphs->axis, stdout);
		else
			fputs(go >= row ? glyphs->go : " ", stdout);
	}
}

static double chart_scale(const struct duel duels[DUELS])
{
	size_t most = 1;

	for (int i = 0; i < DUELS; i++) {
		const size_t peaks[] = {ledger_read(&duels[i].go.ledger.dead_peak),
					ledger_read(&duels[i].rcumap.ledger.dead_peak)};

		for (int k = 0; k < 2; k++)
			most = peaks[k] > most ? peaks[k] : most;
	}
	return (double)most;
}

void chart_print(const struct duel duels[DUELS])
{
	const struct glyphs *glyphs = glyphs_pick();
	double scale = chart_scale(duels);

	printf("\nBytes held by dead connections over time: %s Go 1.15, %s rcumap\n\n", glyphs->go,
	       glyphs->rcumap);
	for (int row = ROWS; row >= 0; row--) {
		if (row % 4 == 0)
			printf("%8.1f MB ", scale * row / ROWS / 1e6);
		else
			printf("%12s", "");
		for (int i = 0; i < DUELS; i++) {
			fputs(glyphs->side, stdout);
			panel_row(&duels[i], glyphs, row, scale);
			fputs("  ", stdout);
		}
		putchar('\n');
	}
	printf("%12s", "");
	for (int i = 0; i < DUELS; i++) {
		char label[COLUMNS + 1];

		snprintf(label, sizeof(label), "%s, %.1f s", duels[i].go.plan->name,
			 panel_seconds(&duels[i]));
		printf(" %-*s  ", COLUMNS, label);
	}
	puts("\n");
}
