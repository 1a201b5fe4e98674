#!/usr/bin/env bash
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
#
# Sets up, builds, shows, tests and installs graphiqa on Debian 12 or newer and
# Ubuntu 22.04 or newer. Every step may be run again; what is done is skipped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly TORCH_VERSION=2.11.0
readonly BUILD_DIR=${GRAPHIQA_BUILD_DIR:-build}
readonly OWN_LIBTORCH=$PWD/.deps/libtorch-$TORCH_VERSION/torch
readonly CLIPS=pipelines/clips

readonly PACKAGES=(
  build-essential ca-certificates git meson ninja-build pkg-config
  python3 python3-pip unzip
  libglib2.0-dev libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev
  gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good
  gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly gstreamer1.0-libav
  libopencv-dev zlib1g-dev libzip-dev libpugixml-dev
  libgtest-dev libgmock-dev libmatio-dev libxlsxwriter-dev
  python3-gi gir1.2-gstreamer-1.0 gir1.2-gst-plugins-base-1.0
)

usage() {
  cat <<'TEXT'
Usage: ./setup.sh COMMAND [OPTIONS]

Commands:
  deps                  install what is missing: system packages and LibTorch
  build                 deps, then configure and compile into build/
  demo                  build, then score the clip that comes with graphiqa
  test [--sanitize S]   build, then run every test; S = address or thread:
                        the same in a build of its own with that sanitizer
  install [--prefix P]  build, then install (default /usr/local) with LibTorch
  gpu-test              build, then the tests that need an NVIDIA GPU

Environment:
  LIBTORCH_DIR        use this LibTorch (include/, lib/) and fetch none
  GRAPHIQA_BUILD_DIR  build folder (default: build)
  GRAPHIQA_JOBS       compile jobs (default: all cores)
TEXT
}

say() { printf '\033[1m%s\033[0m\n' "setup: $*"; }
die() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

# step TEXT COMMAND...: runs it quietly; shows its output only if it fails.
step() {
  local text=$1 log start
  shift
  log=$(mktemp)
  start=$SECONDS
  printf 'setup: %s … ' "$text"
  if "$@" >"$log" 2>&1; then
    printf 'done (%d s)\n' $((SECONDS - start))
    rm -f "$log"
  else
    printf 'failed (%d s)\n' $((SECONDS - start))
    tail -n 60 "$log" >&2
    rm -f "$log"
    return 1
  fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "need root or sudo for: $*"
  fi
}

missing_packages() {
  local package
  for package in "${PACKAGES[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null |
      grep -q 'ok installed' || printf '%s\n' "$package"
  done
}

install_packages() {
  as_root apt-get update
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "$@"
}

have_gpu() { [ -e /proc/driver/nvidia/version ] || [ -e /dev/nvidia0 ]; }

# The wheels are only unpacked, so any Python will do to fetch them.
fetch_wheels() {
  local into=$1
  shift
  python3 -m pip download --quiet --disable-pip-version-check --no-deps \
    --only-binary=:all: --implementation cp --python-version 3.11 \
    --platform "manylinux_2_28_$(uname -m)" \
    --platform "manylinux_2_27_$(uname -m)" \
    --platform "manylinux_2_25_$(uname -m)" \
    --platform "manylinux_2_17_$(uname -m)" \
    --platform "manylinux2014_$(uname -m)" \
    --dest "$into" "$@"
}

# A CPU needs the two CUDA libraries that libtorch_cpu names; a GPU machine all
# that the wheel names (versions: the wheel's own requirements).
torch_wheels() {
  echo "torch==$TORCH_VERSION" 'nvidia-cuda-runtime~=13.0.0' \
    'nvidia-cuda-cupti~=13.0.0'
  have_gpu || return 0
  echo 'nvidia-cublas==13.1.*' 'nvidia-cufft==12.*' 'nvidia-cufile==1.15.*' \
    'nvidia-curand==10.4.*' 'nvidia-cusolver==12.*' 'nvidia-cusparse==12.*' \
    'nvidia-nvjitlink==13.0.*' 'nvidia-cuda-nvrtc==13.0.*' \
    'nvidia-nvtx==13.0.*' 'nvidia-cudnn-cu13==9.19.0.56' \
    'nvidia-cusparselt-cu13==0.8.0' 'nvidia-nccl-cu13==2.28.9' \
    'nvidia-nvshmem-cu13==3.4.5'
}

