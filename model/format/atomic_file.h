// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "error.h"

namespace graphiqa {

/// A file that appears whole or not at all: written beside its target, flushed
/// to disk, then renamed over it. Without Commit() nothing is left behind.
class GRAPHIQA_API AtomicFile {
 public:
  /// @throws Error(kFile) naming the target
  explicit AtomicFile(const std::string& path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void Write(const void* data, size_t bytes);
  void Commit();

 private:
  [[noreturn]] void Fail(const char* action) const;

  std::string path_;
  std::string temporary_;
  int fd_ = -1;
};

/// Writes a small file, such as a configuration, in one go.
GRAPHIQA_API void WriteFileAtomically(const std::string& path,
                                      const std::string& text);

}  // namespace graphiqa
