#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A TCP proxy on loopback that harms what it forwards: proxy.py LISTEN:TARGET...

Commands are lines of standard input, each good until the next:
  pass          all is forwarded
  cut           every connection is closed now; later ones live
  slow N        N bytes a second for each connection and direction
  halve         of one piece in 25 only the first half arrives, then the connection is closed
  corrupt       in one piece in 25 a byte is another
  end           it ends, and says on standard output how often it did harm
"""
import asyncio
import random
import sys

state = {"mode": "pass", "rate": 0, "faults": 0}
writers = set()
chance = random.Random(1)


def harmed():
    state["faults"] += 1


async def forward(reader, writer, other):
    while data := await reader.read(65536):
        mode, unlucky = state["mode"], chance.random() < 0.04
        if mode == "slow":
            await asyncio.sleep(len(data) / state["rate"])
        elif mode == "halve" and unlucky:
            harmed()
            writer.write(data[: len(data) // 2])
            break
        elif mode == "corrupt" and unlucky:
            harmed()
            at = chance.randrange(len(data))
            data = data[:at] + bytes([data[at] ^ chance.randrange(1, 256)]) + data[at + 1:]
        writer.write(data)
        await writer.drain()


async def pump(reader, writer, other):
    try:
        await forward(reader, writer, other)
    except (ConnectionError, OSError):
        pass
    for end in (writer, other):
        writers.discard(end)
        end.close()


def connected(target):
    async def serve(reader, writer):
        try:
            there, to = await asyncio.open_connection("127.0.0.1", target)
        except OSError:
            writer.close()
            return
        writers.update((writer, to))
        await asyncio.gather(pump(reader, to, writer), pump(there, writer, to))
    return serve


def obey(words):
    state["mode"] = words[0]
    if words[0] == "cut":
        for writer in list(writers):
            harmed()
            writer.transport.abort()
        state["mode"] = "pass"
    elif words[0] == "slow":
        state["rate"] = int(words[1])
        harmed()


async def main():
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    for pair in sys.argv[1:]:
        listen, target = map(int, pair.split(":"))
        await asyncio.start_server(connected(target), "127.0.0.1", listen)
    print("ready", flush=True)
    while (line := await lines.readline()) and line != b"end\n":
        obey(line.decode().split())
    print(state["faults"], flush=True)


asyncio.run(main())
