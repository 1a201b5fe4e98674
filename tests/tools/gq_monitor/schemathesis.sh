#!/usr/bin/env bash
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
#
# Asks a running gq-monitor whatever docs/openapi.yaml allows and forbids, with
# schemathesis (PyPI), once without and once with a token: every answer must
# conform, none may be a 5xx. Usage: schemathesis.sh [BUILD_DIR [OPTION…]], with
# options of `schemathesis run`. Not part of `meson test`: it needs the network
# once, for a virtual environment in .deps/schemathesis.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
build=${1:-build}
[ $# -gt 0 ] && shift
venv=.deps/schemathesis
port=${PORT:-18088}
token=a-token-of-this-test

if [ ! -x $venv/bin/schemathesis ]; then
  python3 -m venv $venv
  $venv/bin/pip install --quiet 'schemathesis>=4,<5'
fi

folder=$(mktemp -d)
monitor=
finish() {
  [ -z "$monitor" ] || kill "$monitor" 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT

export GST_PLUGIN_PATH=$PWD/$build/gst
export GST_REGISTRY=$folder/registry.bin
export GRAPHIQA_ENGINE=$PWD/$build/tests/gst/libfake_engine.so
export GRAPHIQA_MODEL=fake:heads TOKEN=$token
export G_DEBUG=fatal-criticals

# start [LINE]: a monitor with a channel that plays and one that cannot, whose
# alarms are raised at once; LINE goes into the section http.
start() {
  rm -rf "$folder/storage"
  cat >"$folder/monitor.yaml" <<YAML
http: {port: $port${1:+, $1}}
storage: {folder: $folder/storage}
defaults:
  alarms:
    low-score: {below: 100, clear-above: 100, raise-after: 0}
    signal-lost: {raise-after: 0}
channels:
  - {id: one, uri: $PWD/pipelines/clips/bunny-low.mp4, loop: true}
  - {id: two, uri: "udp://127.0.0.1:9", connect-timeout: 1s}
YAML
  "$build/tools/gq_monitor/gq-monitor" "$folder/monitor.yaml" \
    >"$folder/log" 2>&1 &
  monitor=$!
  local tries
  for tries in $(seq 100); do
    curl -fs "http://127.0.0.1:$port/readyz" >/dev/null && break
    sleep 0.1
  done
  sleep 12 # a point of the curve, moments and alarms are there
}

# The stream of events never ends: it is left to the tests. Schemathesis leaves
# files where it runs.
ask() (
  root=$PWD
  cd "$folder"
  "$root/$venv/bin/schemathesis" run "$root/docs/openapi.yaml" \
    --url "http://127.0.0.1:$port" --checks all \
    --exclude-path /api/v1/events --no-color "$@"
)

stop() {
  kill "$monitor"
  wait "$monitor" || { cat "$folder/log" >&2; exit 1; }
  monitor=
  ! grep request-failed "$folder/log"
}

start
ask "$@"
stop
start "token: {env: TOKEN}"
ask --header "Authorization: Bearer $token" "$@"
stop
echo "every answer conforms, without and with a token"
