#!/usr/bin/env python3
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""read_meta.py MODEL|default [LAUNCH]: prints the quality of every frame.

LAUNCH is what gives the video, in gst-launch syntax; a test picture where it
is left out. Needs the packages python3-gi and gir1.2-gstreamer-1.0, and
nothing of graphiqa but the plugin.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402


def print_frame(_pad, info):
    buffer = info.get_buffer()
    meta = buffer.get_custom_meta("GraphiqaMeta")
    if meta is None:
        return Gst.PadProbeReturn.OK
    quality = meta.get_structure()
    line = "%8.3f s  %-7s %-6s" % (buffer.pts / Gst.SECOND,
                                  quality.get_string("state"),
                                  quality.get_string("picture"))
    # A field that is not known is absent.
    known, score = quality.get_double("score")
    if known:
        line += "  score %5.1f" % score
    distortion = quality.get_string("distortion")
    if distortion is not None:
        line += "  %s (%.0f %%)" % (
            distortion, 100 * quality.get_double("confidence")[1])
    print(line)
    return Gst.PadProbeReturn.OK


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: read_meta.py MODEL|default [LAUNCH]")
    Gst.init(None)
    source = sys.argv[2] if len(sys.argv) > 2 else "videotestsrc num-buffers=5"
    pipeline = Gst.parse_launch(source + " ! graphiqa name=scorer ! fakesink")
    scorer = pipeline.get_by_name("scorer")
    if sys.argv[1] != "default":
        scorer.set_property("model-file", sys.argv[1])
    scorer.get_static_pad("src").add_probe(Gst.PadProbeType.BUFFER, print_frame)
    pipeline.set_state(Gst.State.PLAYING)
    message = pipeline.get_bus().timed_pop_filtered(
        Gst.CLOCK_TIME_NONE, Gst.MessageType.EOS | Gst.MessageType.ERROR)
    pipeline.set_state(Gst.State.NULL)
    if message.type == Gst.MessageType.ERROR:
        error, _debug = message.parse_error()
        sys.exit("%s: %s" % (message.src.get_name(), error.message))


if __name__ == "__main__":
    main()
