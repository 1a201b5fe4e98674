#!/usr/bin/env python3
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""Gives bad models and pictures to the programs and to the element.

Prints a Markdown table of what each says and its exit code. Fails where one
ends by a signal, with an exit code other than the documented one, or without
exactly one line about the error (gst-launch-1.0 adds lines of its own; there
the element's message is taken).

usage: bad_input.py BUILD_FOLDER MODELS_FOLDER
"""

import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import zlib

BUILD = pathlib.Path(sys.argv[1]).resolve()
MODELS = pathlib.Path(sys.argv[2]).resolve()
GOOD_MODEL = MODELS / "tiny.safetensors"
GQ_SCORE = BUILD / "tools/gq_score/gq-score"
GQ_MODEL = BUILD / "tools/gq_model/gq-model"
LAUNCH_STATE_CHANGE_FAILED = 255  # as for any element that cannot start
LAUNCH_STREAM_FAILED = 1  # or the pipeline cannot be linked

failures = []


def run(command, engine=BUILD / "model/libgraphiqa-model.so.0"):
    environment = dict(os.environ, GST_PLUGIN_PATH=str(BUILD / "gst"),
                       GRAPHIQA_ENGINE=str(engine),
                       GST_REGISTRY=os.path.join(WORK, "registry.bin"))
    return subprocess.run(command, cwd=WORK, env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=120, check=False)


def shorten(text):
    for folder, name in ((str(MODELS), "MODELS"), (str(WORK), ".")):
        text = text.replace(folder, name)
    text = re.sub(r"([0-9a-f]{8})[0-9a-f]{56}", r"\1…", text)
    return text.replace("|", "\\|")


def row(what, program, code, wanted, message):
    print(f"| {what} | {program} | {code} | {shorten(message)} |")
    if code != wanted:
        failures.append(f"{what}, {program}: exit code {code}, not {wanted}")
    if code != 0 and not message:
        failures.append(f"{what}, {program}: no message")


def program(what, name, command, wanted):
    result = run(command)
    lines = [line for line in result.stderr.splitlines() if line.strip()]
    if wanted != 0 and len(lines) != 1:
        failures.append(f"{what}, {name}: {len(lines)} lines: {lines}")
    row(what, name, result.returncode, wanted, lines[0] if lines else "")


def launch(what, description, wanted, **how):
    result = run(["gst-launch-1.0", "-q"] + description.split(), **how)
    said = re.findall(
        r"(?:ERROR: from element \S+:|WARNING: erroneous pipeline:) (.*)",
        result.stderr)
    if wanted != 0 and len(said) != 1:
        failures.append(f"{what}, element: {len(said)} errors: {said}")
    row(what, "element", result.returncode, wanted, said[0] if said else "")


def png(width, height):
    """A grey picture."""
    def chunk(kind, data):
        body = kind + data
        return (struct.pack(">I", len(data)) + body +
                struct.pack(">I", zlib.crc32(body)))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + bytes([100, 150, 200]) * width
                    for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def models():
    (WORK / "picture.png").write_bytes(png(64, 48))
    missing = WORK / "missing.safetensors"
    bad = [("no such model", missing), ("a folder as model", WORK)]
    names = {"empty": "empty model file",
             "corrupt_magic": "something else at the start",
             "huge_header": "header length beyond the file",
             "truncated": "model cut off",
             "foreign": "safetensors of something else",
             "future_version": "format version of the future",
             "missing_tensor": "a tensor is missing",
             "surplus_tensor": "a tensor too many",
             "wrong_shape": "a tensor of another shape",
             "wrong_sizes": "sizes that do not fit",
             "wrong_hash": "data changed afterwards",
             "nan_weights": "weights are NaN",
             "negative_variance": "a variance below zero"}
    for name, what in names.items():
        bad.append((what, MODELS / (name + ".safetensors")))
    for what, path in bad:
        program(what, "gq-score", [GQ_SCORE, "--model", path, "picture.png"], 1)
        program(what, "gq-model verify", [GQ_MODEL, "verify", path], 1)
        launch(what, "videotestsrc num-buffers=1 ! graphiqa model-file="
               f"{path} ! fakesink", LAUNCH_STATE_CHANGE_FAILED)


def files():
    whole = png(64, 48)
    (WORK / "empty.png").write_bytes(b"")
    (WORK / "cut.png").write_bytes(whole[:len(whole) // 2])
    (WORK / "text.png").write_bytes(b"this is not a picture\n")
    (WORK / "text.mp4").write_bytes(b"this is not a video\n")
    (WORK / "dot.png").write_bytes(png(1, 1))
    (WORK / "nothing").mkdir()
    for what, name in (("no such file", "missing.png"),
                       ("empty picture", "empty.png"),
                       ("picture cut off", "cut.png"),
                       ("text called .png", "text.png"),
                       ("text called .mp4", "text.mp4"),
                       ("folder without pictures", "nothing"),
                       ("address that is none", "foo://bar")):
        program(what, "gq-score", [GQ_SCORE, "--model", GOOD_MODEL, name], 1)
    program("picture of 1x1", "gq-score",
            [GQ_SCORE, "--model", GOOD_MODEL, "dot.png"], 0)
    program("option that is not there", "gq-score", [GQ_SCORE, "--modell"], 2)
    program("no file named", "gq-score", [GQ_SCORE], 2)


def videos():
    good = f"graphiqa model-file={GOOD_MODEL} ! fakesink"
    sizes = ((1, LAUNCH_STREAM_FAILED), (15, LAUNCH_STREAM_FAILED), (16, 0))
    for size, wanted in sizes:
        launch(f"video of {size}x{size}",
               "videotestsrc num-buffers=3 ! "
               f"video/x-raw,width={size},height={size} ! {good}", wanted)
    launch("size changes in mid-stream",
           f"concat name=c ! {good} videotestsrc num-buffers=3 ! "
           "video/x-raw,format=I420,width=320,height=240 ! c. "
           "videotestsrc num-buffers=3 ! "
           "video/x-raw,format=I420,width=64,height=64 ! c.", 0)
    launch("format changes in mid-stream",
           f"concat name=c ! {good} videotestsrc num-buffers=3 ! "
           "video/x-raw,format=NV12,width=320,height=240 ! c. "
           "videotestsrc num-buffers=3 ! "
           "video/x-raw,format=RGB,width=320,height=240 ! c.", 0)
    launch("CUDA asked for where there is none",
           "videotestsrc num-buffers=1 ! graphiqa device=cuda model-file="
           f"{GOOD_MODEL} ! fakesink", LAUNCH_STATE_CHANGE_FAILED)
    launch("engine library (LibTorch) out of reach",
           "videotestsrc num-buffers=1 ! graphiqa model-file="
           f"{GOOD_MODEL} ! fakesink", LAUNCH_STATE_CHANGE_FAILED,
           engine=WORK / "no-engine.so")
    launch("fp16 on the CPU",
           "videotestsrc num-buffers=1 ! graphiqa device=cpu precision=fp16 "
           f"model-file={GOOD_MODEL} ! fakesink", LAUNCH_STATE_CHANGE_FAILED)


with tempfile.TemporaryDirectory() as folder:
    WORK = pathlib.Path(folder)
    print("| input | given to | exit code | message |")
    print("| --- | --- | --- | --- |")
    models()
    files()
    videos()

for failure in failures:
    print("FAILED:", failure, file=sys.stderr)
sys.exit(1 if failures else 0)
