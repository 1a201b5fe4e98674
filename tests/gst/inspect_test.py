#!/usr/bin/env python3
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""inspect_test.py ELEMENT GOLDEN: what gst-inspect-1.0 says about an element.

Compares with the golden text (INSPECT_UPDATE=1 writes it anew), with the
engine out of reach; measures the time; and checks what gst-launch-1.0 says of
graphiqa without an engine.
"""

import os
import re
import resource
import subprocess
import sys


def inspect(element):
    return subprocess.run(["gst-inspect-1.0", "--no-colors", element],
                          capture_output=True, text=True, check=True).stdout


def processor_time():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def stable(text):
    """Drops what depends on the machine and on GStreamer's version."""
    text = re.sub(r"(Filename +).*", r"\1-", text)
    text = re.sub(r"(Version +).*", r"\1-", text)
    lines = [line.rstrip() for line in text.splitlines()]
    return "\n".join(line for line in lines if line) + "\n"


def main():
    element, golden = sys.argv[1:]
    os.environ["GRAPHIQA_ENGINE"] = "/nonexistent/libgraphiqa-model.so.0"
    found = stable(inspect(element))
    if os.environ.get("INSPECT_UPDATE"):
        with open(golden, "w", encoding="utf-8") as out:
            out.write(found)
    with open(golden, encoding="utf-8") as text:
        wanted = text.read()
    version = subprocess.run(["gst-inspect-1.0", "--version"],
                             capture_output=True, text=True,
                             check=True).stdout
    # Other versions of gst-inspect-1.0 lay the same facts out differently.
    if "GStreamer 1.22." not in version:
        print("text not compared: it is of GStreamer 1.22, this is " + version)
    elif found != wanted:
        print(found)
        sys.exit("gst-inspect-1.0 says something else than " + golden)
    # Processor time: waiting for a busy machine is not the element's doing.
    times = []
    for _ in range(5):
        begin = processor_time()
        inspect(element)
        times.append(processor_time() - begin)
    print("gst-inspect-1.0 %s: %.3f s (best of 5)" % (element, min(times)))
    if min(times) >= 0.2:
        sys.exit("gst-inspect-1.0 %s takes 0.2 s or more" % element)
    if element == "graphiqa":
        launch_without_engine(golden)


def launch_without_engine(golden):
    launch = subprocess.run(
        ["gst-launch-1.0", "videotestsrc", "num-buffers=1", "!", "graphiqa",
         "model-file=" + golden, "!", "fakesink"],
        capture_output=True, text=True, check=False)
    errors = [line for line in launch.stderr.splitlines()
              if line.startswith("ERROR: from element")]
    print(launch.stderr)
    # A state change that fails is 255 to gst-launch-1.0, whatever the element.
    if launch.returncode in (0, 77) or len(errors) != 1:
        sys.exit("one clear error wanted, exit status %d" % launch.returncode)
    for part in ("engine cannot be loaded", "LibTorch", "GRAPHIQA_ENGINE"):
        if part not in errors[0]:
            sys.exit("the error does not say " + part)


if __name__ == "__main__":
    main()
