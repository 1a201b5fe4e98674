// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "program/commands.h"

#include <gtest/gtest.h>

namespace graphiqa {
namespace {

const CommandEntry kCommands[] = {
    {"count", "Give the number of arguments as the exit code.",
     [](const std::vector<std::string>& arguments) {
       return static_cast<int>(arguments.size());
     }},
    {nullptr, nullptr, nullptr}};

int RunTool(const std::vector<std::string>& arguments) {
  ProgramSpec spec;
  spec.name = "tool";
  spec.synopsis = "COMMAND";
  spec.about = "About.";
  return RunCommands(spec, kCommands, arguments);
}

TEST(CommandsTest, TheCommandGetsWhatFollowsIt) {
  EXPECT_EQ(RunTool({"count"}), 0);
  EXPECT_EQ(RunTool({"count", "a", "--help", "count"}), 3);
}

TEST(CommandsTest, MissingAndUnknownOnesAreWrongUsage) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(RunTool({}), kExitUsage);
  EXPECT_EQ(RunTool({"cuont", "a"}), kExitUsage);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "tool: a command is missing (see tool --help)\n"
            "tool: unknown command \"cuont\" (see tool --help)\n");
}

TEST(CommandsTest, HelpListsThem) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(RunTool({"--help"}), kExitOk);
  EXPECT_NE(testing::internal::GetCapturedStdout().find(
                "  count                   Give the number"),
            std::string::npos);
}

}  // namespace
}  // namespace graphiqa
