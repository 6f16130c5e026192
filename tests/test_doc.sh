#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
#
# test_doc.sh - the documents (README.md and its like, and all *.md below doc) name what is there:
# every path of this tree and every function() in backquotes exists, every rcumap_name and
# RCUMAP_NAME, too, also in examples; every relative link and its #anchor leads somewhere.
#
# A path is what has a slash and begins with a folder of this tree, or ends as its sources do.
# It is looked for in the tree, beside the document, and among the programs that the makefiles build;
# a name without a slash anywhere in the tree. A function is looked for in the code, comments left
# out; rcumap_name() in the public header. NAME stands for any name, and RCUMAP_0.1 and the like are
# versions of symbols.
set -eu
: "${srcdir:=.}"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$srcdir"
folders='include lib tests stress doc'

# What is not in this tree, and need not be: liburcu's, GLib's, uthash's, the C library's.
foreign_file()
{
	case $1 in
	urcu*.h | rculfhash.h | uthash.h | glib.h | pthread.h) return 0 ;;
	esac
	return 1
}

foreign_function()
{
	case $1 in
	rcu_* | urcu_* | *call_rcu* | synchronize_rcu | cds_lfht_* | caa_* | cmm_* | g_* | HASH_* | pthread_* | \
		malloc | calloc | free | qsort | memset | memcpy | strlen | exit | _exit | abort | dlclose | \
		getrandom | membarrier | readdir) return 0 ;;
	esac
	return 1
}

bad()
{
	echo "FAIL: $*" >&2
	echo bad >>"$tmp/bad"
}

# Prints "KIND DOCUMENT TOKEN", KIND being path, function, name, link.
extract()
{
	awk -v doc="$1" -v folders="$folders" '
	function emit(kind, token) {
		if (token !~ /NAME|^RCUMAP_[0-9]/)
			print kind, doc, token
	}

	function words(span,    n, i, word, part, dirs) {
		n = split(span, part, /[ \t\n]+/)
		for (i = 1; i <= n; i++) {
			word = part[i]
			sub(/^\.\//, "", word)
			sub(/[,;:]$/, "", word)
			if (word !~ /^[A-Za-z0-9_.*\/-]+$/)
				continue
			dirs = word
			sub(/\/.*/, "", dirs)
			if ((word ~ /\// && index(" " folders " ", " " dirs " ")) ||
			    word ~ /[A-Za-z0-9_]\.(c|h|md|sh|mk|test|go|ac|am|map|patch|expected|pml)$/)
				emit("path", word)
		}
		if (span ~ /^[A-Za-z_][A-Za-z0-9_]*\(\)$/)
			emit("function", substr(span, 1, length(span) - 2))
	}

	function names(text) {
		while (match(text, /(rcumap|RCUMAP)_[A-Za-z0-9_]+\*?/)) {
			if (substr(text, RSTART + RLENGTH - 1, 1) != "*" &&
			    substr(text, RSTART - 1, 1) !~ /[A-Za-z0-9_]/)
				emit("name", substr(text, RSTART, RLENGTH))
			text = substr(text, RSTART + RLENGTH)
		}
	}

	function links(text,    target) {
		while (match(text, /\]\([^()]+\)/)) {
			target = substr(text, RSTART + 2, RLENGTH - 3)
			if (target !~ /^[a-z]+:/)
				emit("link", target)
			text = substr(text, RSTART + RLENGTH)
		}
	}

	function paragraph(text,    n, i, part) {
		n = split(text, part, "`")
		if (n && n % 2 == 0)
			emit("unpaired", substr(text, 1, 60))
		for (i = 2; i <= n; i += 2)
			words(part[i])
		for (i = 1; i <= n; i += 2)
			links(part[i])
	}

	{ names($0) }
	/^ *```/ { fenced = !fenced; next }
	fenced { next }
	/^[ \t]*$/ || /^    / { paragraph(text); text = ""; next }
	{ text = text " " $0 }
	END { paragraph(text) }' "$1"
}

# Anchors as GitHub makes them: small letters, no punctuation, hyphens for spaces.
anchors()
{
	awk '/^ *```/ { fenced = !fenced }
	!fenced && /^#+ / {
		sub(/^#+ +/, "")
		gsub(/[^A-Za-z0-9 _-]/, "")
		gsub(/ /, "-")
		slug = tolower($0)
		print slug (seen[slug] ? "-" seen[slug] : "")
		seen[slug]++
	}' "$1"
}

path_exists() # DOCUMENT PATH
{
	for found in $2 "$(dirname "$1")"/$2; do
		[ -e "$found" ] && return
	done
	case $2 in
	*/*) grep -qxF "$2" "$tmp/made" && return ;;
	*) grep -qxF "$2" "$tmp/basenames" && return ;;
	esac
	foreign_file "$2"
}

link_exists() # DOCUMENT TARGET
{
	file=${2%%#*}
	if [ -z "$file" ]; then
		file=$1
	else
		file=$(dirname "$1")/$file
	fi
	[ -e "$file" ] || return 1
	case $2 in
	*#*) anchors "$file" | grep -qxF "${2#*#}" ;;
	esac
}

function_exists()
{
	case $1 in
	rcumap__*) ;;
	rcumap_*) grep -qxF "$1" "$tmp/public"; return ;;
	esac
	grep -qxF "$1" "$tmp/functions" || foreign_function "$1"
}

# Source, without comments.
# shellcheck disable=SC2086  # a list of words
find $folders -type f \( -name '*.[ch]' -o -name '*.go' -o -name '*.pml' \) | sort >"$tmp/files"
tr '\n' '\0' <"$tmp/files" | xargs -0 cat >"$tmp/all"
awk '{
	while (1) {
		if (inside) {
			if (!(at = index($0, "*/")))
				next
			$0 = substr($0, at + 2)
			inside = 0
		}
		if (!(at = index($0, "/*")))
			break
		printf "%s ", substr($0, 1, at - 1)
		$0 = substr($0, at + 2)
		inside = 1
	}
	print
}' "$tmp/all" >"$tmp/code"
grep -oE '[A-Za-z_][A-Za-z0-9_]*\(' "$tmp/code" | tr -d '(' | sort -u >"$tmp/functions"
grep -oE '\<(rcumap|RCUMAP)_[A-Za-z0-9_]+' "$tmp/code" | sort -u >"$tmp/names"
sed '1,/^#define RCUMAP_H/d' include/rcumap.h | sed 's,/\*.*\*/,,; /^\/\*\*/,/^ \*\//d' |
	grep -oE '\<rcumap_[a-z_]*\(' | tr -d '(' | sort -u >"$tmp/public"
