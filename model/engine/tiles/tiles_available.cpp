// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "tiles_available.h"

#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace graphiqa {
namespace {

/// Linux' arch_prctl (Documentation/arch/x86/xstate.rst).
constexpr int kRequestPermission = 0x1023;
constexpr int kTileData = 18;

bool Bit(unsigned value, int bit) { return (value >> bit & 1) != 0; }

/// CPUID leaf 7: AMX-BF16, AMX-TILE; AVX512-BF16 in its second part.
bool CpuHasThem() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  if (!Bit(d, 22) || !Bit(d, 24)) return false;
  if (__get_cpuid_count(7, 1, &a, &b, &c, &d) == 0 || !Bit(a, 5)) return false;
  return __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512dq");
}

}  // namespace

bool TilesAvailable() {
  static const bool available =
      CpuHasThem() &&
      syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
  return available;
}

}  // namespace graphiqa
