#!/usr/bin/env python3
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""Measures the memory of a process that scores many frames, changes state many
times and has many elements, with a real model, and prints Markdown tables.

usage: GST_PLUGIN_PATH=build/gst memory.py MODEL [--frames N] [--cycles N]
       [--elements N] [--width W] [--height H]

0 leaves a part out.
"""

import argparse
import ctypes
import pathlib
import sys
import time

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

ROWS = 10


def resident_mib():
    """Without what the allocator keeps for later: that is no leak."""
    ctypes.CDLL(None).malloc_trim(0)
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def threads():
    return len(list(pathlib.Path("/proc/self/task").iterdir()))


def row(*cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def head(first):
    row(first, "resident MiB", "threads")
    row("---", "---", "---")


def measure_frames(options):
    pipeline = Gst.parse_launch(
        f"videotestsrc pattern=ball num-buffers={options.frames} ! "
        f"video/x-raw,format=NV12,width={options.width},"
        f"height={options.height} ! graphiqa model-file={options.model} ! "
        "fakesink name=sink sync=false")
    count = 0

    def count_frame(_pad, _info):
        nonlocal count
        count += 1
        if count % (options.frames // ROWS) == 0:
            row(str(count), f"{resident_mib():.1f}", str(threads()))
        return Gst.PadProbeReturn.OK

    pad = pipeline.get_by_name("sink").get_static_pad("sink")
    pad.add_probe(Gst.PadProbeType.BUFFER, count_frame)
    head("frames")
    pipeline.set_state(Gst.State.PLAYING)
    message = pipeline.get_bus().timed_pop_filtered(
        Gst.CLOCK_TIME_NONE, Gst.MessageType.EOS | Gst.MessageType.ERROR)
    pipeline.set_state(Gst.State.NULL)
    if message.type == Gst.MessageType.ERROR:
        sys.exit(message.parse_error()[0].message)


def measure_cycles(options):
    pipeline = Gst.parse_launch(
        "videotestsrc num-buffers=2 ! "
        f"video/x-raw,width={options.width},height={options.height} ! "
        f"graphiqa model-file={options.model} ! fakesink")
    head("times up and down")
    for cycle in range(1, options.cycles + 1):
        pipeline.set_state(Gst.State.PLAYING)
        pipeline.get_state(Gst.CLOCK_TIME_NONE)
        pipeline.set_state(Gst.State.NULL)
        if cycle == 1 or cycle % (options.cycles // ROWS) == 0:
            row(str(cycle), f"{resident_mib():.1f}", str(threads()))


def play(options, element):
    """A pipeline that has scored its first frame."""
    pipeline = Gst.parse_launch(
        "videotestsrc is-live=true pattern=ball ! "
        f"video/x-raw,format=NV12,width={options.width},"
        f"height={options.height},framerate=2/1 ! {element} name=element ! "
        "fakesink name=sink sync=false")
    begin = time.monotonic()
    pipeline.get_by_name("element").set_state(Gst.State.READY)
    opened = time.monotonic() - begin
    pipeline.set_state(Gst.State.PLAYING)
    return pipeline, opened


def measure_elements(options):
    """What an element more costs, less what its pipeline costs without it."""
    grown = {}
    slowest = 0
    for element in ("identity",
                    f"graphiqa mode=live model-file={options.model}"):
        pipelines = [play(options, element)[0]]
        time.sleep(3)
        before = resident_mib()
        for _ in range(options.elements - 1):
            pipeline, opened = play(options, element)
            pipelines.append(pipeline)
            if element != "identity":
                slowest = max(slowest, opened)
        time.sleep(3)
        grown[element] = resident_mib() - before
        if element != "identity":
            print(f"threads with all: {threads()}\n")
        for pipeline in pipelines:
            pipeline.set_state(Gst.State.NULL)
    row("elements", "MiB per element more", "of that its pipeline",
        "slowest opening, ms")
    row("---", "---", "---", "---")
    without, with_it = (value / (options.elements - 1)
                        for value in grown.values())
    row(str(options.elements), f"{with_it:.2f}", f"{without:.2f}",
        f"{slowest * 1000:.1f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--frames", type=int, default=10000)
    parser.add_argument("--cycles", type=int, default=100)
    parser.add_argument("--elements", type=int, default=64)
    parser.add_argument("--width", type=int, default=640)
    parser.add_argument("--height", type=int, default=360)
    options = parser.parse_args()
    Gst.init(None)
    for count, measure in ((options.elements, measure_elements),
                           (options.frames, measure_frames),
                           (options.cycles, measure_cycles)):
        if count > 0:
            measure(options)
            print()


main()
