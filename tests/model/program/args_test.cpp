// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "program/args.h"

#include <gtest/gtest.h>

namespace graphiqa {
namespace {

const ProgramSpec kSpec{"tool",
                        "FILE",
                        "About.",
                        {{"--size", "N", "A size.", "-s"},
                         {"--loud", "", "A flag.", ""},
                         {"--rate", "X", "A rate.", ""}},
                        ""};

ErrorCode CodeOf(const std::vector<std::string>& arguments) {
  try {
    const Arguments parsed = ParseArguments(kSpec, arguments);
    parsed.GetInt("--size", 1, 0, 10);
    parsed.GetDouble("--rate", 1, 0, 1);
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::kFile;
}

TEST(Arguments, TakesValuesFlagsAndNames) {
  const Arguments parsed = ParseArguments(
      kSpec, {"a", "-s", "3", "--rate=0.5", "--loud", "-", "--", "--size"});
  EXPECT_EQ(parsed.GetInt("--size", 1, 0, 10), 3);
  EXPECT_EQ(parsed.GetDouble("--rate", 1, 0, 1), 0.5);
  EXPECT_TRUE(parsed.Has("--loud"));
  EXPECT_EQ(parsed.positional(),
            (std::vector<std::string>{"a", "-", "--size"}));
}

TEST(Arguments, LastValueCountsAndAbsentOnesFallBack) {
  const Arguments parsed = ParseArguments(kSpec, {"--size=1", "--size", "2"});
  EXPECT_EQ(parsed.GetInt("--size", 9, 0, 10), 2);
  EXPECT_EQ(parsed.GetDouble("--rate", 0.25, 0, 1), 0.25);
}

TEST(Arguments, WrongOnesAreUsageErrors) {
  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{"--sise", "3"},
                                             {"--size"},
                                             {"--loud=1"},
                                             {"--size", "11"},
                                             {"--size", "3x"},
                                             {"--size="},
                                             {"--rate", "nan"},
                                             {"--rate", "2"},
                                             {"-x"}}) {
    EXPECT_EQ(CodeOf(wrong), ErrorCode::kUsage) << wrong[0];
  }
}

TEST(Arguments, NearestOptionIsSuggested) {
  try {
    ParseArguments(kSpec, {"--sise"});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("--size"), std::string::npos);
  }
}

TEST(Arguments, HelpNamesEveryOption) {
  const std::string help = HelpText(kSpec);
  for (const OptionSpec& option : kSpec.options) {
    EXPECT_NE(help.find(option.name), std::string::npos);
  }
}

}  // namespace
}  // namespace graphiqa
