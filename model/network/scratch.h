// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>
#include <vector>

namespace graphiqa {

/// Memory that is taken again and again: what one picture needed is there for
/// the next one. For one thread at a time.
class Scratch {
 public:
  /// Bytes before and after what is taken that may be read, so that vector
  /// instructions need not stop at its ends.
  static constexpr size_t kMargin = 64;

  /// Memory for `count` values, at a multiple of 64, of which neither values
  /// nor margins are set; valid until Clear().
  template <typename T>
  T* Take(size_t count) {
    static_assert(std::is_trivial_v<T>, "neither made nor destroyed");
    return reinterpret_cast<T*>(TakeBytes(count * sizeof(T)));
  }

  /// Gives all back; what follows finds it in one piece.
  void Clear() {
    if (pieces_.size() > 1) {
      size_t lines = 0;
      for (const auto& piece : pieces_) lines += piece.size();
      pieces_.clear();
      pieces_.emplace_back(lines);
    }
    used_ = 0;
  }

  size_t bytes() const {
    size_t lines = 0;
    for (const auto& piece : pieces_) lines += piece.size();
    return lines * sizeof(Line);
  }

 private:
  struct alignas(64) Line {
    std::array<std::byte, 64> bytes;
  };
  static_assert(sizeof(Line) == kMargin, "a line before, one after");

  /// From the last piece, or from one of its own where that is too small.
  std::byte* TakeBytes(size_t bytes) {
    const size_t lines = (bytes + sizeof(Line) - 1) / sizeof(Line) + 2;
    if (pieces_.empty() || pieces_.back().size() - used_ < lines) {
      pieces_.emplace_back(lines);
      used_ = 0;
    }
    std::byte* taken = pieces_.back()[used_ + 1].bytes.data();
    used_ += lines;
    return taken;
  }

  std::vector<std::vector<Line>> pieces_;
  size_t used_ = 0;  // lines of the last piece
};

}  // namespace graphiqa
