// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace graphiqa {

/// A file's bytes, mapped read-only. Nobody may shorten the file while it is
/// mapped: touching what is gone ends the process (SIGBUS).
class MappedFile {
 public:
  /// @throws Error(kNotFound) when there is no such file, Error(kFile) when it
  ///   cannot be read or is no regular file
  explicit MappedFile(const std::string& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  const uint8_t* data() const { return data_; }
  size_t size() const { return size_; }

 private:
  const uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace graphiqa
