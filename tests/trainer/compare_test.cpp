// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scratch_folder.h"

namespace graphiqa {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Two runs that differ in a rate, a nested option that one has not, and their
/// epochs.
void WriteRuns(const ScratchFolder& folder) {
  folder.Write("a/config.json",
               R"({"seed":1,"all":{"rate":0.0001,"form":"row"},"name":"x"})");
  folder.Write("a/metrics.csv",
               "phase,epoch,train_loss,val_srocc,seconds\n"
               "head,1,0.5,0.80,2\nall,1,0.3,0.91,30\nall,2,0.2,0.90,30\n");
  folder.Write("b/config.json",
               R"({"seed":1,"all":{"rate":0.0005},"name":"x"})");
  folder.Write("b/metrics.csv",
               "phase,epoch,train_loss,val_srocc,seconds\n"
               "head,1,0.6,,2\nall,1,0.4,0.7,31\n");
}

TEST(CompareTest, OptionsThatDifferAreListed) {
  const ScratchFolder folder;
  WriteRuns(folder);
  const auto runs = ReadRuns({folder.File("a"), folder.File("b/")});
  EXPECT_EQ(OptionTable(runs),
            "option         a       b\n"
            "all.form     row       -\n"
            "all.rate  0.0001  0.0005\n");
  EXPECT_EQ(OptionTable({runs[0], runs[0]}), "all options are the same\n");
}

TEST(CompareTest, BestEpochsAreFound) {
  const ScratchFolder folder;
  WriteRuns(folder);
  const auto runs = ReadRuns({folder.File("a"), folder.File("b")});
  EXPECT_EQ(BestRow(runs[0], "val_srocc"), 1u);
  EXPECT_EQ(BestRow(runs[0], "train_loss"), 2u);
  EXPECT_EQ(BestTable(runs, "val_srocc"),
            "best by val_srocc  phase  epoch  train_loss  val_srocc  seconds  "
            "rows\n"
            "a                    all      1         0.3       0.91       30  "
            "   3\n"
            "b                    all      1         0.4        0.7       31  "
            "   2\n");
}

TEST(CompareTest, CurvesHaveALineForEachRun) {
  const ScratchFolder folder;
  WriteRuns(folder);
  const std::string svg =
      CurvesPlot(ReadRuns({folder.File("a"), folder.File("b")}), "val_srocc");
  size_t lines = 0;
  for (size_t at = 0; (at = svg.find("<polyline", at)) != std::string::npos;
       ++at) {
    ++lines;
  }
  EXPECT_EQ(lines, 4u);
  EXPECT_THAT(svg, HasSubstr(">train_loss<"));
}

TEST(CompareTest, RunsOfOneNameAreTold) {
  const ScratchFolder folder;
  WriteRuns(folder);
  std::filesystem::create_directories(folder.File("other"));
  std::filesystem::rename(folder.File("b"), folder.File("other/a"));
  const auto runs = ReadRuns({folder.File("a"), folder.File("other/a")});
  EXPECT_EQ(runs[0].label, folder.File("a"));
  EXPECT_EQ(runs[1].label, folder.File("other/a"));
}

TEST(CompareTest, WrongFoldersAreNamed) {
  const ScratchFolder folder;
  WriteRuns(folder);
  const auto message = [&folder](const std::string& column = "val_srocc") {
    return MessageOf([&] { BestTable(ReadRuns({folder.File("a")}), column); });
  };
  EXPECT_EQ(message(), "");
  EXPECT_THAT(message("val_plcc"),
              testing::AllOf(HasSubstr("a/metrics.csv"),
                             HasSubstr("no column 'val_plcc'")));
  EXPECT_THAT(message("phase"),
              HasSubstr("line 2, column 'phase': 'head' is not a number"));
  folder.Write("a/metrics.csv", "phase,val_srocc\nhead,\n");
  EXPECT_THAT(message(), HasSubstr("no number in column 'val_srocc'"));
  folder.Write("a/metrics.csv", "phase,val_srocc\n");
  EXPECT_THAT(message(), HasSubstr("no epoch has ended yet"));
  folder.Remove("a/metrics.csv");
  EXPECT_THAT(message(), HasSubstr("a/metrics.csv: no such file"));
  folder.Write("a/config.json", "{");
  EXPECT_THAT(message(), HasSubstr("a/config.json"));
  folder.Remove("a/config.json");
  EXPECT_THAT(message(), HasSubstr("a: is no run folder (no config.json"));
}

}  // namespace
}  // namespace graphiqa
