// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Functions of the CPU that kernels call as well.
#ifdef __CUDACC__
#define GRAPHIQA_BOTH __host__ __device__ inline
#else
#define GRAPHIQA_BOTH inline
#endif

namespace graphiqa {

GRAPHIQA_BOTH int Within(int value, int high) {
  return value < 0 ? 0 : value > high ? high : value;
}

}  // namespace graphiqa
