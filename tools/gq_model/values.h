// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "format/tensor.h"

namespace graphiqa {

bool IsFloat(DType dtype);

/// Element `index` as a double: exact but for integers beyond 2^53.
double ValueAt(const TensorView& tensor, size_t index);

/// Rounded to the nearest 32-bit float.
TensorRecord ToFloat32(const TensorView& tensor);

TensorRecord Copy(const TensorView& tensor);

}  // namespace graphiqa
