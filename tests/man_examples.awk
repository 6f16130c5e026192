# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The rcumap authors
#
# awk -v out=DIR -f roff.awk -f man_examples.awk PAGE - writes what is between .EX and .EE to files in
# DIR: a program with a main to PAGE-N.c, commands that begin with "$ " to PAGE-N.sh. Prints what is
# wrong: anything else, and characters that a terminal would show as others.
/^\.EX/ {
	inside = 1
	text = ""
	next
}
/^\.EE/ {
	inside = 0
	page = name_of(FILENAME)
	kind = text ~ /\nint main\(/ ? "c" : text ~ /^\$ / ? "sh" : ""
	if (kind == "") {
		print page ":" FNR ": an example without main"
		next
	}
	if (kind == "sh")
		sub(/^\$ /, "", text)
	file = sprintf("%s/%s-%02d.%s", out, page, ++n, kind)
	printf "%s", text >file
	close(file)
	next
}
inside {
	raw = $0
	gsub(/\\(-|e|&|\(aq|\(ha|\(ti|\(ga)/, "", raw)
	if (raw ~ /[-'^~`\\]/)
		print name_of(FILENAME) ":" FNR ": a character that is not shown as it is"
	text = text plain($0) "\n"
}
END {
	if (inside)
		print name_of(FILENAME) ": an .EX without .EE"
}
