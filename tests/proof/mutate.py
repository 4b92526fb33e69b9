#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mutate.py SEED FROM TO: a copy of a file with up to eight faults at random places, the same for the same seed."""
import random
import sys

seed, source, target = int(sys.argv[1]), sys.argv[2], sys.argv[3]
chance = random.Random(seed)
with open(source, "rb") as file:
    data = bytearray(file.read())
for _ in range(chance.randint(1, 8)):
    at = chance.randrange(len(data) or 1)
    size = chance.choice((1, 2, 16, 500))
    kind = chance.randrange(6)
    if kind == 0:
        data[at:at + size] = b""
    elif kind == 1:
        data[at:at] = chance.randbytes(size)
    elif kind == 2:
        data[at:at + size] = chance.randbytes(len(data[at:at + size]))
    elif kind == 3:
        data[at:at] = data[at:at + size]
    elif kind == 4:
        data[at:at + 1] = bytes([chance.choice((0, 1, 0x7f, 0x80, 0xff))])
    elif chance.random() < 0.2:
        del data[at:]
with open(target, "wb") as file:
    file.write(data)
