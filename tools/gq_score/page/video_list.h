// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "page/file_record.h"
#include "page/kept.h"
#include "row.h"

namespace graphiqa {

/// The videos of a page: a table of all, a section about each. Of very many,
/// those with the lowest mean scores.
class VideoList {
 public:
  VideoList();
  void Add(const FileRecord& record);

  uint64_t count() const { return videos_.seen(); }
  double seconds() const { return seconds_; }
  std::string DrawTable() const;
  std::string DrawSections() const;

 private:
  struct Video {
    double score = 0;
    size_t index = 0;
    std::string name;
    FileSummary summary;
    std::string curve;   ///< HTML
    std::string states;  ///< black, flat and frozen, for how long
    std::string remark;
  };
  struct Section {
    double score = 0;
    size_t index = 0;
    std::string html;
  };

  LowestKept<Video> videos_;
  LowestKept<Section> sections_;
  double seconds_ = 0;
};

}  // namespace graphiqa
