// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "format/model_info.h"
#include "format/safetensors.h"
#include "format/tensor.h"
#include "program/args.h"

namespace graphiqa {

/// The tensors of any file that gq-model reads. Which kind it is follows from
/// its first bytes, not from its name.
struct TensorFile {
  std::string path;
  std::string kind;               ///< "model file", "state dict", "checkpoint"
  std::optional<ModelInfo> info;  ///< of a model file
  std::vector<TensorView> tensors;

  // Who owns the bytes: one of these.
  std::shared_ptr<SafetensorsFile> mapped;
  std::shared_ptr<std::vector<TensorRecord>> records;
};

/// A `module.` prefix is taken off the names of checkpoints and state dicts.
/// @throws Error(kNotFound|kFile|kFormat)
TensorFile OpenTensorFile(const std::string& path);

/// Number of elements of all tensors.
uint64_t CountValues(const std::vector<TensorView>& tensors);

/// The positional arguments. @throws Error(kUsage) unless there are `count`
const std::vector<std::string>& RequireFiles(const Arguments& arguments,
                                             size_t count);

/// The value of `--output`. @throws Error(kUsage) when it is missing
std::string RequireOutput(const Arguments& arguments);

/// "a,b,c" in parts; nothing for an empty text.
/// @throws Error(kUsage) naming the option for an empty part
std::vector<std::string> SplitList(const std::string& option,
                                   const std::string& text);

/// File name without folder and last extension.
std::string Stem(const std::string& path);

}  // namespace graphiqa
