// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "error.h"
#include "tensor.h"

namespace graphiqa {

/// A safetensors file, mapped read-only: memory is bounded by the header, the
/// tensors stay on disk until they are touched.
/// Format: 8 bytes little-endian header length, a JSON header, the tensors'
/// bytes. https://github.com/huggingface/safetensors
class GRAPHIQA_API SafetensorsFile {
 public:
  /// Checks everything before it returns: header length (at most 100 MB and
  /// within the file), JSON, no name twice, known types, shapes whose product
  /// does not overflow, offsets in bounds, without gap or overlap, and exactly
  /// as long as the file.
  /// @throws Error(kNotFound|kFile|kFormat) naming the file and the tensor
  static SafetensorsFile Open(const std::string& path);

  /// The same for a file that is already in memory, which must outlive this
  /// object. `what` names it in errors.
  static SafetensorsFile Parse(const uint8_t* data, size_t bytes,
                               const std::string& what);

  /// `__metadata__`; empty when the file has none.
  const std::map<std::string, std::string>& metadata() const;

  /// In the order of their offsets. The views live as long as this object.
  const std::vector<TensorView>& tensors() const;

  /// nullptr when there is no such tensor.
  const TensorView* Find(const std::string& name) const;

  /// All bytes after the header, for hashing.
  TensorView data() const;

  SafetensorsFile(SafetensorsFile&&) noexcept;
  SafetensorsFile& operator=(SafetensorsFile&&) noexcept;
  ~SafetensorsFile();

 private:
  struct Impl;
  explicit SafetensorsFile(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// SHA-256 of the bytes that WriteSafetensors() lays out for these tensors,
/// equal to that of data() of the written file. Lower-case hex.
GRAPHIQA_API std::string HashTensors(const std::vector<TensorView>& tensors);

/// Writes a safetensors file atomically: beside the target, flushed to disk,
/// then renamed over it. The format allows no gaps, so tensors are laid out by
/// falling element size (otherwise in the given order), which aligns each to
/// its element size.
/// @throws Error(kFile) on any failure, Error(kUsage) for a tensor whose bytes
///   do not fit its shape or a name that comes twice; the target is then
///   untouched
GRAPHIQA_API void WriteSafetensors(
    const std::string& path, const std::map<std::string, std::string>& metadata,
    const std::vector<TensorView>& tensors);

}  // namespace graphiqa
