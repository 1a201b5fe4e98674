// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "page/file_record.h"
#include "page/kept.h"
#include "program/chart/histogram.h"

namespace graphiqa {

/// The images of a page with thumbnails, the worst first. Of very many, those
/// with the lowest scores.
class ImageList {
 public:
  ImageList();

  /// @param row  the image's only one
  /// @param size  "1920 × 1080"
  void Add(size_t index, const std::string& name, const FrameRow& row,
           Thumbnail thumbnail, const std::string& size);

  uint64_t count() const { return images_.seen(); }
  std::string Draw() const;

 private:
  struct Image {
    double score = 0;
    size_t index = 0;
    std::string name;
    FrameRow row;
    Thumbnail picture;
    std::string size;
  };

  LowestKept<Image> images_;
  ScoreDistribution scores_;
  Histogram histogram_;
};

}  // namespace graphiqa
