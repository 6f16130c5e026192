# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
#
# What awk needs to read a page of the manual; to be given with -f before a program of one's own.

# Text as the reader sees it.
function plain(s) {
	gsub(/\\f[BIRP]/, "", s)
	gsub(/\\&/, "", s)
	gsub(/\\-/, "-", s)
	gsub(/\\\(aq/, "'", s)
	gsub(/\\\(ha/, "^", s)
	gsub(/\\\(ti/, "~", s)
	gsub(/\\\(ga/, "`", s)
	gsub(/\\e/, "\\", s)
	return s
}

# The arguments of a macro as it prints them: .B and .I put spaces between, .BI and its like none.
function args(s,    spaces, n, part, i, out) {
	spaces = s ~ /^\.[BI] /
	sub(/^\.[A-Z]+ +/, "", s)
	n = split(s, part, "\"")
	for (i = 1; i <= n; i++) {
		if (i % 2 && !spaces)
			gsub(/ +/, "", part[i])
		out = out part[i]
	}
	return plain(out)
}

function name_of(file) {
	sub(/.*\//, "", file)
	return file
}
