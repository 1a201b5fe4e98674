#!/bin/sh
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
#
# Runs a launch file and checks that it ends well and gives as many scored
# frames as its line "# scores: [at least] N" says.
#
# usage: run_launch.sh FILE.launch, in the top folder of the repository
set -u
file=$1
log=$(mktemp)
trap 'rm -f "$log"' EXIT
fail() {
  echo "$file: $1"
  tail -n 40 "$log"
  exit 1
}

expected=$(sed -n 's/^# scores: //p' "$file")
number=${expected#at least }
case $number in
  '' | *[!0-9]*) fail "no line '# scores: N'" ;;
esac
timeout 300 sh "$file" >"$log" 2>&1 || fail "exit code $?"
grep -q '^Got EOS' "$log" || fail "no end of stream"
grep -E 'CRITICAL|\bERROR' "$log" && fail "complaints"
scored=$(grep -c 'graphiqa, .*state=(string)fresh.*score=(double)' "$log")
case $expected in
  'at least '*) [ "$scored" -ge "$number" ] ;;
  *) [ "$scored" -eq "$number" ] ;;
esac || fail "$scored scored frames, expected $expected"
echo "$file: $scored scored frames"
