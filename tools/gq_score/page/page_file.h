// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "page/page.h"

namespace graphiqa {

/// The file that a page goes to: whole or not at all, replacing an earlier one.
class PageFile {
 public:
  /// @throws Error(kFile) when it could not be written, before any work is done
  PageFile(std::string path, const std::vector<std::string>& files,
           bool compare, Settings settings);

  Page* page() { return &page_; }

  /// How many files an earlier run had done.
  void SetEarlier(size_t files) { earlier_ = files; }

  /// @throws Error(kFile)
  void Write(bool interrupted);

 private:
  const std::string path_;
  Page page_;
  const Settings settings_;
  size_t earlier_ = 0;
};

}  // namespace graphiqa
