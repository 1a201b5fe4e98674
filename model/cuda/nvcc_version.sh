#!/bin/sh
# Copyright 2026 The graphiqa authors
# SPDX-License-Identifier: Apache-2.0
#
# Usage: nvcc_version.sh NVCC LIBC10_CUDA
# Prints nvcc's major version if the given LibTorch was built for it, fails
# otherwise: the module would mix two CUDA runtimes.
set -u
major=$("$1" --version | sed -n 's/.*release \([0-9]*\)\..*/\1/p')
[ -n "$major" ] && grep -q "libcudart\.so\.$major" "$2" && echo "$major"
