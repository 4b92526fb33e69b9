# SPDX-License-Identifier: MIT
# Sourced after tap.sh and kafka.sh by the tests that kill consume --store: a load with its log, members and their ends.
export HOME=$work
unset ${!EXPTOP_*}
seed=${SEED:-$((EPOCHSECONDS % 32768))}
echo "# SEED=$seed repeats the moments of killing"
RANDOM=$seed
session=(-X session.timeout.ms=3000 -X heartbeat.interval.ms=500)

if ! command -v sqlite3 > /dev/null; then
	skip "crashes of consume --store" "sqlite3 is not installed"
	plan
	exit
fi

# --- The producer and its log ----------------------------------------------

# load TOPIC: experiments that go on until stop, 1,000 records a second.
load() {
	local i entries=()

	for ((i = 0; i < 10; i++)); do
		entries+=('{"researcher": "crash", "start_time": 0, "num_sensors": 5, "sample_rate": 50,
			"stabilization_samples": 20, "carry_out_samples": 100000}')
	done
	(IFS=,; echo "[${entries[*]}]") > "$work/loads.json"
	admin "$PLAIN_BROKERS" create "$1" 8
	mkdir "$work/$1"
	cd "$work/$1" || exit 1
	RUST_LOG=debug start experiment-producer -b "$PLAIN_BROKERS" --no-ssl --topic "$1" --metrics none \
		--file-subscriber --terminate-on-exit --config-file "$work/loads.json" > /dev/null
	producer=${started[-1]}
	wait_until 20 grep -q temperature logs/producer.json.log*
}

# truth TOPIC: what the log says, as tables of truth.db.
truth() {
	cat "$work/$1"/logs/* > "$work/log"
	jq -r 'select(.fields.sensor) | [.spans[0].experiment_id, .spans[1].measurement_id, .fields.sensor,
		.fields.temperature] | @tsv' "$work/log" > "$work/readings"
	jq -r 'select(.fields.avg_temperature) | [.spans[0].experiment_id, .spans[1].measurement_id,
		.fields.avg_temperature] | @tsv' "$work/log" > "$work/averages"
	jq -r 'select(.fields.range_event) | [.spans[0].experiment_id, .spans[1].measurement_id,
		.fields.range_event] | @tsv' "$work/log" > "$work/events"
	rm -f "$work/truth.db"
	sqlite3 "$work/truth.db" 'CREATE TABLE readings (experiment, measurement, sensor, temperature REAL)' \
		'CREATE TABLE averages (experiment, measurement, temperature REAL)' \
		'CREATE TABLE events (experiment, measurement, event)' '.mode tabs' ".import $work/readings readings" \
		".import $work/averages averages" ".import $work/events events"
}

# --- Members, and their ends -----------------------------------------------

declare -A member
member() { # NAME TOPIC
	exptop consume "${ssl[@]}" -G "test-crash-$2" -o earliest --format none -q --store "$work/$1.db" "${session[@]}" "$2" \
		2> "$work/$1.err" &
	member[$1]=$!
}

ask() { # NAME QUERY: of a copy, so that nothing of the killed one's is put in order by us
	rm -f "$work/copy.db"*
	cp "$work/$1.db" "$work/copy.db"
	[ ! -e "$work/$1.db-wal" ] || cp "$work/$1.db-wal" "$work/copy.db-wal"
	sqlite3 "$work/copy.db" "$2"
}

progress() { # NAME
	ask "$1" 'SELECT coalesce(sum(next), 0) FROM offsets' 2> /dev/null || echo 0
}

went_on() { # NAME: since $before
	[ "$(progress "$1")" -gt "$before" ]
}

pause() { # MS: at random, shorter than that
	read -rt "$(printf '0.%03d' $((RANDOM % $1)))" <> <(:)
}

end_by() { # SIGNAL NAME...
	local name

	for name in "${@:2}"; do
		kill "-$1" "${member[$name]}"
		wait "${member[$name]}" 2> /dev/null
		status=$?
	done
}

drained() { # TOPIC: all of it is committed
	exptop groups describe "test-crash-$1" -b "$PLAIN_BROKERS" --json > "$work/group" &&
		jq -e '[.partitions[] | select(.end > 0)] | length > 0 and all(.committed == .end)' "$work/group"
}

ends() { # TOPIC: where each partition ends
	exptop groups describe "test-crash-$1" -b "$PLAIN_BROKERS" --json | jq -r '.partitions[] | "\(.partition) \(.end)"' | sort -n
}
