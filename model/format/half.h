// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Bit-exact conversions of 16-bit floats, rounding to nearest even.
#pragma once

#include <cstdint>
#include <cstring>

namespace graphiqa {

inline float FloatFromBits(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

inline uint32_t BitsFromFloat(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline float FloatFromBfloat16(uint16_t bits) {
  return FloatFromBits(uint32_t{bits} << 16);
}

/// NaN stays NaN (quiet), what is too large becomes infinity.
inline uint16_t Bfloat16FromFloat(float value) {
  const uint32_t bits = BitsFromFloat(value);
  if ((bits & 0x7fffffffU) > 0x7f800000U) {
    return static_cast<uint16_t>((bits >> 16) | 0x40U);
  }
  const uint32_t rounding = 0x7fffU + ((bits >> 16) & 1U);
  return static_cast<uint16_t>((bits + rounding) >> 16);
}

inline float FloatFromHalf(uint16_t half) {
  const uint32_t sign = uint32_t{half & 0x8000U} << 16;
  const uint32_t exponent = (half >> 10) & 0x1fU;
  const uint32_t fraction = half & 0x3ffU;
  if (exponent == 0) {  // zero and subnormals: exact in float
    const float value = static_cast<float>(fraction) * (1.0F / 16777216.0F);
    return sign != 0 ? -value : value;
  }
  const uint32_t wide = exponent == 31 ? 255U : exponent + 112U;
  return FloatFromBits(sign | (wide << 23) | (fraction << 13));
}

/// NaN stays NaN (quiet), what is too large becomes infinity.
inline uint16_t HalfFromFloat(float value) {
  const uint32_t bits = BitsFromFloat(value);
  const uint32_t sign = (bits >> 16) & 0x8000U;
  const uint32_t magnitude = bits & 0x7fffffffU;
  if (magnitude > 0x7f800000U) return static_cast<uint16_t>(sign | 0x7e00U);
  if (magnitude >= 0x477ff000U) return static_cast<uint16_t>(sign | 0x7c00U);
  if (magnitude < 0x38800000U) {
    // Subnormal: adding 0.5 lines the fraction up with the last bits of the
    // sum, and the addition itself rounds to nearest even.
    const float sum = FloatFromBits(magnitude) + 0.5F;
    return static_cast<uint16_t>(sign | (BitsFromFloat(sum) - 0x3f000000U));
  }
  const uint32_t rounded = magnitude + 0xfffU + ((magnitude >> 13) & 1U);
  return static_cast<uint16_t>(sign | ((rounded - 0x38000000U) >> 13));
}

}  // namespace graphiqa
