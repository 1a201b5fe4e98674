// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "error.h"
#include "tensor.h"

namespace graphiqa {

/// Reads a PyTorch checkpoint (`torch.save` of a state dict, legacy or zip
/// format) without executing anything: the pickle is read by a machine that
/// knows only the opcodes and the handful of globals that a state dict needs
/// and refuses everything else.
///
/// A dictionary that holds the state dict under `state_dict`, `model` or
/// `params` is looked into. Tensors come in the file's order, made contiguous;
/// names are those of the file (a `module.` prefix stays, see StripPrefix()).
/// @throws Error(kNotFound|kFile|kFormat) naming the file and what is wrong
GRAPHIQA_API std::vector<TensorRecord> ReadPth(const std::string& path);

/// The same for a file that is already in memory. `what` names it in errors.
GRAPHIQA_API std::vector<TensorRecord> ParsePth(const uint8_t* data,
                                                size_t bytes,
                                                const std::string& what);

/// Takes `module.` off every name when every name has it.
GRAPHIQA_API void StripModulePrefix(std::vector<TensorRecord>* tensors);

}  // namespace graphiqa
