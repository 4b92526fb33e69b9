# SPDX-License-Identifier: MIT
# The tutorial's two loads at their own pace: what exptop rate measures is what exptop plan says,
# in each interval of the plan within 2 %. Takes a minute and a quarter, mostly of waiting.
unset RUST_LOG
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 1

# Samples come on whole and tenths of seconds after the start: who looks between them sees them all.
between() { # STARTED: some tenths of a second after a whole one since then
	awk -v now="$EPOCHREALTIME" -v from="$1" 'BEGIN { part = now - from; part -= int(part); exit !(part > 0.25 && part < 0.55) }'
}

over() { # LOAD: the producer has gone
	jq -e -n 'any(inputs; .answering == 0)' "rate.$1" && grep -q '^asked ' "said.$1"
}

measured() { # LOAD: "PLANNED LINES MEDIAN" for each time in which the plan is the same
	jq -r 'select(.planned != null and .rate != null) | "\(.planned) \(.rate)"' "rate.$1" |
		awk '{ if ($1 != last) run++; last = $1; print run, $1, $2 }' | sort -n -k 1,1 -k 3,3 |
		awk '{ n[$1]++; plan[$1] = $2; rate[$1, n[$1]] = $3 }
			END { for (r = 1; r in n; r++) if (n[r] > 3) print plan[r], n[r], rate[r, int((n[r] + 1) / 2)] }'
}

within() { # PLANNED MEASURED
	awk -v plan="$1" -v got="$2" 'BEGIN { exit !(got >= plan * 0.98 && got <= plan * 1.02) }'
}

begin_load() { # LOAD PRODUCER-OPTION...
	local file=$top/loads/$1.json started page

	experiment-producer "${@:2}" --config-file "$file" > "said.$1" 2>&1 &
	pids+=($!)
	wait_until 20 grep -q configured "said.$1"
	started=$(date -d "$(awk '/ configured / { print $1; exit }' "said.$1")" +%s.%N)
	page=$(sed -n 's|^metrics: http://\(.*\)/metrics$|\1|p' "said.$1")
	wait_until 20 between "$started"
	exptop rate --json -q --producer-connection "$page" --plan "$file" > "rate.$1" &
	pids+=($!)
}

keeps_its_plan() { # LOAD
	local planned all last plan lines rate

	ok "loads/$1.json has run" wait_until 120 over "$1"
	measured "$1" > intervals
	planned=$(exptop plan --json "$top/loads/$1.json" |
		jq -r '.intervals | map(select(.to - .from > 4).rate) | map(tostring) | join(" ")')
	is "it has the intervals of the plan" "$(awk '{ print $1 }' intervals | xargs)" "$planned"
	while read -r plan lines rate; do
		ok "$plan events/s are measured as $rate over $lines s" within "$plan" "$rate"
	done < intervals
	all=$(sed -nE 's/^asked ([0-9,]+), .*/\1/p' "said.$1" | tr -d ,)
	last=$(jq -s 'map(.events // empty) | max' "rate.$1")
	ok "and $last of $all events were seen" [ "$last" -ge $((all * 95 / 100)) ] && [ "$last" -le "$all" ]
}

loads_keep_their_plan() { # PRODUCER-OPTION...
	local load

	for load in 2 3; do
		begin_load $load "$@"
	done
	for load in 2 3; do
		keeps_its_plan $load
	done
}
