#!/bin/sh
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
#
# With the default model the mean score of the demo clips falls with their
# rate, by at least two points each time.
#
# usage: demo_clips.sh GQ_SCORE MODEL CLIPS_FOLDER
set -eu
"$1" --model "$2" --device cpu --interval 20 --summary --format csv \
  "$3/bunny-high.mp4" "$3/bunny-mid.mp4" "$3/bunny-low.mp4" |
  awk -F, '
    { print }
    NR > 1 { score[NR - 1] = $4 }
    END { exit !(NR == 4 && score[1] > score[2] + 2 && score[2] > score[3] + 2) }'

# Found through PATH, from elsewhere, it finds its engine and default model.
folder=$(cd "$(dirname "$1")" && pwd)
cd "$3"
PATH=$folder:$PATH GRAPHIQA_MODEL='' "$(basename "$1")" --device cpu \
  --interval 100 bunny-low.mp4
