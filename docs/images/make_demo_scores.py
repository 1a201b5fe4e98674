#!/usr/bin/env python3
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
"""Draws docs/images/demo-scores.png: a frame of each demo clip and the score
of every frame. Needs matplotlib, gst-launch-1.0 and a built gq-score:

    docs/images/make_demo_scores.py build/tools/gq_score/gq-score
"""
import csv
import io
import pathlib
import subprocess
import sys
import tempfile

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

CLIPS = [("bunny-high.mp4", "1800 kbit/s", "#0072B2"),
         ("bunny-mid.mp4", "110 kbit/s", "#E69F00"),
         ("bunny-low.mp4", "40 kbit/s", "#D55E00")]
FOLDER = pathlib.Path(__file__).resolve().parents[2] / "pipelines/clips"
FRAME = 60


def scores(program, clip):
    text = subprocess.run(
        [program, "--per-frame", "--format", "csv", str(clip)],
        check=True, capture_output=True, text=True).stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    return ([float(r["pts_s"]) for r in rows],
            [float(r["score"]) for r in rows],
            [float(r["uncertainty"]) for r in rows])


def frame(clip):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["gst-launch-1.0", "-q", "filesrc", f"location={clip}", "!",
             "decodebin", "!", "videoconvert", "!", "pngenc", "!",
             "multifilesink", f"location={folder}/%03d.png"],
            check=True)
        return plt.imread(f"{folder}/{FRAME:03d}.png")


def main():
    figure = plt.figure(figsize=(11, 5.6), dpi=110)
    grid = figure.add_gridspec(2, 3, height_ratios=[1, 1.25], hspace=0.25,
                               wspace=0.05)
    curve = figure.add_subplot(grid[1, :])
    for column, (name, rate, colour) in enumerate(CLIPS):
        times, values, spread = scores(sys.argv[1], FOLDER / name)
        mean = sum(values) / len(values)
        picture = figure.add_subplot(grid[0, column])
        picture.imshow(frame(FOLDER / name)[60:260, 180:500])
        picture.set_axis_off()
        picture.set_title(f"{rate}: score {mean:.0f}", color=colour,
                          fontweight="bold")
        curve.plot(times, values, color=colour, linewidth=2,
                   label=f"H.264 {rate}")
        curve.fill_between(times, [v - s for v, s in zip(values, spread)],
                           [v + s for v, s in zip(values, spread)],
                           color=colour, alpha=0.15, linewidth=0)
    curve.set_xlabel("time in s")
    curve.set_ylabel("score, 0–100 (band: uncertainty)")
    curve.legend(loc="lower left", ncols=3)
    curve.grid(alpha=0.3)
    curve.set_ylim(0, 100)
    figure.savefig(pathlib.Path(__file__).with_name("demo-scores.png"),
                   bbox_inches="tight")


if __name__ == "__main__":
    main()
