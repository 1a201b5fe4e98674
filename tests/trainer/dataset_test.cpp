// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "augment.h"
#include "scratch_data.h"
#include "split.h"

namespace graphiqa {
namespace {

using testing::HasSubstr;

Dataset Grouped() {
  Dataset dataset;
  dataset.name = "made";
  for (int i = 0; i < 100; ++i) {
    dataset.samples.push_back(
        {"p" + std::to_string(i), "", 0.5, std::to_string(i / 4), ""});
  }
  return dataset;
}

TEST(SplitTest, GroupsStayTogetherAndSeedsDecide) {
  const Dataset dataset = Grouped();
  const Split split = MakeSplit(dataset, 0.2, 1);
  EXPECT_EQ(split.val.size(), 20u);
  EXPECT_EQ(split.train.size(), 80u);
  std::set<std::string> held;
  for (size_t i : split.val) held.insert(dataset.samples[i].group);
  for (size_t i : split.train) {
    EXPECT_EQ(held.count(dataset.samples[i].group), 0u) << i;
  }
  EXPECT_EQ(MakeSplit(dataset, 0.2, 1).val, split.val);
  EXPECT_NE(MakeSplit(dataset, 0.2, 2).val, split.val);
}

TEST(SplitTest, FileKeepsTheSplit) {
  const ScratchFolder folder;
  const Dataset dataset = Grouped();
  const Split split = MakeSplit(dataset, 0.3, 7);
  WriteSplit(folder.File("split.csv"), dataset, split);
  const Split read = ReadSplit(folder.File("split.csv"), dataset);
  EXPECT_EQ(read.train, split.train);
  EXPECT_EQ(read.val, split.val);
  folder.Write("foreign.csv", "image,split\nother,val\n");
  EXPECT_THAT(
      MessageOf([&] { ReadSplit(folder.File("foreign.csv"), dataset); }),
      HasSubstr("'other' is not in the data set"));
}

TEST(AugmentTest, ViewsAreParsedAndWrittenBack) {
  const ViewPlan plan = ParseViews("native:2,whole@1.5:1", 320);
  EXPECT_EQ(plan.native, 2);
  ASSERT_EQ(plan.whole.size(), 1u);
  EXPECT_EQ(plan.whole[0].scale, 1.5);
  EXPECT_EQ(FormatViews(plan), "native:2,whole@1.5:1");
  for (const char* bad : {"", "native", "native:0", "whole@0.5:1", "x:1"}) {
    EXPECT_THROW(ParseViews(bad, 320), Error) << bad;
  }
}

}  // namespace
}  // namespace graphiqa
