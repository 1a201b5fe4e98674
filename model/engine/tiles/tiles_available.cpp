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

/// Registers of CPUID's leaf 7.
struct Features {
  unsigned a = 0, b = 0, c = 0, d = 0;
};

Features FeaturesOf(unsigned part) {
  Features f;
  if (__get_cpuid_count(7, part, &f.a, &f.b, &f.c, &f.d) == 0) return {};
  return f;
}

bool CpuHasVectors() {
  return __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("fma");
}

bool CpuHasBf16Vectors() {
  constexpr int kAvx512Bf16 = 5;  // of part 1
  return Bit(FeaturesOf(1).a, kAvx512Bf16);
}

bool CpuHasAmx() {
  constexpr int kAmxBf16 = 22, kAmxTile = 24;
  const unsigned bits = FeaturesOf(0).d;
  return Bit(bits, kAmxBf16) && Bit(bits, kAmxTile);
}

}  // namespace

bool VectorsAvailable() {
  static const bool available = CpuHasVectors();
  return available;
}

bool Bf16VectorsAvailable() {
  static const bool available = VectorsAvailable() && CpuHasBf16Vectors();
  return available;
}

bool AmxAvailable() {
  static const bool available =
      Bf16VectorsAvailable() && CpuHasAmx() &&
      syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
  return available;
}

}  // namespace graphiqa
