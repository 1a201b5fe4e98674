// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "area_filter.h"
#include "rgb_rows.h"

namespace graphiqa {

// The work of AreaFilter and WriteRgbRows() on CPUs with AVX-512 (F, BW, VL,
// DQ) and FMA.

/// Whether this is one.
bool AreaAvx512Available();

/// @param scratch  to work in; grows as needed
/// @param columns  [values][kRows], from plane.begin on
/// @returns false, and does nothing, where there are too few values
bool AreaDownAvx512(const PlaneRows& plane, const AxisTaps& down, int first,
                    std::vector<float>* scratch, float* columns);

/// @param columns  as AreaDownAvx512() left them
/// @param offset   of sample 0, values; may lie before the first column
void AreaAcrossAvx512(const float* columns, int step, int offset,
                      const AxisTaps& across, float* to);

/// @returns the first column that is left to do
int WriteRgbRowsAvx512(const ComponentRows& components, const RgbMatrix& matrix,
                       int width, int rows, uint8_t* rgb);

}  // namespace graphiqa
