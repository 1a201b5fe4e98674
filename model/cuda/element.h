// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include "kernels.h"

namespace graphiqa::cuda {

/// What the kernels call the element type of `tensor`: float32, float16 or
/// bfloat16.
inline Element ElementOf(const at::Tensor& tensor) {
  if (tensor.scalar_type() == at::kHalf) return Element::kHalf;
  if (tensor.scalar_type() == at::kBFloat16) return Element::kBfloat16;
  TORCH_INTERNAL_ASSERT(tensor.scalar_type() == at::kFloat);
  return Element::kFloat;
}

}  // namespace graphiqa::cuda