find . -name local.mk -o -name Makefile.am | grep -v '^\./build' | xargs cat |
	tr -s ' \t\\=' '\n' | sort -u >"$tmp/made"
# shellcheck disable=SC2086  # a list of words
{
	find $folders -type f
	ls
} | sed 's,.*/,,' | sort -u >"$tmp/basenames"

{
	ls ./*.md
	find doc -name '*.md'
} | sed 's,^\./,,' | sort >"$tmp/documents"
while read -r document; do
	extract "$document"
done <"$tmp/documents" | sort -u >"$tmp/tokens"

while read -r kind document token; do
	case $kind in
	path)
		path_exists "$document" "$token" || bad "$document names the file $token, which is not there" ;;
	function)
		function_exists "$token" || bad "$document names $token(), which is not in the code" ;;
	name)
		grep -qxF "$token" "$tmp/names" || bad "$document names $token, which is not in the code" ;;
	link)
		link_exists "$document" "$token" || bad "$document links to $token, which leads nowhere" ;;
	unpaired)
		bad "$document has a backquote without a partner after: $token" ;;
	esac
done <"$tmp/tokens"
[ ! -e "$tmp/bad" ] || exit 1

count()
{
	grep -c "^$1 " "$tmp/tokens" || :
}
for kind in path function name link; do
	[ "$(count $kind)" -gt 0 ] || { bad "no $kind found: this test sees nothing"; exit 1; }
done
echo "$(wc -l <"$tmp/documents") documents: $(count path) paths, $(count function) functions," \
	"$(count name) names and $(count link) links lead to what is there"
