// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

#include "results.h"

namespace graphiqa {

/// Passes results on under the files' numbers in another list.
class Renumbered : public Results {
 public:
  /// @param to       must outlive this
  /// @param numbers  by the numbers that come in
  Renumbered(Results* to, std::vector<size_t> numbers)
      : to_(to), numbers_(std::move(numbers)) {}

  void Add(size_t index, const FrameRow& row,
           const ThumbnailMaker& thumbnail) override {
    to_->Add(numbers_[index], row, thumbnail);
  }
  void Done(size_t index, const FileEnd& end) override {
    to_->Done(numbers_[index], end);
  }
  void Failed(size_t index, const std::string& message) override {
    to_->Failed(numbers_[index], message);
  }
  void Stopped(size_t index, const FileEnd& end) override {
    to_->Stopped(numbers_[index], end);
  }

 private:
  Results* const to_;
  const std::vector<size_t> numbers_;
};

}  // namespace graphiqa
