# SPDX-License-Identifier: MIT
# Sourced by ./demo and ./check: from a bare Debian to a built program. What it
# does is said on stderr, so that standard output stays the program's.

build_packages=(gcc libc6-dev make autoconf automake pkgconf
	librdkafka-dev libncurses-dev libconfig-dev libjansson-dev libssl-dev zlib1g-dev uthash-dev
	libsnappy-dev libzstd-dev libbz2-dev liblzma-dev libmicrohttpd-dev libsqlite3-dev libcurl4-openssl-dev)

say() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die() {
	say "$*"
	exit 1
}

# quietly COMMAND...: what it says is shown only when it fails.
quietly() {
	local said

	said=$("$@" 2>&1 < /dev/null) || {
		printf '%s\n' "$said" >&2
		return 1
	}
}

is_installed() {
	[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# need_packages NAME...: installs those that are missing, and nothing when none is.
need_packages() {
	local missing=() name

	command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
		die "this is no Debian: install what its packages $* hold, then autoreconf -i && ./configure && make"
	for name; do
		is_installed "$name" || missing+=("$name")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	[ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
		die "packages are missing and there is neither root nor sudo: apt-get install ${missing[*]}"
	say "installing ${missing[*]}"
	quietly as_root apt-get update -q || die "apt-get update failed"
	quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" ||
		die "apt-get could not install them"
}

# need_configure: ./configure, made once; make keeps it up to date from then on.
need_configure() {
	[ -e configure ] && [ -e Makefile.in ] && return
	say "autoreconf -i"
	quietly autoreconf -i
}

# configure_in DIR OPTION...: a build folder, configured when it is new or its options are.
configure_in() {
	local top=$PWD dir=$1

	shift
	[ ! -e "$dir/Makefile" ] || [ "$(cat "$dir/configured-with" 2>/dev/null)" != "$*" ] || return 0
	say "configure in $dir"
	[ ! -e "$dir/Makefile" ] || quietly make -C "$dir" clean || return 1
	mkdir -p "$dir" && (cd "$dir" && quietly "$top/configure" -q "$@") && echo "$*" > "$dir/configured-with"
}
