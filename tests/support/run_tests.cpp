// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "run_tests.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>

namespace graphiqa {
namespace {

constexpr int kExitSkipped = 77;  // as automake and meson have it

/// Without the "Skipped" that GoogleTest puts in front.
std::string OneLine(std::string text) {
  constexpr const char* kHead = "Skipped\n";
  if (text.rfind(kHead, 0) == 0) text.erase(0, std::string(kHead).size());
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// Reasons that skipped tests gave, with the number of tests.
class SkipReasons : public testing::EmptyTestEventListener {
 public:
  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (result.skipped()) ++reasons_[OneLine(result.message())];
  }

  const std::map<std::string, int>& reasons() const { return reasons_; }

 private:
  std::map<std::string, int> reasons_;
};

}  // namespace

int RunTests(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  testing::UnitTest& tests = *testing::UnitTest::GetInstance();
  auto* skips = new SkipReasons;  // belongs to GoogleTest
  tests.listeners().Append(skips);
  const int code = RUN_ALL_TESTS();
  const int wanted = tests.test_to_run_count();
  const int skipped = tests.skipped_test_count();
  for (const auto& [reason, count] : skips->reasons()) {
    std::printf("skipped: %d of %d tests: %s\n", count, wanted, reason.c_str());
  }
  const bool all = skipped > 0 && skipped == wanted;
  return code == 0 && all ? kExitSkipped : code;
}

}  // namespace graphiqa
