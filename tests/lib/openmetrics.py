# SPDX-License-Identifier: MIT
"""A strict reading of an OpenMetrics page on standard input: what the form
forbids ends it with a sentence and status 1; else each sample is printed as a
line NAME LABELS VALUE, the labels as JSON."""
import json
import re
import sys

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{((?:{LABEL})(?:,{LABEL})*)?\}})? (-?[0-9.]+(?:e[+-]?[0-9]+)?|NaN|[+-]Inf)\Z")
SUFFIXES = {"counter": ("_total", "_created"), "gauge": ("",), "unknown": ("",)}


def fail(line, why):
    sys.exit(f"line {line}: {why}")


def parse(text):
    if not text.endswith("# EOF\n"):
        fail(text.count("\n"), "the page does not end with # EOF")
    family, kind, done, seen, described = None, None, set(), set(), {}
    for number, line in enumerate(text[:-len("# EOF\n")].split("\n")[:-1], 1):
        meta = re.match(rf"# (HELP|TYPE|UNIT) ({NAME}) (.+)\Z", line)
        if meta:
            word, name, rest = meta.groups()
            if name != family:
                if name in done:
                    fail(number, f"{name} is interleaved with others")
                done.add(name)
                family, kind = name, "unknown"
            if (name, word) in described:
                fail(number, f"{word} of {name} stands twice")
            described[name, word] = rest
            if word == "TYPE":
                if rest not in SUFFIXES:
                    fail(number, f"type {rest} is not known")
                kind = rest
            continue
        sample = SAMPLE.match(line)
        if not sample:
            fail(number, f"no sample: {line!r}")
        name, labels = sample.group(1), dict(re.findall(LABEL, sample.group(2) or ""))
        if family is None or name not in [family + suffix for suffix in SUFFIXES[kind]]:
            fail(number, f"{name} does not belong to {family}, a {kind}")
        key = (name, tuple(sorted(labels.items())))
        if key in seen:
            fail(number, f"{key} stands twice")
        seen.add(key)
        value = float(sample.groups()[-1])
        if kind == "counter" and not value >= 0:
            fail(number, "a counter below 0")
        print(name, json.dumps(labels, sort_keys=True), sample.groups()[-1])


parse(sys.stdin.buffer.read().decode("utf-8"))
