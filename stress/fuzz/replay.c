/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * replay.c - runs inputs of the fuzzer, each in a file, or all files of a directory; without
 * arguments, the corpus. An input that fails, or hangs, ends it after the input's name was printed.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

enum { INPUT_MAX = 1 << 16, INPUT_SECONDS = 60 };

static size_t inputs;

static void die(const char *name)
{
	perror(name);
	exit(99);
}

static void replay_file(const char *name)
{
	static uint8_t data[INPUT_MAX];
	FILE *file = fopen(name, "rb");
	size_t size;

	if (!file)
		die(name);
	size = fread(data, 1, sizeof(data), file);
	if (ferror(file))
		die(name);
	fclose(file);
	fprintf(stderr, "%s\n", name);
	alarm(INPUT_SECONDS);
	LLVMFuzzerTestOneInput(data, size);
	inputs++;
}

static int no_dot(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void replay_directory(const char *name)
{
	struct dirent **entries;
	int n = scandir(name, &entries, no_dot, alphasort);

	if (n < 0)
		die(name);
	for (int i = 0; i < n; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", name, entries[i]->d_name);
		replay_file(path);
		free(entries[i]);
	}
	free(entries);
}

static void replay(const char *name)
{
	struct stat status;

	if (stat(name, &status))
		die(name);
	if (S_ISDIR(status.st_mode))
		replay_directory(name);
	else
		replay_file(name);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		replay(CORPUS);
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	printf("%zu inputs\n", inputs);
	return inputs ? EXIT_SUCCESS : EXIT_FAILURE;
}
