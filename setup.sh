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
readonly INSTALLED_LIST=share/graphiqa/installed.txt

readonly PACKAGES=(
  build-essential ca-certificates git meson ninja-build pkg-config
  python3 python3-pip unzip
  libglib2.0-dev libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev
  gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good
  gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly gstreamer1.0-libav
  libopencv-dev libopenjp2-7-dev zlib1g-dev libzip-dev libpugixml-dev
  libcairo2-dev libpango1.0-dev fonts-dejavu-core
  libyaml-dev libsoup-3.0-dev libsqlite3-dev libmosquitto-dev glib-networking
  libgtest-dev libgmock-dev libmatio-dev libxlsxwriter-dev
  python3-gi python3-yaml gir1.2-gstreamer-1.0 gir1.2-gst-plugins-base-1.0
  gir1.2-gst-rtsp-server-1.0
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
  uninstall [--prefix P]  remove what install put there
  gpu-test              build, then the tests that need an NVIDIA GPU

Environment:
  LIBTORCH_DIR        use this LibTorch (include/, lib/) and fetch none
  GRAPHIQA_BUILD_DIR  build folder (default: build)
  GRAPHIQA_JOBS       compile jobs (default: all cores)
  GRAPHIQA_CUDA       not empty: fetch the LibTorch for NVIDIA GPUs though
                      there is none here, as where images are built
TEXT
}

say() { printf '\033[1m%s\033[0m\n' "setup: $*"; }
die() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

wrong_usage() {
  printf 'setup: %s\n' "$*" >&2
  usage >&2
  exit 2
}

# prefix_of [--prefix P]: the folder, absolute.
prefix_of() {
  local prefix=/usr/local
  case ${1:-} in
    --prefix)
      [ -n "${2:-}" ] || wrong_usage "--prefix takes a folder"
      prefix=$2
      shift 2
      ;;
    --prefix=?*)
      prefix=${1#--prefix=}
      shift
      ;;
  esac
  [ $# = 0 ] || wrong_usage "unexpected '$1'"
  realpath -m -- "$prefix"
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

# into FOLDER COMMAND...: as root only where this user may not write.
into() {
  local folder=$1
  shift
  while [ ! -e "$folder" ]; do folder=$(dirname "$folder"); done
  if [ -w "$folder" ]; then "$@"; else as_root "$@"; fi
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

# Images are built where there is none: GRAPHIQA_CUDA=1 builds for one.
have_gpu() {
  [ -n "${GRAPHIQA_CUDA:-}" ] || [ -e /proc/driver/nvidia/version ] ||
    [ -e /dev/nvidia0 ]
}

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

# Ends with the counts on a line of their own, behind what was skipped and why.
run_tests() {
  local dir=$1 status=0
  shift
  rm -f "$dir"/meson-logs/testlog*.json
  meson test -C "$dir" --no-rebuild --print-errorlogs "$@" || status=$?
  python3 tests/support/report.py "$dir"/meson-logs/testlog*.json || status=1
  return "$status"
}

cmd_test() {
  local dir=$BUILD_DIR kind=
  if [ "${1:-}" = --sanitize ]; then
    kind=${2:-}
    [ $# -le 2 ] || wrong_usage "too many arguments: ${*:3}"
    case $kind in
      address) dir=$BUILD_DIR-address; set -- -Db_sanitize=address,undefined ;;
      thread) dir=$BUILD_DIR-thread; set -- -Db_sanitize=thread ;;
      *) wrong_usage "--sanitize takes address or thread, not '$kind'" ;;
    esac
    cmd_deps
    # Little optimisation and line numbers alone: a third less to compile.
    configure "$dir" --buildtype=debugoptimized -Doptimization=1 \
      -Dc_args=-g1 -Dcpp_args=-g1 -Db_lundef=false -Dcuda=disabled "$@"
    compile "$dir"
    run_tests "$dir" --setup sanitizer
    return
  fi
  [ $# = 0 ] || wrong_usage "test takes no argument but --sanitize, not '$1'"
  cmd_build
  run_tests "$dir"
}

# LibTorch travels along, so that the installation outlives this folder.
copy_libtorch() {
  local prefix=$1 target=$2
  into "$prefix" mkdir -p "$target/torch/lib"
  into "$prefix" cp -a "$OWN_LIBTORCH"/lib/*.so* "$target/torch/lib/"
  into "$prefix" cp -a "$OWN_LIBTORCH/../nvidia" "$target/"
}

# install_all PREFIX: leaves a list of what it put there, relative to PREFIX.
install_all() {
  local prefix=$1 torch=
  into "$prefix" env "PATH=$PATH" "PYTHONPATH=${PYTHONPATH:-}" \
    meson install -C "$BUILD_DIR" --no-rebuild
  if [ -z "${LIBTORCH_DIR:-}" ]; then
    torch=$(dirname "$(find "$prefix" -name libgraphiqa-model.so.0)")/graphiqa
    copy_libtorch "$prefix" "$torch"
  fi
  {
    # Folders in meson's log are those it had to make.
    grep "^$prefix/" "$BUILD_DIR/meson-logs/install-log.txt" |
      while read -r path; do [ -d "$path" ] || echo "$path"; done
    printf '%s\n' ${torch:+"$torch"} "$prefix/$INSTALLED_LIST"
  } | sed "s|^$prefix/||" |
    into "$prefix" tee "$prefix/$INSTALLED_LIST" >/dev/null
}

cmd_install() {
  local prefix
  prefix=$(prefix_of "$@")
  cmd_build
  meson configure "$BUILD_DIR" --prefix "$prefix" >/dev/null
  compile "$BUILD_DIR"
  step "installing to $prefix" install_all "$prefix"
  say "installed; if $prefix is not searched: export GST_PLUGIN_PATH=$(dirname "$(find "$prefix" -name libgstgraphiqa.so | head -n 1)")"
}

# remove_all PREFIX: the listed things, then the folders left empty.
remove_all() {
  local list
  list=$(cat "$1/$INSTALLED_LIST")
  cd "$1"
  printf '%s\n' "$list" | into "$1" xargs -d '\n' rm -rf --
  printf '%s\n' "$list" | xargs -d '\n' dirname -- | sort -ru |
    while read -r folder; do
      [ ! -d "$folder" ] ||
        into "$1" rmdir -p --ignore-fail-on-non-empty "$folder"
    done
}

cmd_uninstall() {
  local prefix
  prefix=$(prefix_of "$@")
  [ -e "$prefix/$INSTALLED_LIST" ] ||
    die "nothing to uninstall: there is no $prefix/$INSTALLED_LIST"
  step "uninstalling from $prefix" remove_all "$prefix"
}

cmd_gpu_test() {
  have_gpu || die "gpu-test needs an NVIDIA GPU with its driver; there is none"
  cmd_build
  run_tests "$BUILD_DIR" --suite gpu
  if grep -q '"result": "SKIP"' "$BUILD_DIR"/meson-logs/testlog.json; then
    die "there is a GPU, yet tests skipped"
  fi
}

main() {
  local command=${1:-}
  [ $# -gt 0 ] && shift
  case $command in
    deps | build | demo | gpu-test)
      [ $# = 0 ] || wrong_usage "$command takes no argument, not '$1'"
      "cmd_${command/-/_}"
      ;;
    test) cmd_test "$@" ;;
    install) cmd_install "$@" ;;
    uninstall) cmd_uninstall "$@" ;;
    -h | --help | help) usage ;;
    '') wrong_usage "a command is missing" ;;
    *) wrong_usage "unknown command '$command'" ;;
  esac
}

main "$@"
