# SPDX-License-Identifier: MIT
# Sourced by the .test scripts, which run under bash from the build folder with
# the built programs first in PATH: TAP on standard output, a point a check, and
# plan at the end.
tests=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
top=${tests%/*}
points=0
work=$(mktemp -d "${TMPDIR:-/tmp}/exptop-test.XXXXXX")
trap 'rm -rf "$work"' EXIT

say() { # what helps to see why a point failed, not all of it
	printf '%s\n' "$*" | cut -c 1-400 | sed '31s/.*/../; 31q; s/^/# /'
}

pass() { # NAME
	echo "ok $((++points)) - $1"
}

fail() { # NAME [WHY]
	echo "not ok $((++points)) - $1"
	[ -z "$2" ] || say "$2"
}

skip() { # NAME REASON
	echo "ok $((++points)) - $1 # SKIP $2"
}

# is NAME GOT EXPECTED: the two texts are equal.
is() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "$(diff -u --label expected --label got <(printf '%s\n' "$3") <(printf '%s\n' "$2"))"
	fi
}

# like NAME GOT PATTERN: GOT as a whole matches the extended regular expression.
like() {
	if [[ $2 =~ ^($3)$ ]]; then
		pass "$1"
	else
		fail "$1" "expected: $3"$'\n'"got: $2"
	fi
}

# ok NAME COMMAND...: the command succeeds; what it printed is shown when not.
ok() {
	local out

	if out=$("${@:2}" 2>&1); then
		pass "$1"
	else
		fail "$1" "status $? of: ${*:2}"$'\n'"$out"
	fi
}

# gives NAME STATUS COMMAND...: the command ends within a minute, with STATUS; its outputs are in
# $out and $err, byte for byte in $work/out and $work/err.
gives() {
	local got=0

	timeout -k 5 60 "${@:3}" > "$work/out" 2> "$work/err" < /dev/null || got=$?
	out=$(tr -d '\0' < "$work/out")
	err=$(cat "$work/err")
	if [ $got = "$2" ]; then
		pass "$1"
	else
		fail "$1" "status $got, not $2, of: ${*:3}"$'\n'"$err"
	fi
}

# wait_until SECONDS COMMAND...: until the command succeeds, looking 20 times a second, after two seconds 5 times: what
# is looked with costs more than what is waited for. False when it never did.
wait_until() {
	local begun=$SECONDS pause=0.05

	until "${@:2}" > /dev/null 2>&1; do
		[ $((SECONDS - begun)) -lt $1 ] || return 1
		[ $((SECONDS - begun)) -le 2 ] || pause=0.2
		sleep $pause
	done
}

plan() {
	echo "1..$points"
}
