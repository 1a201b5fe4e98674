// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Deterministic weights and pictures of the golden tests: every number is a
/// pure function of a tensor's name and a row-major element index. The rules
/// are in tests/data/golden/README.md; fill.py beside it is the original.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace graphiqa {

/// FNV-1a, 64 bits.
uint64_t Fnv1a64(const std::string& text);

/// The 24 random bits of element `index` of the stream with hash `stream`.
uint32_t FillBits(uint64_t stream, uint64_t index);

/// The values of the parameter `name` of `shape`, row-major. Counters
/// (`num_batches_tracked`) are 0.
std::vector<float> FillParameter(const std::string& name,
                                 const std::vector<int64_t>& shape,
                                 const std::string& salt);

inline constexpr int kFillImageSide = 224;

/// Picture `index` as planes R, G, B of 224 x 224 bytes.
std::vector<uint8_t> FillImageBytes(int index, const std::string& salt);

/// Picture `index` as the network's input [3,224,224]: (byte / 255 - mean) /
/// std with ImageNet's mean and std, each step in float.
std::vector<float> FillImage(int index, const std::string& salt);

}  // namespace graphiqa
