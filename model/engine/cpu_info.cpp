// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "cpu_info.h"

#include <ATen/cpu/Utils.h>
#include <sched.h>

#include <algorithm>

#include "network/onednn_conv.h"

namespace graphiqa {
bool CpuComputesBf16() {
  const auto capabilities = at::cpu::get_cpu_capabilities();
  const auto has = [&capabilities](const char* name) {
    const auto found = capabilities.find(name);
    return found != capabilities.end() && found->second.isBool() &&
           found->second.toBool();
  };
  return (has("avx512_bf16") || has("amx_bf16")) && OneDnnSupportsBf16();
}

Precision ResolveCpuPrecision(Precision precision) {
  switch (precision) {
    case Precision::kAuto:
      return CpuComputesBf16() ? Precision::kBf16 : Precision::kFp32;
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
