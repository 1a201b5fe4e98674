#!/bin/sh
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
#
# A program whose tests all skip ends with 77 and says why; any other one as
# GoogleTest has it. usage: run_tests_test.sh RUN_TESTS_PROBE
set -u

# check FILTER CODE LINE: runs the probe's tests that match.
check() {
  said=$("$1" --gtest_filter="Probe.$2")
  code=$?
  if [ "$code" != "$3" ]; then
    echo "$2: exit code $code, expected $3"
    exit 1
  fi
  why=$(printf '%s\n' "$said" | grep '^skipped: ')
  if [ "$why" != "$4" ]; then
    echo "$2: says '$why', expected '$4'"
    exit 1
  fi
}

check "$1" 'Skips*' 77 'skipped: 2 of 2 tests: no such device'
check "$1" 'Passes*:Probe.SkipsFirst' 0 'skipped: 1 of 2 tests: no such device'
check "$1" 'Passes*' 0 ''
check "$1" 'Fails*:Probe.Skips*' 1 'skipped: 2 of 3 tests: no such device'
check "$1" 'Fails*' 1 ''
