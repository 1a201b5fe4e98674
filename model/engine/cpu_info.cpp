// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "cpu_info.h"

#include <sched.h>

#include <algorithm>

#include "network/onednn_conv.h"
#ifdef GRAPHIQA_TILES
#include "tiles/tiles_available.h"
#endif

namespace graphiqa {
bool CpuPrefersBf16() {
#ifdef GRAPHIQA_TILES
  if (!OneDnnSupportsBf16()) return false;
  return AmxAvailable() ||
         (Bf16VectorsAvailable() && !__builtin_cpu_is("intel"));
#else
  return false;
#endif
}

Precision ResolveCpuPrecision(Precision precision) {
  switch (precision) {
    case Precision::kAuto:
      return CpuPrefersBf16() ? Precision::kBf16 : Precision::kFp32;
    case Precision::kBf16:
      if (OneDnnSupportsBf16()) return precision;
      throw Error(ErrorCode::kDevice,
                  "this CPU cannot compute in bf16 (it needs AVX-512 with BW, "
                  "VL and DQ); use fp32 or auto");
    case Precision::kFp16:
      throw Error(ErrorCode::kDevice,
                  "precision fp16 needs a CUDA device; the CPU knows fp32 and "
                  "bf16");
    case Precision::kFp32:
      break;
  }
  return Precision::kFp32;
}

int AvailableCores() {
  cpu_set_t mask;
  CPU_ZERO(&mask);
  if (sched_getaffinity(0, sizeof mask, &mask) != 0) return 1;
  return std::max(CPU_COUNT(&mask), 1);
}

}  // namespace graphiqa