unpack_torch() {
  local wheels root wheel
  root=$(dirname "$OWN_LIBTORCH")
  wheels=$(mktemp -d)
  # shellcheck disable=SC2046
  fetch_wheels "$wheels" $(torch_wheels)
  rm -rf "$root.new"
  mkdir -p "$root.new"
  for wheel in "$wheels"/*.whl; do
    case $wheel in
      */torch-*)
        unzip -q -o "$wheel" 'torch/include/*' 'torch/lib/*' 'torch/share/*' \
          'torch-*/licenses/*' 'torch-*/METADATA' -d "$root.new"
        ;;
      *) unzip -q -o "$wheel" -d "$root.new" ;;
    esac
  done
  rm -rf "$wheels" "$root"
  mv "$root.new" "$root"
  have_gpu && touch "$root/.with-cuda"
  return 0
}

torch_is_there() {
  [ -e "$OWN_LIBTORCH/lib/libtorch_cpu.so" ] || return 1
  ! have_gpu || [ -e "$(dirname "$OWN_LIBTORCH")/.with-cuda" ]
}

# Debian 12 has meson 1.0; where it is older, a newer one from PyPI.
ensure_meson() {
  if command -v meson >/dev/null &&
    printf '1.0.0\n%s\n' "$(meson --version)" | sort -VC; then
    return
  fi
  if [ ! -e .deps/meson/bin/meson ]; then
    step "fetching a newer meson" python3 -m pip install --quiet \
      --target .deps/meson 'meson>=1.0,<2'
  fi
  export PATH=$PWD/.deps/meson/bin:$PATH
  export PYTHONPATH=$PWD/.deps/meson${PYTHONPATH:+:$PYTHONPATH}
}

