# SPDX-License-Identifier: MIT
# Sourced after tap.sh by the suites of tests/proof: how much of it is run, and what it came to.

declare -A tally=([faults]=0 [inputs]=0 [lost]=0 [doubled]=0 [crashed]=0 [hung]=0)
load_held=-

# amount NAME SHORT WHOLE: sets the variable NAME to how much is tried: SHORT in ./check, WHOLE in make proof, and
# whatever the environment says in capitals (KILLS=7 for kills).
amount() {
	local given=${1^^}

	printf -v "$1" %s "${!given:-$([ "$PROOF_SIZE" = whole ] && echo "$3" || echo "$2")}"
	echo "# $1: ${!1}"
}

# count FIGURE [N]: N (1) more of faults, inputs, lost, doubled, crashed or hung.
count() {
	tally[$1]=$((${tally[$1]:?no such figure} + ${2:-1}))
}

# held WORDS: the load under which all this was.
held() {
	load_held=$*
}

# ended STATUS WHAT: counts a program that a signal ended which nobody sent as crashed, one that timeout had to end
# as hung; the sanitizers' statuses are crashes, too.
ended() {
	case $1 in
	124 | 137) count hung && say "hung: $2" ;;
	129 | 13[0-9] | 1[4-9]? | 2??) count crashed && say "crashed with status $1: $2" ;;
	esac
}

# proved: the last point, that all was well, and the line that makes the table's row; instead of plan.
proved() {
	local figure line=

	is "nothing was lost or doubled, nobody crashed or hung" \
		"${tally[lost]} ${tally[doubled]} ${tally[crashed]} ${tally[hung]}" "0 0 0 0"
	for figure in faults inputs lost doubled crashed hung; do
		line+="$figure=${tally[$figure]} "
	done
	echo "# proof: ${line}load=$load_held"
	plan
}
