#!/usr/bin/env bash
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
#
# Scores the same pictures through gq-score, through the element in five
# formats and through gq-trainer evaluate, prints a Markdown table, and fails
# where scores differ from gq-score's by more than 0.1 (RGB, trainer) or 1.0
# (YUV).
#
# usage: consistency.sh BUILD_FOLDER MODEL PICTURE.png…
set -eu
build=$(realpath "$1")
model=$(realpath "$2")
shift 2
export GST_PLUGIN_PATH=$build/gst
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The element's score of a picture in a format.
element() {
  gst-launch-1.0 -m filesrc location="$1" ! pngdec ! videoconvert ! \
    "video/x-raw,format=$2" ! graphiqa model-file="$model" device=cpu \
    precision=fp32 message=true ! fakesink |
    sed -n 's/.*(element): graphiqa, .*score=(double)\([^,;]*\)[,;].*/\1/p' |
    head -n 1
}

echo 'image,mos' >"$work/list.csv"
for picture in "$@"; do
  cp "$picture" "$work/"
  echo "$(basename "$picture"),0.5" >>"$work/list.csv"
done
"$build/tools/gq_score/gq-score" --model "$model" --device cpu \
  --precision fp32 --format csv "$work"/*.png | tail -n +2 |
  awk -F, -v OFS=, '{ n = split($1, p, "/"); print p[n], $4 }' | sort \
  >"$work/score.csv"
"$build/trainer/gq-trainer" evaluate --dataset csv --data "$work/list.csv" --mos-range 0,1 \
  --ckpt "$model" --device cpu --csv "$work/trainer.csv" >/dev/null
tail -n +2 "$work/trainer.csv" |
  awk -F, -v OFS=, '{ n = split($1, p, "/"); print p[n], $3 }' | sort \
  >"$work/evaluate.csv"

formats=(RGB BGRx NV12 I420 P010_10LE)
printf '| picture | gq-score | evaluate'
printf ' | %s' "${formats[@]}"
echo ' |'
echo '| --- | --- | --- | --- | --- | --- | --- | --- |'
join -t, "$work/score.csv" "$work/evaluate.csv" |
  while IFS=, read -r name score evaluate; do
    row="$name $score $evaluate"
    for format in "${formats[@]}"; do
      row+=" $(element "$work/$name" "$format")"
    done
    echo "$row"
  done >"$work/rows"
[ "$(wc -l <"$work/rows")" -eq $# ] || { echo "pictures are missing"; exit 1; }
awk '
  function off(i) { d = $i - $2; return d < 0 ? -d : d }
  {
    if (NF != 8) { bad = 1 }
    printf "| %s | %.2f", $1, $2
    for (i = 3; i <= 8; ++i) {
      printf " | %.2f", $i
      if (off(i) > worst[i]) worst[i] = off(i)
    }
    print " |"
  }
  END {
    printf "| **largest difference** | –"
    for (i = 3; i <= 8; ++i) {
      printf " | %.3f", worst[i]
      if (worst[i] > (i <= 5 ? 0.1 : 1.0)) bad = 1
    }
    print " |"
    exit bad
  }' "$work/rows"
