#!/usr/bin/env bash
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
#
# Rules that a compiler does not check: direction of dependencies, white space,
# licence headers, file length, format. Usage: check.sh [SOURCE_ROOT]
set -u
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}" || exit 2
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

in_folder model | xargs -r grep -nE '#include [<"](gst/|glib|opencv2|\.\./)' |
  complain "model/ includes only LibTorch, CUDA and itself"
in_folder 'gst|tools/gq_score' | xargs -r grep -nE '#include [<"](torch/|ATen/|c10/)|torch::|at::Tensor' |
  complain "gst/ and gq-score see no torch"
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
for file in "${code[@]}"; do
  head -n 3 "$file" | grep -q 'SPDX-License-Identifier' || echo "$file"
done | complain "no SPDX header"
for file in "${code[@]}"; do
  lines=$(wc -l <"$file")
  [ "$lines" -gt 600 ] && echo "$file: $lines lines"
done | complain "longer than 600 lines"

# Formatting differs between versions; 14 is the one of Debian 12.
if clang-format --version 2>/dev/null | grep -q 'version 14\.'; then
  for file in "${code[@]}"; do
    clang-format --dry-run -Werror "$file" >/dev/null 2>&1 || echo "$file"
  done | complain "not formatted (clang-format -i)"
else
  echo "clang-format 14 not found: format not checked"
fi

[ -s "$failed" ] && exit 1
echo "style: ${#code[@]} source files are fine"
