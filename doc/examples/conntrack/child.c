/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * Child processes: fork, exec, lines through pipes, and an end that is bounded in time.
 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t running; /* the child's pid, or 0 */

const char *child_self(void)
{
	static const char proc[] = "/proc/self/exe";

	/* A bare chroot may come without /proc; then what we were started as has to do. */
	if (access(proc, X_OK) == 0)
		return proc;
	return (const char *)getauxval(AT_EXECFN);
}

/*
 * Between fork() and exec(). The parent may have threads: nothing but async-signal-safe functions.
 */
static _Noreturn void child_exec(const char *path, char *const argv[], int in, int out,
				 pid_t parent)
{
	/* Dies with the thread that started it. If that is gone already, there is no signal. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent && dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0)
		execv(path, argv);
	_exit(127);
}

static void close_all(const int fds[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

int child_start(struct child *child, const char *path, char *const argv[], int out)
{
	int fds[4] = {-1, -1, -1, -1}; /* in: read, write; out: read, write */
	pid_t parent = getpid();
	int ret;

	if (pipe2(fds, O_CLOEXEC) || (out < 0 && pipe2(fds + 2, O_CLOEXEC))) {
		ret = -errno;
		close_all(fds, 4);
		return ret;
	}
	child->pid = fork();
	if (child->pid == 0)
		child_exec(path, argv, fds[0], out < 0 ? fds[3] : out, parent);
	if (child->pid < 0) {
		ret = -errno;
		close_all(fds, 4);
		return ret;
	}
	running = child->pid;
	child->to = fds[1];
	child->from = fds[2];
	child->have = 0;
	close_all((int[]){fds[0], fds[3]}, 2);
	return 0;
}

/* Takes the first line out of what was read. */
static int child_cut(struct child *child, char *line, size_t size)
{
	char *end = memchr(child->text, '\n', child->have);
	size_t len;

	if (!end)
		return 0;
	len = (size_t)(end - child->text);
	snprintf(line, size, "%.*s", (int)len, child->text);
	child->have -= len + 1;
	memmove(child->text, end + 1, child->have);
	return 1;
}

int child_line(struct child *child, char *line, size_t size, int timeout_ms)
{
	struct pollfd fd = {.fd = child->from, .events = POLLIN};
	ssize_t n;

	if (child_cut(child, line, size))
		return 1;
	if (child->have == sizeof(child->text))
		return -1;
	if (poll(&fd, 1, timeout_ms) <= 0)
		return 0;
	n = read(child->from, child->text + child->have, sizeof(child->text) - child->have);
	if (n < 0 && errno == EINTR)
		return 0;
	if (n <= 0)
		return -1;
	child->have += (size_t)n;
	return child_cut(child, line, size);
}

int child_go_on(struct child *child)
{
	/* One byte: a pipe takes it whole or not at all. SIGPIPE is ignored. */
	return write(child->to, "\n", 1) == 1 ? 0 : -errno;
}

int child_end(struct child *child, int timeout_ms)
{
	int status;
	pid_t pid;

	close_all((int[]){child->to, child->from}, 2);
	for (int waited = 0;; waited += 10) {
		pid = waitpid(child->pid, &status, WNOHANG);
		if (pid || waited >= timeout_ms)
			break;
		poll(NULL, 0, 10);
	}
	if (pid == 0) {
		kill(child->pid, SIGKILL);
		while ((pid = waitpid(child->pid, &status, 0)) < 0 && errno == EINTR)
			;
	}
	running = 0;
	return pid == child->pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void child_kill(void)
{
	if (running)
		kill(running, SIGKILL);
}
