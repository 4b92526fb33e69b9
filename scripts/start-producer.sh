#!/bin/bash
# SPDX-License-Identifier: MIT
# Starts the experiment-producer as the course does, without containers, and as
# many of them at once as are wanted.
usage() {
	cat <<-'END'
		Usage: start-producer.sh AUTH TOPIC BROKERS [--producers N] [OPTION...]

		Runs experiment-producer with the credentials in the folder AUTH ("-": without
		SSL), the topic TOPIC and BROKERS, which are HOST:PORT,HOST:PORT,..

		  --producers N   N of them at once, 1 to 20 (default 1); each line that one
		                  prints begins with its number

		Each serves its metrics page at the first free port of 0.0.0.0:3001 to 3020.
		TERM, INT and HUP end them all; what they have sent may still arrive, and a
		second signal ends that, too. The status is the highest of theirs. The other
		options are those of experiment-producer:
	END
}

say() {
	echo "start-producer.sh: $*" >&2
}

refuse() {
	say "$*"
	echo "Try 'start-producer.sh --help'." >&2
	exit 2
}

producer=$(dirname "$0")/experiment-producer
[ -x "$producer" ] || producer=experiment-producer
for given; do
	case $given in
	-h | --help)
		usage
		exec "$producer" --help
		;;
	esac
done
[ $# -ge 3 ] || refuse "expected AUTH TOPIC BROKERS, got $# of them"

arguments=(-b "$3" --topic "$2" --metrics 0.0.0.0)
if [ "$1" = - ]; then
	arguments+=(--no-ssl)
else
	[ -d "$1" ] || refuse "there is no folder $1; name the one with your credentials, or - where the brokers want none"
	arguments+=(--auth "$1")
fi
shift 3
n=1 seed=
while [ $# -gt 0 ]; do
	case $1 in
	--producers) n=$2 && shift ;;
	--producers=*) n=${1#*=} ;;
	--seed | --seed=*) seed=$1 && arguments+=("$1") ;;
	*) arguments+=("$1") ;;
	esac
	shift
done
[[ $n =~ ^([1-9]|1[0-9]|20)$ ]] || refuse "--producers: expected a number from 1 to 20, not \"$n\""
[ "$n" != 1 ] || exec "$producer" "${arguments[@]}"
[ -z "$seed" ] || refuse "--seed would give all $n the same experiments"

# Each is in a process group of its own, so that a Ctrl-C comes to it once: from here.
set -m
pids=() labels=() leaving=
end_all() {
	leaving=1
	kill -TERM "${pids[@]}" 2>/dev/null
}
trap end_all TERM INT HUP

number() { # I: its lines, to the last, whatever signal comes
	trap '' TERM INT HUP
	exec sed -u "s/^/$1: /"
}

# In $out and $err: where the lines of producer I go, with its number before them.
label() { # I
	exec {out}> >(number "$1")
	labels+=($!)
	exec {err}> >(number "$1" >&2)
	labels+=($!)
}

for ((i = 1; i <= n; i++)); do
	label $i
	"$producer" "${arguments[@]}" >&$out 2>&$err < /dev/null &
	pids+=($!)
	exec {out}>&- {err}>&-
	[ -z "$leaving" ] || break
done
[ -z "$leaving" ] || end_all # the signal may have come before the last was known

# Until PID has ended, and not only until a signal came; its status.
await() { # PID
	local status

	while wait "$1"; status=$?; kill -0 "$1" 2>/dev/null; do :; done
	return $status
}

status=0
for ((i = 1; i <= ${#pids[@]}; i++)); do
	await "${pids[i - 1]}"
	ended=$?
	[ $ended = 0 ] || say "producer $i ended with status $ended"
	[ $ended -le $status ] || status=$ended
done
wait "${labels[@]}"
exit $status
