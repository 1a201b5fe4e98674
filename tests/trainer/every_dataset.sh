#!/usr/bin/env bash
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
#
# Every data set of the table, as a small made-up copy: those with ratings are
# finetuned on and evaluated, the others pretrained on and refused by finetune.
# Usage: every_dataset.sh GQ_TRAINER MAKE_DATASET_TREE
set -euo pipefail
trainer=$1
make_tree=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Types that evaluate must measure alone.
types_of() {
  case $1 in
    live) echo jp2k jpeg wn gblur fastfading ;;
    csiq) echo AWGN JPEG jpeg2000 contrast ;;
    tid2013) echo 01 08 24 ;;
    kadid10k) echo 01 10 25 ;;
    csv) echo jpeg ;;
  esac
}

train() {
  "$trainer" finetune "$@" --out "$work/run" --view-size 64 --views native:1 \
    --node-size 16 --edge-size 8 --head-epochs 1 --head-draws 1 --epochs 1 \
    --bs 8 --threads 1 --val-fraction 0.25 2>"$work/log" ||
    { cat "$work/log" >&2; fail "finetune $*"; }
}

rated=0
unrated=0
for name in $("$make_tree"); do
  rm -rf "$work/data" "$work/run"
  "$make_tree" "$name" "$work/data"
  data=(--dataset "$name" --data "$work/data")
  [ "$name" = csv ] &&
    data=(--dataset csv --data "$work/data/list.csv" --mos-range 0,10)
  case $name in
    kadid-P | kadis-P | online)
      if "$trainer" finetune "${data[@]}" --out "$work/run" 2>"$work/log"; then
        fail "$name: trained on pictures without a rating"
      fi
      grep -q "data set $name has pictures without a rating" "$work/log" ||
        { cat "$work/log" >&2; fail "$name: another message"; }
      rm -rf "$work/run"
      "$trainer" pretrain "${data[@]}" --out "$work/run" --view-size 64 \
        --views native:1 --node-size 16 --edge-size 8 --tasks 2 --bs 1 \
        --steps 2 --epochs 1 --threads 1 --val-fraction 0.25 --val-tasks 8 \
        2>"$work/log" || { cat "$work/log" >&2; fail "pretrain $name"; }
      unrated=$((unrated + 1))
      continue
      ;;
  esac
  train "${data[@]}"
  "$trainer" evaluate "${data[@]}" --ckpt "$work/run/best.safetensors" \
    --device cpu --splits 3 >"$work/table"
  for row in $(types_of "$name") "$name," median lowest highest; do
    grep -q "^$row " "$work/table" ||
      { cat "$work/table" >&2; fail "$name: no row '$row'"; }
  done
  rated=$((rated + 1))
done
echo "$rated data sets finetuned and evaluated, $unrated pretrained"
[ "$rated" -eq 10 ] && [ "$unrated" -eq 3 ]
