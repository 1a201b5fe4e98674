#!/usr/bin/env python3
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""Lets live streams of several sizes and formats join and leave one process for
a long time, with a real model, and prints what it needs as a Markdown table.

usage: GST_PLUGIN_PATH=build/gst soak.py MODEL [--minutes N] [--streams N]
       [--seed N]

Ends with 1 when a stream failed or did not score, or when the least memory or
the most threads of the last third exceed those of the second.
"""

import argparse
import ctypes
import pathlib
import random
import sys
import time

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

FORMATS = ("NV12", "I420", "P010_10LE", "RGB", "YUY2")
SIZES = ((320, 180), (640, 360), (1280, 720), (96, 64))
PATTERNS = ("ball", "smpte", "snow", "black")
GROWTH_MIB = 4  # of the heap in use
# Of the resident size: what is free lies between what is not, more so for a
# while.
SCATTER_MIB = 24
ROWS = 15


class Heap(ctypes.Structure):
    """struct mallinfo2 of malloc.h"""
    _fields_ = [(name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks",
        "uordblks", "fordblks", "keepcost")]


LIBC = ctypes.CDLL(None)
LIBC.mallinfo2.restype = Heap


def sample(streams, scored):
    heap = LIBC.mallinfo2()
    LIBC.malloc_trim(0)
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[1])
    return {
        "streams": streams,
        "scored": scored,
        "heap": (heap.uordblks + heap.hblkhd) / 2**20,
        "resident": pages * 4096 / 2**20,
        "threads": len(list(pathlib.Path("/proc/self/task").iterdir())),
        "files": len(list(pathlib.Path("/proc/self/fd").iterdir())),
    }


class Stream:
    def __init__(self, model, rng):
        width, height = rng.choice(SIZES)
        self.pipeline = Gst.parse_launch(
            f"videotestsrc is-live=true pattern={rng.choice(PATTERNS)} ! "
            f"video/x-raw,format={rng.choice(FORMATS)},width={width},"
            f"height={height},framerate=25/1 ! graphiqa name=quality mode=live "
            f"max-rate=5/1 model-file={model} ! fakesink sync=false")
        self.pipeline.set_state(Gst.State.PLAYING)
        self.started = time.monotonic()

    def stop(self):
        """@returns frames scored; fails where there were none in time"""
        message = self.pipeline.get_bus().pop_filtered(Gst.MessageType.ERROR)
        if message is not None:
            sys.exit("a stream failed: " + message.parse_error()[0].message)
        stats = self.pipeline.get_by_name("quality").get_property("stats")
        self.pipeline.set_state(Gst.State.NULL)
        scored = stats.get_uint64("frames-scored").value
        if scored == 0 and time.monotonic() - self.started > 20:
            sys.exit("a stream scored nothing in 20 s")
        return scored


def run(options):
    rng = random.Random(options.seed)
    # Keeps the engine open.
    resident = Stream(options.model, rng)
    streams = []
    scored = joined = 0
    samples = []
    end = time.monotonic() + options.minutes * 60
    while time.monotonic() < end:
        if len(streams) < options.streams and (not streams or
                                               rng.random() < 0.5):
            streams.append(Stream(options.model, rng))
            joined += 1
        else:
            scored += streams.pop(rng.randrange(len(streams))).stop()
        time.sleep(rng.uniform(0.5, 3))
        samples.append(sample(len(streams) + 1, scored))
    for stream in [*streams, resident]:
        scored += stream.stop()
    print(f"{joined} streams joined, {scored} frames scored\n")
    return samples


def report(samples):
    columns = ("streams", "scored", "heap", "resident", "threads", "files")
    print("| time | streams | frames scored | heap in use MiB | resident MiB | "
          "threads | files |\n|" + " --- |" * 7)
    step = max(len(samples) // ROWS, 1)
    for i in range(0, len(samples), step):
        cells = [f"{samples[i][c]:.1f}" if c in ("heap", "resident")
                 else str(samples[i][c]) for c in columns]
        print(f"| {i / len(samples):.0%} | " + " | ".join(cells) + " |")


def judge(samples):
    third = len(samples) // 3
    second, last = samples[third:2 * third], samples[2 * third:]
    failed = False
    for name, of, limit in (("heap", min, GROWTH_MIB),
                            ("resident", min, SCATTER_MIB),
                            ("threads", max, 0), ("files", max, 0)):
        before = of(s[name] for s in second)
        after = of(s[name] for s in last)
        print(f"{name}: {before:.1f} in the second third, {after:.1f} in the "
              "last")
        failed = failed or after - before > limit
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--streams", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    Gst.init(None)
    samples = run(options)
    report(samples)
    sys.exit(judge(samples))


main()
