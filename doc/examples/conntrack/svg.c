/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The chart as an SVG, drawn by gnuplot if that is installed. gnuplot reads its script and the data
 * from a pipe and writes to a file that we have opened, so the file's name needs no quoting.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "report.h"

#define POINTS 400 /* per curve */
#define GNUPLOT_MS 20000

/* Looks a program up in PATH. Whether it is there; its path is in found. */
static bool find_program(const char *name, char *found, size_t size)
{
	const char *dir = getenv("PATH");

	for (size_t len; dir && *dir; dir += len + (dir[len] == ':')) {
		len = strcspn(dir, ":");
		if (snprintf(found, size, "%.*s/%s", (int)len, dir, name) < (int)size &&
		    access(found, X_OK) == 0)
			return true;
	}
	return false;
}

/* A named block of data: time and megabytes. */
static void svg_curve(FILE *out, const struct run *run, const char *name, int i)
{
	double seconds = sampler_seconds(&run->sampler);

	fprintf(out, "$%s%d << EOD\n", name, i);
	for (int k = 0; k < POINTS; k++) {
		double from = seconds * k / POINTS;
		double to = seconds * (k + 1) / POINTS;

		fprintf(out, "%g %g\n", from, (double)sampler_most(&run->sampler, from, to) / 1e6);
	}
	fputs("EOD\n", out);
}

static void svg_script(FILE *out, const struct duel duels[DUELS])
{
	for (int i = 0; i < DUELS; i++) {
		svg_curve(out, &duels[i].go, "go", i);
		svg_curve(out, &duels[i].rcumap, "rcumap", i);
	}
	fprintf(out,
		"set terminal svg size 1200,420 background 'white'\n"
		"set multiplot layout 1,%d title 'Bytes held by dead connections over time'\n"
		"set xlabel 'seconds'\nset ylabel 'MB'\nset yrange [0:*]\nset key below\n",
		DUELS);
	for (int i = 0; i < DUELS; i++)
		fprintf(out,
			"set title '%s'\n"
			"plot $go%d with lines lw 2 lc rgb '#c03020' title 'Go 1.15 sync.Map', "
			"$rcumap%d with lines lw 2 lc rgb '#2050c0' title 'rcumap'\n",
			duels[i].go.plan->name, i, i);
	fputs("unset multiplot\n", out);
}

/* Runs gnuplot with its output to fd. 0 if it did all of it. */
static int svg_draw(const struct duel duels[DUELS], const char *gnuplot, int fd)
{
	char *argv[] = {"gnuplot", NULL};
	struct child child;
	FILE *script;
	int bad;

	if (child_start(&child, gnuplot, argv, fd))
		return -1;
	/* The pipe in the child is ours to close: a copy is for stdio. */
	script = fdopen(dup(child.to), "w");
	bad = !script;
	if (script) {
		svg_script(script, duels);
		bad = fclose(script) != 0;
	}
	return child_end(&child, GNUPLOT_MS) || bad ? -1 : 0;
}

void svg_write(const struct duel duels[DUELS], const char *path)
{
	char gnuplot[4096];
	int fd, bad;

	if (!find_program("gnuplot", gnuplot, sizeof(gnuplot))) {
		printf("No SVG: gnuplot is not installed.\n");
		return;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0) {
		printf("No SVG: %s: %s\n", path, strerror(errno));
		return;
	}
	bad = svg_draw(duels, gnuplot, fd);
	if (close(fd))
		bad = -1;
	if (bad)
		printf("No SVG: gnuplot failed; %s is not complete.\n", path);
	else
		printf("The chart is in %s as well.\n", path);
}
