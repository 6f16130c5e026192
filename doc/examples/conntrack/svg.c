/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * The chart as an SVG: the first load alone, which shows at a glance what the others show, too. It
 * is drawn here and needs no program, so that whoever runs the demonstration gets it.
 *
 * Colours are attributes, for a light page; a style sheet changes them where the reader's system is
 * dark. The background is drawn, too, so that the two always fit.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "report.h"

#define POINTS 400 /* per curve */

/* The picture, and in it the frame of the curves, in pixels. */
#define WIDTH 800
#define HEIGHT 380
#define LEFT 70.0
#define RIGHT 780.0
#define TOP 86.0
#define BOTTOM 304.0

#define INK "#1f2328"
#define MUTED "#59636e"
#define GRID "#d1d9e0"

/* What a curve is drawn with; the class is what the style sheet and the test know it by. */
struct pen {
	const char *class;
	const char *colour;
	const char *label;
};

static const struct pen pen_go = {"go", "#cf222e", "Go 1.15's algorithm"};
static const struct pen pen_rcumap = {"rcumap", "#0969da", "rcumap"};

/* How many seconds and megabytes the frame holds, and how far apart the lines of its grid are. */
struct frame {
	double seconds, seconds_step;
	double mb, mb_step;
};

static double frame_x(const struct frame *frame, double seconds)
{
	return LEFT + (RIGHT - LEFT) * seconds / frame->seconds;
}

static double frame_y(const struct frame *frame, double mb)
{
	return BOTTOM - (BOTTOM - TOP) * mb / frame->mb;
}

/* 1, 2 or 5 times a power of ten, so that at most six steps make up the length. */
static double nice_step(double length)
{
	double step = 1e-3;

	for (int i = 0; step * 6 < length; i++)
		step *= i % 3 == 1 ? 2.5 : 2;
	return step;
}

static double larger(double a, double b)
{
	return a > b ? a : b;
}

static double peak_mb(const struct run *run)
{
	return (double)ledger_read(&run->ledger.dead_peak) / 1e6;
}

static struct frame frame_for(const struct duel *duel)
{
	double seconds =
		larger(sampler_seconds(&duel->go.sampler), sampler_seconds(&duel->rcumap.sampler));
	double mb = larger(peak_mb(&duel->go), peak_mb(&duel->rcumap));
	struct frame frame = {
		.seconds = seconds,
		.seconds_step = nice_step(seconds),
		.mb_step = nice_step(mb),
	};

	while (frame.mb < mb)
		frame.mb += frame.mb_step;
	return frame;
}

static void draw_head(FILE *out, const struct plan *plan)
{
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\" role=\"img\" font-family=\"sans-serif\" font-size=\"15\">\n"
		"<title>Bytes held by dead connections over time: the algorithm of Go 1.15's "
		"sync.Map, "
		"and rcumap</title>\n"
		"<style>\n"
		"@media (prefers-color-scheme: dark) {\n"
		".paper { fill: #0d1117 } .ink { fill: #f0f6fc } .muted { fill: #9198a1 }\n"
		".grid { stroke: #3d444d }\n"
		"polyline.go { stroke: #ff7b72 } .go-ink { fill: #ff7b72 }\n"
		"polyline.rcumap { stroke: #58a6ff } .rcumap-ink { fill: #58a6ff }\n"
		"}\n"
		"</style>\n"
		"<rect class=\"paper\" width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n",
		WIDTH, HEIGHT, WIDTH, HEIGHT, WIDTH, HEIGHT);
	fprintf(out,
		"<text class=\"ink\" x=\"%g\" y=\"28\" font-size=\"19\" font-weight=\"bold\" "
		"fill=\"" INK "\">Memory held by connections that are closed</text>\n"
		"<text class=\"muted\" x=\"%g\" y=\"50\" fill=\"" MUTED "\">%s; "
		"stored at accept, deleted at close, never loaded</text>\n",
		LEFT, LEFT, plan->what);
}

