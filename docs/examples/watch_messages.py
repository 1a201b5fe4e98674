#!/usr/bin/env python3
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""watch_messages.py MODEL|default [LAUNCH]: one JSON line per scored frame.

An application that only watches the bus: `message=true` makes the element post
each result, so that no pad has to be probed.
"""

import json
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402


def fields(structure):
    """The plain fields of a message; lists stay out."""
    result = {}
    for index in range(structure.n_fields()):
        name = structure.nth_field_name(index)
        if name not in ("probabilities", "heatmap"):
            result[name] = structure.get_value(name)
    return result


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: watch_messages.py MODEL|default [LAUNCH]")
    Gst.init(None)
    source = sys.argv[2] if len(sys.argv) > 2 else "videotestsrc num-buffers=5"
    pipeline = Gst.parse_launch(
        source + " ! graphiqa name=scorer message=true ! fakesink")
    if sys.argv[1] != "default":
        pipeline.get_by_name("scorer").set_property("model-file", sys.argv[1])
    pipeline.set_state(Gst.State.PLAYING)
    wanted = (Gst.MessageType.EOS | Gst.MessageType.ERROR |
              Gst.MessageType.ELEMENT)
    while True:
        message = pipeline.get_bus().timed_pop_filtered(
            Gst.CLOCK_TIME_NONE, wanted)
        structure = message.get_structure()
        if message.type == Gst.MessageType.ELEMENT:
            if structure.get_name() == "graphiqa":
                print(json.dumps(fields(structure)))
            continue
        break
    pipeline.set_state(Gst.State.NULL)
    if message.type == Gst.MessageType.ERROR:
        error, _debug = message.parse_error()
        sys.exit("%s: %s" % (message.src.get_name(), error.message))


if __name__ == "__main__":
    main()
