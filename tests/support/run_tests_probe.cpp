// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// One test of each kind, for run_tests_test.sh to pick from.
#include <gtest/gtest.h>

namespace {

TEST(Probe, PassesAtOnce) {}
TEST(Probe, SkipsFirst) { GTEST_SKIP() << "no such device"; }
TEST(Probe, SkipsAgain) { GTEST_SKIP() << "no such device"; }
TEST(Probe, FailsAlways) { FAIL() << "as it should"; }

}  // namespace
