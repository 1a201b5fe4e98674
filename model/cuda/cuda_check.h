// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cuda_runtime_api.h>

#include <string>

#include "error.h"

namespace graphiqa::cuda {

/// @throws Error(kDevice) with the call and where it stands
[[noreturn]] inline void ThrowCuda(cudaError_t status, const char* expression,
                                   const char* file, int line) {
  // Clears what is not sticky, or the next check would report it again.
  (void)cudaGetLastError();
  throw Error(ErrorCode::kDevice,
              std::string("CUDA: ") + cudaGetErrorString(status) + " (" +
                  cudaGetErrorName(status) + ") from " + expression + " at " +
                  file + ":" + std::to_string(line));
}

}  // namespace graphiqa::cuda

/// Every call into the CUDA runtime goes through this.
#define GRAPHIQA_CUDA_CHECK(expression)                                   \
  do {                                                                    \
    const cudaError_t graphiqa_status = (expression);                     \
    if (graphiqa_status != cudaSuccess) {                                 \
      ::graphiqa::cuda::ThrowCuda(graphiqa_status, #expression, __FILE__, \
                                  __LINE__);                              \
    }                                                                     \
  } while (false)
