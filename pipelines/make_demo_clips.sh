#!/bin/sh
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
#
# Makes the three demo clips: one cut of a film, encoded as H.264 at a good, a
# middling and a poor rate. The encoder works in one thread; even so the bytes of
# the clips differ by less than one per cent from run to run.
#
# usage: make_demo_clips.sh FILM OUTPUT_FOLDER
set -eu
[ $# -eq 2 ] || {
  echo "usage: $0 FILM OUTPUT_FOLDER" >&2
  exit 2
}
film=$(realpath "$1")
folder=$2
frames=100 # 4 s at 25 frames per second
size=width=640,height=360,pixel-aspect-ratio=1/1
mkdir -p "$folder"

encode() { # name kbit/s
  gst-launch-1.0 -q filesrc location="$film" ! decodebin ! \
    video/x-raw ! videoconvert ! videoscale method=lanczos ! \
    "video/x-raw,format=I420,$size" ! identity eos-after=$frames ! \
    x264enc bitrate="$2" threads=1 speed-preset=slow key-int-max=50 \
    vbv-buf-capacity=1000 ! video/x-h264,profile=high ! h264parse ! \
    mp4mux faststart=true ! filesink location="$folder/$1.mp4"
  echo "$folder/$1.mp4: $(wc -c <"$folder/$1.mp4") bytes"
}

encode bunny-high 1800
encode bunny-mid 110
encode bunny-low 40
