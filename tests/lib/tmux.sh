# SPDX-License-Identifier: MIT
# Sourced after tap.sh: a program in a real terminal, by tmux. One at a time.
tmux=(tmux -L "exptop-$$" -f /dev/null)
trap '"${tmux[@]}" kill-server 2>/dev/null; rm -rf "$work"' EXIT

# terminal SIZE COMMAND: the shell command in a terminal of WIDTHxHEIGHT; how it ended comes to be in $work/status.
terminal() {
	rm -f "$work/status"
	"${tmux[@]}" new-session -d -s top -x "${1%x*}" -y "${1#*x}" \
		"export LC_ALL=C.UTF-8; $2; echo \$? > '$work/status'"
}

screen() {
	"${tmux[@]}" capture-pane -p -t top
}

press() { # KEY..., as tmux names them
	"${tmux[@]}" send-keys -t top "$@"
}

shows() { # PATTERN...: each is on the screen
	local now pattern

	now=$(screen)
	for pattern; do
		grep -qE -- "$pattern" <<< "$now" || return 1
	done
}

# reaches NAME PATTERN...: the screen comes to show them all, within $patience s (20).
reaches() {
	if wait_until "${patience:-20}" shows "${@:2}"; then
		pass "$1"
	else
		fail "$1" "$(screen)"
	fi
}

# ends NAME SECONDS: the program is gone by then, with status 0.
ends() {
	if wait_until "$2" test -s "$work/status"; then
		is "$1" "status $(cat "$work/status")" "status 0"
	else
		fail "$1" "it still runs"$'\n'"$(screen)"
	fi
}
