#!/usr/bin/env bash
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
#
# Scores an archive with gq-score, one part per task of a job array.
#
#   sbatch gq-score-archive.sh /archive /results [OPTION of gq-score]…
#
# The number of parts is that of the array, which has to start at 0.
#SBATCH --job-name=gq-score
#SBATCH --array=0-7
#SBATCH --cpus-per-task=4
#SBATCH --mem=4G
#SBATCH --time=12:00:00
# SIGTERM a minute before the time is up: gq-score then ends in order, and the
# next run of the array goes on from there.
#SBATCH --signal=B:TERM@60
#SBATCH --requeue
set -euo pipefail

if [ $# -lt 2 ]; then
  echo "usage: sbatch $0 ARCHIVE RESULTS [OPTION of gq-score]…" >&2
  exit 2
fi
archive=$1
results=$2
shift 2
part=$SLURM_ARRAY_TASK_ID

mkdir -p "$results"
# exec: Slurm's signals reach gq-score itself.
exec gq-score --shard "$part/$SLURM_ARRAY_TASK_COUNT" --resume \
  --output "$results/scores-$part.csv" --html "$results/report-$part.html" \
  --jobs "${SLURM_CPUS_PER_TASK:-1}" "$@" "$archive"
