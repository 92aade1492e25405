#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The shape of the tree, checked: who may include whom, which names stay in which
# folder, how files open, how large functions and files may be. Speaks TAP.
cd "$(dirname "$0")/../.." || exit 1
n=0 bad=0
verdict() { # NAME FAULTS
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		printf '%s\n' "$2" | sed 's/^/# /'
		bad=$((bad + 1))
	fi
}

# First word: the folder; the rest: what it may include besides itself.
direction() {
	while read -r from allowed; do
		for file in src/"$from"/*.[ch]; do
			for inc in $(sed -n 's/^[[:space:]]*#[[:space:]]*include "\([a-z_]*\)\/.*/\1/p' "$file" | sort -u); do
				case " $from $allowed " in
				*" $inc "*) ;;
				*) echo "$file includes $inc/" ;;
				esac
			done
		done
	done <<-'TABLE'
		base
		model base
		conf base model
		fetch base
		extract base model conf
		store base model
		match base model conf
		digest base model conf
		render base model conf digest
		mail base model conf
		report base model
		daemon base model conf fetch extract store match digest render mail report
		cli base model conf extract store match render mail report daemon
	TABLE
	for dir in src/*/; do
		grep -q "^		$(basename "$dir")\b" "$0" || echo "$dir has no line in the table of directions"
	done
}

# "pattern @ where it may stand": extended regular expressions over src/.
names() {
	while IFS=@ read -r pattern where; do
		grep -rnE "$pattern" src --include='*.[ch]' | grep -vE "^($where)" | cut -c1-110
	done <<-'TABLE'
		\bsqlite3_@src/store/
		"(SELECT|INSERT INTO|UPDATE|DELETE FROM) [a-zA-Z_*]+@src/store/
		\bcurl_(easy|multi|global|mime|slist)@src/fetch/|src/mail/
		\b(g_mime_|GMime[A-Z]|g_object_|g_free)@src/mail/mime\.c
		\b(jv|jq)_[a-z]+\(@src/extract/
		\bsmtp_(create|add|start|set)_@src/mail/
		\blog_(debug|info|warn|error)\(@src/base/log|src/daemon/|src/cli/
	TABLE
}

openings() {
	for file in src/*/*.[ch]; do
		head -3 "$file" | grep -q 'SPDX-License-Identifier: MIT' || echo "$file: no SPDX line"
		[ "$(head -12 "$file" | grep -c '^ \* [A-Za-z]')" -ge 1 ] || echo "$file: does not say what it is for"
	done
}

# pmccabe: modified complexity, ..., statements, first line, lines, file(line): name
sizes() {
	pmccabe src/*/*.c | awk '$5 > 100 { print $6, $7, "has", $5, "lines, more than 100" }
		$1 > 15 { print $6, $7, "has a complexity of", $1 ", more than 15" }'
	wc -l src/*/*.[ch] | awk '$2 != "total" && $1 > 800 { print $2, "has", $1, "lines, more than 800" }'
}

unfinished() {
	grep -nE '\b(TODO|FIXME|XXX|HACK)\b' -r src tests conf feeds Makefile --include='*' 2>/dev/null |
		grep -v '^tests/lint/layers.sh' | cut -c1-110
}

verdict "folders include only what they may" "$(direction)"
verdict "names stay in their folders" "$(names)"
verdict "files open with what they are for" "$(openings)"
verdict "functions and files are of readable size" "$(sizes)"
verdict "nothing is left unfinished" "$(unfinished)"
echo "1..$n"
exit $((bad > 0))
