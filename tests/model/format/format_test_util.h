// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "error.h"

namespace graphiqa {

/// A folder of its own for each test, removed afterwards.
class ScratchTest : public testing::Test {
 protected:
  ScratchTest();
  ~ScratchTest() override;
  std::string Path(const std::string& name) const {
    return (folder_ / name).string();
  }
  std::vector<std::string> Files() const;

 private:
  std::filesystem::path folder_;
};

/// The message of the Error that `body` throws; fails the test when it throws
/// none, another code or more than one line.
std::string ErrorOf(ErrorCode code, const std::function<void()>& body);

std::string ReadBytes(const std::string& path);
void WriteBytes(const std::string& path, const std::string& bytes);

inline const uint8_t* Bytes(const std::string& text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

/// $GRAPHIQA_GOLDEN_DIR, else the copy under tests/data.
std::string GoldenFolder();

/// The generator of the random tests (splitmix64), the same everywhere.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t Next();
  size_t Below(size_t limit) { return static_cast<size_t>(Next() % limit); }

 private:
  uint64_t state_;
};

}  // namespace graphiqa
