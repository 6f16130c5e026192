# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
#
# tools.sh - what the scripts of this folder share: sourced by them, after they have set $top to the
# root of the sources. They set $tmp to a directory of their own before they call anything here.
# shellcheck disable=SC2154  # top and tmp
: "${JOBS:=$(nproc 2>/dev/null || echo 1)}"
me=${0##*/}

say()
{
	echo "$me: $*"
}

fail()
{
	echo "$me: FAIL: $*" >&2
	exit 1
}

# quietly WHAT COMMAND...: shows what the command printed only if it fails, and then ends.
quietly()
{
	quietly_what=$1
	shift
	"$@" </dev/null >"$tmp/log" 2>&1 || {
		quietly_status=$?
		cat "$tmp/log" >&2
		fail "$quietly_what: status $quietly_status from: $*"
	}
}

# step NAME COMMAND...: quietly, but named and timed; the log stays in $tmp/log-NAME.
step()
{
	step_name=$1
	step_began=$(date +%s)
	shift
	say "$step_name" >&2
	# Not with || after it, where the shell forgets -e: a step ends at the first command that fails.
	set +e
	(set -e; "$@") >"$tmp/log-$step_name" 2>&1 </dev/null
	step_status=$?
	set -e
	step_times="${step_times-} $step_name=$(($(date +%s) - step_began))"
	[ "$step_status" != 0 ] || return 0
	tail -n 60 "$tmp/log-$step_name" | cut -c 1-400 >&2
	fail "$step_name: status $step_status; seconds:$step_times"
}

# needs WHAT=PACKAGE...: installs the packages of what is missing, or fails. WHAT is a command, a file
# with its path, or a module of pkg-config with a colon before it.
needs()
{
	missing=$(missing_packages "$@")
	[ -n "$missing" ] || return 0
	command -v apt-get >/dev/null || fail "please install what Debian calls $missing"
	[ "$(id -u)" = 0 ] || fail "please install, as root: $missing"
	say "installing $missing"
	# A list that can't be fetched need not matter: whether all can be installed decides.
	# shellcheck disable=SC2016,SC2086  # $@ is the inner shell's; a list of words
	quietly "installing $missing" env DEBIAN_FRONTEND=noninteractive sh -c 'apt-get -q update
		exec apt-get -q -y -o DPkg::Lock::Timeout=300 --no-install-recommends install "$@"' sh $missing
	missing=$(missing_packages "$@")
	[ -z "$missing" ] || fail "installed, but still not there: $missing"
}

missing_packages()
{
	for need; do
		case $need in
		:*) need=${need#:}; pkg-config --exists "${need%%=*}" 2>/dev/null ;;
		/*) [ -e "${need%%=*}" ] ;;
		*) command -v "${need%%=*}" >/dev/null ;;
		esac || echo "${need#*=}"
	done | sort -u | tr '\n' ' '
}

needs_to_build()
{
	needs "${CC:-gcc}=gcc" /usr/include/stdio.h=libc6-dev "${CXX:-g++}=g++" make=make \
		pkg-config=pkg-config :liburcu-memb=liburcu-dev :libxxhash=libxxhash-dev \
		:cmocka=libcmocka-dev "$@"
	[ -x "$top/configure" ] ||
		needs autoreconf=autoconf automake=automake libtoolize=libtool
}

# Makes configure, unless it is there and newer than what it is made from.
bootstrap()
{
	# shellcheck disable=SC2046  # the list of makefiles has no spaces
	if [ ! -x "$1/configure" ] || [ -n "$(find "$1/configure.ac" -newer "$1/configure")" ]; then
		quietly "bootstrap" "$1/bootstrap"
	fi
}

# copy_sources DIR: what git tracks, as it is in the working tree; or all of an unpacked tarball.
copy_sources()
{
	mkdir -p "$1"
	if git -C "$top" rev-parse --git-dir >/dev/null 2>&1; then
		(cd "$top" && git ls-files -z --cached --others --exclude-standard |
			tar -c --null --files-from=- --ignore-failed-read) 2>/dev/null | tar -x -C "$1"
	else
		(cd "$top" && tar -c --exclude=./build* .) | tar -x -C "$1"
	fi
}
