// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

namespace graphiqa {

inline constexpr size_t kCacheLineBytes = 64;

/// Memory whose first value begins a line of the cache, so that rows of tiles
/// do not lie in two; large blocks in large pages where the system has some.
template <typename T>
class TileAllocator {
 public:
  using value_type = T;

  TileAllocator() = default;
  template <typename U>
  TileAllocator(const TileAllocator<U>&) {}

  T* allocate(size_t count) {
    const size_t bytes = count * sizeof(T);
    void* const memory = ::operator new(bytes, Alignment(bytes));
    // Advice: without large pages all is as it was.
    if (bytes >= kPage) madvise(memory, bytes, MADV_HUGEPAGE);
    return static_cast<T*>(memory);
  }

  void deallocate(T* memory, size_t count) {
    ::operator delete(memory, Alignment(count * sizeof(T)));
  }

  bool operator==(const TileAllocator&) const { return true; }
  bool operator!=(const TileAllocator&) const { return false; }

 private:
  static constexpr size_t kPage = size_t{2} << 20;

  static std::align_val_t Alignment(size_t bytes) {
    return std::align_val_t{bytes >= kPage ? kPage : kCacheLineBytes};
  }
};

template <typename T>
using TileVector = std::vector<T, TileAllocator<T>>;

}  // namespace graphiqa
