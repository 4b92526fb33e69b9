# SPDX-License-Identifier: MIT
# Sourced after tap.sh and kafka.sh by the tests that kill consume --store: a load with its log, members and their ends.
export HOME=$work
unset ${!EXPTOP_*}
seed=${SEED:-$((EPOCHSECONDS % 32768))}
echo "# SEED=$seed repeats the moments of killing"
RANDOM=$seed
session=(-X session.timeout.ms=1500 -X heartbeat.interval.ms=400)

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
	wait_until 20 measured
}

measured() {
	grep -q temperature logs/producer.json.log*
}

# truth TOPIC: what the log says, as tables of truth.db.
truth() {
	cat "$work/$1"/logs/* > "$work/log"
	: > "$work/readings" > "$work/averages" > "$work/events"
	jq -r '.fields as $f | .spans[0].experiment_id as $e | .spans[1].measurement_id as $m |
		if $f.sensor then ["readings", $e, $m, $f.sensor, $f.temperature]
		elif $f.avg_temperature then ["averages", $e, $m, $f.avg_temperature]
		elif $f.range_event then ["events", $e, $m, $f.range_event]
		else empty end | @tsv' "$work/log" |
		awk -F '\t' -v dir="$work/" '{ file = dir $1; sub(/^[^\t]*\t/, ""); print > file }'
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

killed() { # NAME: by our KILL that is, and not by another signal before
	count faults
	[ $status = 137 ] || ended $status "$1"
}

drained() { # TOPIC: all of it is committed
	exptop groups describe "test-crash-$1" -b "$PLAIN_BROKERS" --json > "$work/group" &&
		jq -e '[.partitions[] | select(.end > 0)] | length > 0 and all(.committed == .end)' "$work/group"
}

ends() { # TOPIC: where each partition ends
	exptop groups describe "test-crash-$1" -b "$PLAIN_BROKERS" --json |
		jq -r '.partitions[] | "\(.partition) \(.end)"' | sort -n
}

# account TOPIC NAME...: counts the topic's offsets that no store has as lost, those that one has twice as doubled.
account() {
	local name

	for name in "${@:2}"; do
		sqlite3 "$work/$name.db" 'SELECT partition, "offset" FROM measurements UNION ALL
			SELECT partition, "offset" FROM events' | sort > "$work/$name.offsets"
		count doubled "$(uniq -d "$work/$name.offsets" | wc -l)"
	done
	printf "$work/%s.offsets\0" "${@:2}" | sort -u --files0-from=- > "$work/offsets"
	count lost $(($(ends "$1" | awk '{ n += $2 } END { print n + 0 }') - $(wc -l < "$work/offsets")))
}
