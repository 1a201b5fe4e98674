#!/usr/bin/env bash
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
#
# Rules that a compiler does not check: direction of dependencies, white space,
# licence headers, file length; and the format where clang-format 14, the one of
# Debian 12, is there, since versions differ. Usage: check.sh [PART], PART =
# rules or format: that alone (format then exits with 77 where it cannot look).
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
part=${1:-all}
failed=$(mktemp)
trap 'rm -f "$failed"' EXIT

# complain RULE < lines that break it. At the end of a pipe, so in a process
# of its own: a file carries the verdict.
complain() {
  local found
  found=$(cat)
  [ -z "$found" ] && return
  printf '%s:\n%s\n' "$1" "$found" | tee -a "$failed"
}

# Tracked files where git knows them, else everything outside builds.
files() {
  if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git ls-files -- "$@"
  else
    find . -path ./.deps -prune -o -path './build*' -prune -o -type f -print |
      sed 's|^\./||' | grep -E "$(printf '%s|' "$@" | sed 's/\*/.*/g; s/|$//')\$"
  fi | while read -r file; do [ -f "$file" ] && printf '%s\n' "$file"; done
}

mapfile -t code < <(files '*.cpp' '*.h' '*.cu' '*.cuh' '*.c')
mapfile -t text < <(files '*.cpp' '*.h' '*.cu' '*.cuh' '*.c' '*.build' '*.sh' '*.md' \
  '*.py' '*.launch' | grep -v '^tests/data/')
[ ${#code[@]} -gt 0 ] || { echo "no source files found"; exit 2; }

in_folder() { printf '%s\n' "${code[@]}" | grep -E "^($1)/"; }

check_rules() {
  in_folder model | xargs -r grep -nE '#include [<"](gst/|glib|opencv2|\.\./)' |
    complain "model/ includes only LibTorch, CUDA and itself"
  in_folder 'gst|tools/(common|gq_bench|gq_monitor|gq_score)' | xargs -r grep -nE '#include [<"](torch/|ATen/|c10/)|torch::|at::Tensor' |
    complain "gst/, gq-bench, gq-monitor and gq-score see no torch"
  files '*.cpp' '*.h' '*.cu' '*.cuh' '*.c' '*.build' | python3 tests/style/layers.py |
    complain "model/ <- gst/, trainer/, tools/, which never include each other"
  in_folder 'model|gst|trainer|tools' | xargs -r grep -nE '\b(TODO|FIXME|XXX)\b' |
    grep -vE '(TODO|FIXME)\(#[0-9]+\)' | complain "a TODO carries an issue number"

  printf '%s\n' "${text[@]}" | xargs -r grep -nP '\t' | complain "tabs"
  printf '%s\n' "${text[@]}" | grep -v '\.md$' | xargs -r grep -nE ' +$' |
    complain "trailing space"
  for file in "${text[@]}"; do
    [ -s "$file" ] && [ -n "$(tail -c 1 "$file")" ] && echo "$file"
  done | complain "no newline at the end"
  grep -L 'SPDX-License-Identifier' "${code[@]}" | complain "no SPDX header"
  wc -l "${code[@]}" | awk '$1 > 600 && $2 != "total" { print $2 ": " $1 }' |
    complain "longer than 600 lines"
}

find_clang_format() {
  local name
  for name in clang-format-14 clang-format; do
    "$name" --version 2>/dev/null | grep -q 'version 14\.' || continue
    printf '%s\n' "$name"
    return
  done
}

check_format() {
  local tool
  tool=$(find_clang_format)
  if [ -z "$tool" ]; then
    echo "skipped: format: clang-format 14 not found"
    [ "$part" = format ] && exit 77
    return
  fi
  "$tool" --dry-run -Werror "${code[@]}" 2>&1 | grep -oE '^[^ :]+:[0-9]+' |
    complain "not formatted (clang-format -i)"
}

[ "$part" = format ] || check_rules
[ "$part" = rules ] || check_format

[ -s "$failed" ] && exit 1
echo "style: ${#code[@]} source files are fine"
