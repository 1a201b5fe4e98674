// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "error.h"

namespace graphiqa {

/// A decoded picture: packed 8-bit RGB, rows from top to bottom.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> rgb;

  size_t stride() const { return static_cast<size_t>(width) * 3; }
};

/// Decodes with OpenCV, EXIF orientation applied.
/// @throws Error(kFormat) naming the file when it cannot be decoded or is
///   larger than 1 GiB of RGB
Picture ReadPicture(const std::string& path);

/// Decoded pictures by index, kept in memory up to a limit; what does not fit
/// is decoded again each time. Thread-safe.
class PictureCache {
 public:
  PictureCache(std::vector<std::string> paths, size_t limit_bytes);

  /// @throws as ReadPicture()
  std::shared_ptr<const Picture> Get(size_t index);

  size_t bytes() const { return bytes_; }

 private:
  const std::vector<std::string> paths_;
  const size_t limit_bytes_;
  std::atomic<size_t> bytes_{0};
  std::mutex mutex_;
  std::vector<std::shared_ptr<const Picture>> pictures_;
};

}  // namespace graphiqa
