#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the table of src/codec/printable.c: where str.isprintable() changes its mind."""
import sys
import unicodedata

edges = [c for c in range(1, sys.maxunicode + 1) if chr(c).isprintable() != chr(c - 1).isprintable()]
print(f"/* Unicode {unicodedata.unidata_version}, as Python {sys.version_info[0]}.{sys.version_info[1]} has it. */")
for i in range(0, len(edges), 12):
    print("\t" + " ".join(f"0x{c:x}," for c in edges[i:i + 12]))