static void draw_grid(FILE *out, const struct frame *frame)
{
	for (int i = 0; i * frame->mb_step <= frame->mb * 1.001; i++) {
		double y = frame_y(frame, i * frame->mb_step);

		fprintf(out,
			"<path class=\"grid\" d=\"M%g %.1fH%g\" stroke=\"" GRID "\"/>\n"
			"<text class=\"muted\" x=\"%g\" y=\"%.1f\" text-anchor=\"end\" "
			"fill=\"" MUTED "\">%g%s</text>\n",
			LEFT, y, RIGHT, LEFT - 8, y + 5, i * frame->mb_step, i ? " MB" : "");
	}
	for (int i = 0; i * frame->seconds_step <= frame->seconds; i++)
		fprintf(out,
			"<text class=\"muted\" x=\"%.1f\" y=\"%g\" text-anchor=\"middle\" "
			"fill=\"" MUTED "\">%g%s</text>\n",
			frame_x(frame, i * frame->seconds_step), BOTTOM + 22,
			i * frame->seconds_step, i ? " s" : "");
}

static void draw_curve(FILE *out, const struct frame *frame, const struct run *run,
		       const struct pen *pen)
{
	double seconds = sampler_seconds(&run->sampler);

	fprintf(out,
		"<polyline class=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"3\" "
		"stroke-linejoin=\"round\" points=\"",
		pen->class, pen->colour);
	for (int i = 0; i < POINTS; i++) {
		double from = seconds * i / POINTS;
		double to = seconds * (i + 1) / POINTS;
		double mb = (double)sampler_most(&run->sampler, from, to) / 1e6;

		fprintf(out, "%s%.1f,%.1f", i ? " " : "", frame_x(frame, from), frame_y(frame, mb));
	}
	fputs("\"/>\n", out);
}

/* A dot where all had left, with the name of the curve and what was held then. */
static void draw_left(FILE *out, const struct frame *frame, const struct run *run,
		      const struct pen *pen)
{
	double mb = (double)run->left.dead_bytes / 1e6;
	double x = frame_x(frame, run->left_at);
	double y = frame_y(frame, mb);

	fprintf(out, "<circle class=\"%s-ink\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"%s\"/>\n",
		pen->class, x, y, pen->colour);
	fprintf(out,
		"<text class=\"%s-ink\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\" "
		"font-weight=\"bold\" fill=\"%s\">%s: %.3g MB",
		pen->class, x, y - 12, pen->colour, pen->label, mb);
	if (mb < peak_mb(run) / 2)
		fprintf(out, ", never above %.1f MB", peak_mb(run));
	else
		fputs(" when all have closed", out);
	fputs("</text>\n", out);
}

static void svg_draw(FILE *out, const struct duel *duel)
{
	struct frame frame = frame_for(duel);

	draw_head(out, duel->go.plan);
	draw_grid(out, &frame);
	draw_curve(out, &frame, &duel->go, &pen_go);
	draw_curve(out, &frame, &duel->rcumap, &pen_rcumap);
	draw_left(out, &frame, &duel->go, &pen_go);
	draw_left(out, &frame, &duel->rcumap, &pen_rcumap);
	fprintf(out,
		"<text class=\"muted\" x=\"%g\" y=\"%g\" font-size=\"13\" fill=\"" MUTED "\">"
		"At the end a few come back and a Range promotes: only then does the red map let "
		"the rest go.</text>\n</svg>\n",
		LEFT, BOTTOM + 54);
}

void svg_write(const struct duel duels[DUELS], const char *path)
{
	const struct duel *duel = &duels[0];
	FILE *out;
	int bad;

	if (duel->go.error[0] || duel->rcumap.error[0]) {
		printf("No SVG: there is nothing to draw.\n");
		return;
	}
	out = fopen(path, "we");
	if (!out) {
		printf("No SVG: %s: %s\n", path, strerror(errno));
		return;
	}
	svg_draw(out, duel);
	bad = ferror(out);
	if (fclose(out) || bad)
		printf("No SVG: %s could not be written.\n", path);
	else
		printf("The chart is in %s as well.\n", path);
}
