// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// A graphiqa model file: header, layout and metadata.

#include <cstdlib>

#include "error.h"
#include "format/model_info.h"
#include "format/safetensors.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace graphiqa;
  try {
    const SafetensorsFile file = SafetensorsFile::Parse(data, size, "input");
    size_t bytes = 0;
    for (const TensorView& tensor : file.tensors()) {
      if (file.Find(tensor.name) != &tensor) std::abort();
      bytes += tensor.bytes;
    }
    if (bytes != file.data().bytes) std::abort();
    const ModelInfo info = FromMetadata(file.metadata());
    const auto again = ToMetadata(info);
    if (ToMetadata(FromMetadata(again)) != again) std::abort();
  } catch (const Error&) {
    // Refusing is what most inputs deserve.
  }
  return 0;
}