cmd_deps() {
  local missing
  mapfile -t missing < <(missing_packages)
  if [ ${#missing[@]} -gt 0 ]; then
    step "installing ${#missing[@]} system packages" \
      install_packages "${missing[@]}"
  fi
  if [ -n "${LIBTORCH_DIR:-}" ]; then
    [ -e "$LIBTORCH_DIR/lib/libtorch_cpu.so" ] ||
      die "LIBTORCH_DIR=$LIBTORCH_DIR has no lib/libtorch_cpu.so"
  elif ! torch_is_there; then
    step "fetching LibTorch $TORCH_VERSION (about 550 MB)" unpack_torch
  fi
  ensure_meson
}

# configure DIR [MESON OPTIONS]
configure() {
  local dir=$1
  shift
  [ -e "$dir/build.ninja" ] && return
  step "configuring $dir" meson setup "$dir" "$@"
}

compile() {
  local dir=$1
  step "compiling in $dir" ninja -C "$dir" \
    -j "${GRAPHIQA_JOBS:-$(nproc)}"
}

cmd_build() {
  cmd_deps
  configure "$BUILD_DIR" --buildtype=release -Doptimization=2
  compile "$BUILD_DIR"
}

use_build() {
  export GST_PLUGIN_PATH=$PWD/$BUILD_DIR/gst${GST_PLUGIN_PATH:+:$GST_PLUGIN_PATH}
  export GST_REGISTRY=$PWD/$BUILD_DIR/registry.bin
}

cmd_demo() {
  cmd_build
  use_build
  local clip
  for clip in "$CLIPS"/*-high.mp4 "$CLIPS"/*-low.mp4; do
    say "gst-launch-1.0 filesrc location=$clip ! decodebin ! videoconvert ! graphiqa interval=12 message=true ! fakesink -m"
    gst-launch-1.0 -m filesrc "location=$clip" ! decodebin ! videoconvert ! \
      graphiqa interval=12 message=true ! fakesink |
      sed -n 's/^Got message .*(element): \(graphiqa, .*\)$/\1/p;/^ERROR/p' |
      sed -E 's/\((string|double|uint|int|guint64|boolean)\)//g'
  done
  say "the same as a table: gq-score"
  "$BUILD_DIR"/tools/gq_score/gq-score --interval 12 "$CLIPS"/*.mp4
}

# Ends with the counts on a line of their own.
report() {
  local log=$1
  awk '
    /^Ok:/ { ok = $2 } /^Fail:/ { fail += $2 } /^Timeout:/ { fail += $2 }
    /^Unexpected Pass:/ { fail += $3 } /^Skipped:/ { skip = $2 }
    /^Expected Fail:/ { ok += $3 }
    END { printf "%d passed, %d failed, %d skipped\n", ok, fail, skip }' "$log"
}

run_tests() {
  local dir=$1 log=$1/setup-test.log status=0
  shift
  meson test -C "$dir" --no-rebuild --print-errorlogs "$@" 2>&1 |
    tee "$log" || status=$?
  report "$log"
  return "$status"
}

cmd_test() {
  local dir=$BUILD_DIR kind=
  if [ "${1:-}" = --sanitize ]; then
    kind=${2:-}
    case $kind in
      address) dir=$BUILD_DIR-address; set -- -Db_sanitize=address,undefined ;;
      thread) dir=$BUILD_DIR-thread; set -- -Db_sanitize=thread ;;
      *) die "--sanitize takes address or thread" ;;
    esac
    cmd_deps
    configure "$dir" --buildtype=debugoptimized -Db_lundef=false \
      -Dcuda=disabled "$@"
    compile "$dir"
    run_tests "$dir" --setup sanitizer
    return
  fi
  [ $# = 0 ] || die "test takes no argument but --sanitize"
  cmd_build
  run_tests "$dir"
}

# LibTorch travels along, so that the installation outlives this folder.
install_libtorch() {
  local target=$1 source=$OWN_LIBTORCH
  as_root mkdir -p "$target/torch/lib"
  as_root cp -a "$source"/lib/*.so* "$target/torch/lib/"
  as_root cp -a "$source/../nvidia" "$target/"
}

cmd_install() {
  local prefix=/usr/local
  case ${1:-} in
    --prefix) prefix=${2:?--prefix takes a folder} ;;
    --prefix=*) prefix=${1#--prefix=} ;;
    '') ;;
    *) die "unknown option $1" ;;
  esac
  cmd_build
  meson configure "$BUILD_DIR" --prefix "$prefix" >/dev/null
  compile "$BUILD_DIR"
  local run=
  [ -w "$prefix" ] || [ "$(id -u)" = 0 ] || run=sudo
  step "installing to $prefix" $run env "PATH=$PATH" \
    meson install -C "$BUILD_DIR" --no-rebuild
  if [ -z "${LIBTORCH_DIR:-}" ]; then
    local libs
    libs=$(dirname "$(find "$prefix" -name 'libgraphiqa-model.so.0' | head -n 1)")
    step "installing LibTorch to $libs/graphiqa" \
      install_libtorch "$libs/graphiqa"
  fi
  say "installed; if $prefix is not searched: export GST_PLUGIN_PATH=$(dirname "$(find "$prefix" -name libgstgraphiqa.so | head -n 1)")"
}

cmd_gpu_test() {
  have_gpu || die "gpu-test needs an NVIDIA GPU with its driver; there is none"
  cmd_build
  run_tests "$BUILD_DIR" --suite gpu
}

main() {
  local command=${1:-}
  [ $# -gt 0 ] && shift
  case $command in
    deps) cmd_deps "$@" ;;
    build) cmd_build "$@" ;;
    demo) cmd_demo "$@" ;;
    test) cmd_test "$@" ;;
    install) cmd_install "$@" ;;
    gpu-test) cmd_gpu_test "$@" ;;
    -h | --help | help) usage ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
}

main "$@"
