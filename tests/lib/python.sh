# SPDX-License-Identifier: MIT
# Sourced: the course's libraries, of which Debian lacks one; fetched by pip, once, into the user's cache.
python=${XDG_CACHE_HOME:-$HOME/.cache}/exptop/python/bin/python

# $python has confluent_kafka and fastavro; false where pip cannot fetch them.
need_python() {
	local venv=${python%/bin/python}

	"$python" -c 'import confluent_kafka, fastavro' && return
	python3 -m venv "$venv" && "$venv/bin/pip" install -q confluent-kafka fastavro
} > /dev/null 2>&1
