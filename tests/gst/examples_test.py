#!/usr/bin/env python3
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""examples_test.py PROGRAM...: runs an example and checks what it prints.

Skipped (77) where an example in Python finds no bindings.
"""

import os
import subprocess
import sys


def run(*words):
    return subprocess.run(list(words), capture_output=True, text=True,
                          check=False)


def main():
    program = sys.argv[1:]
    if program[0].endswith("python3"):
        # The system's Python has the bindings, whatever comes first in PATH.
        if os.access("/usr/bin/python3", os.X_OK):
            program[0] = "/usr/bin/python3"
        bindings = run(program[0], "-c", "import gi; "
                       "gi.require_version('Gst', '1.0'); "
                       "from gi.repository import Gst")
        if bindings.returncode != 0:
            print("no GStreamer bindings: " + bindings.stderr)
            sys.exit(77)
    good = run(*program, "fake:heads", "videotestsrc num-buffers=4 ! "
               "video/x-raw,framerate=10/1")
    print(good.stdout, good.stderr)
    lines = good.stdout.splitlines()
    if good.returncode != 0 or len(lines) != 4:
        sys.exit("4 lines and exit status 0 wanted")
    for line in lines:
        for part in ("fresh", "normal", "score", "jpeg"):
            if part not in line:
                sys.exit("%r does not tell %s" % (line, part))
    bad = run(*program, "/no/such/model")
    if bad.returncode != 1 or "/no/such/model" not in bad.stderr:
        sys.exit("a missing model wants exit status 1 and its name: "
                 + bad.stderr)
    if run(*program).returncode == 0:
        sys.exit("no arguments want an exit status")


if __name__ == "__main__":
    main()
