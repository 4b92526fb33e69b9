# SPDX-License-Identifier: MIT
# Sourced after tap.sh: the real cluster, and clients of others beside ours.
. "$KAFKA_CLUSTER/env"
auth=$KAFKA_CLUSTER/auth
password=$(sed -n 's/^ssl.keystore.password=//p' "$auth/client-ssl.properties")
ssl=(-b "$BROKERS" --auth "$auth")
kcat=(kcat -b "$BROKERS" -X security.protocol=ssl -X ssl.ca.location="$auth/ca.crt"
	-X ssl.keystore.location="$auth/kafka.keystore.pkcs12" -X ssl.keystore.password="$password")

# start COMMAND...: in the background, until stop.
started=()
start() {
	"$@" &
	started+=($!)
}

# stop PID...: asked to end by TERM, waited for, and no longer in $started; the last one's status.
stop() {
	local pid kept=() status=0

	[ $# = 0 ] || kill -TERM "$@"
	for pid in "${started[@]}"; do
		[[ " $* " == *" $pid "* ]] || kept+=("$pid")
	done
	started=("${kept[@]}")
	for pid; do
		wait "$pid"
		status=$?
	done
	return $status
}
trap 'kill -KILL "${started[@]}" 2> /dev/null; rm -rf "$work"' EXIT

# As "PARTITION OFFSET KEY" a line what others print so, and exptop by --format json.
records() { # FILE...
	sed -E 's/.*"partition":([0-9]+),"offset":([0-9]+),.*"key":"([0-9]+)".*/\1 \2 \3/' "$@"
}

lines() { # FILE COUNT: it has so many
	[ "$(wc -l < "$1")" = "$2" ]
}

at_least() { # COUNT FILE...: they have so many lines in all
	[ "$(cat "${@:2}" | wc -l)" -ge "$1" ]
}

# shares GROUP COUNT...: the group has so many members, and they hold so many partitions each.
shares() {
	[ "$(admin "$PLAIN_BROKERS" members "$1" | awk '{ print $NF }' | sort -n | xargs)" = "${*:2}" ]
}
