// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace graphiqa {

/// R, G and B of 0 to 255 from three components: a factor of each and an
/// offset.
using RgbMatrix = std::array<std::array<float, 4>, 3>;

/// Three components in rows as AreaFilter leaves them: [width][kRows].
using ComponentRows = std::array<std::vector<float>, 3>;

/// Rounds to packed 8-bit RGB.
/// @param rows  in [1, AreaFilter::kRows]
/// @param rgb   [rows][width][3]
void WriteRgbRows(const ComponentRows& components, const RgbMatrix& matrix,
                  int width, int rows, uint8_t* rgb);

}  // namespace graphiqa
