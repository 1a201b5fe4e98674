// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "results.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace graphiqa {
namespace {

using testing::HasSubstr;

TEST(ResultsTest, SubsetsAreMeasuredAlone) {
  // Each subset is ordered right or wrong; together they are neither.
  const std::vector<double> scores = {1, 2, 3, 3, 2, 1, 5, 9};
  const std::vector<double> ratings = {10, 20, 30, 10, 20, 30, 1, 2};
  const std::vector<std::string> subsets = {"b", "b", "b", "a",
                                            "a", "a", "",  "lone"};
  const std::vector<ResultRow> rows = MeasureSubsets(scores, ratings, subsets);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].label, "a");
  EXPECT_EQ(rows[0].pictures, 3u);
  EXPECT_DOUBLE_EQ(rows[0].agreement.srocc, -1);
  EXPECT_EQ(rows[1].label, "b");
  EXPECT_DOUBLE_EQ(rows[1].agreement.srocc, 1);
  EXPECT_THROW(MeasureSubsets(scores, ratings, {"a"}), Error);
}

TEST(ResultsTest, HeldOutGroupsAreWholeAndCountedAsPapersDo) {
  // Groups of LIVE, CSIQ, TID2013 and KADID-10k, and what papers hold out.
  for (const auto& [count, held_out] :
       {std::pair{29, 6}, {30, 6}, {25, 5}, {81, 16}}) {
    std::vector<std::string> groups;
    for (int i = 0; i < 3 * count; ++i) {
      groups.push_back("g" + std::to_string(i % count));
    }
    const std::vector<size_t> held = HeldOutGroups(groups, 0.2, 1);
    std::set<std::string> out;
    for (size_t i : held) out.insert(groups[i]);
    EXPECT_EQ(out.size(), static_cast<size_t>(held_out)) << count;
    EXPECT_EQ(held.size(), 3 * out.size()) << count;
    EXPECT_EQ(HeldOutGroups(groups, 0.2, 1), held);
    EXPECT_NE(HeldOutGroups(groups, 0.2, 2), held);
  }
  EXPECT_THROW(HeldOutGroups({"a", "a"}, 0.2, 1), Error);
}

TEST(ResultsTest, SplitsGiveTheMedianOfTheirHeldOutParts) {
  std::vector<double> scores;
  std::vector<double> ratings;
  std::vector<std::string> groups;
  for (int i = 0; i < 60; ++i) {
    scores.push_back(i);
    ratings.push_back(i + 7 * (i % 4));
    groups.push_back(std::to_string(i / 2));
  }
  const SplitResults results =
      MeasureSplits(scores, ratings, groups, 0.2, 4, 11);
  std::vector<double> srocc;
  for (uint64_t seed : {11, 12, 13, 14}) {
    std::vector<double> some_scores;
    std::vector<double> some_ratings;
    for (size_t i : HeldOutGroups(groups, 0.2, seed)) {
      some_scores.push_back(scores[i]);
      some_ratings.push_back(ratings[i]);
    }
    srocc.push_back(Srocc(some_scores, some_ratings));
  }
  std::sort(srocc.begin(), srocc.end());
  EXPECT_EQ(results.pictures, 12u);
  EXPECT_DOUBLE_EQ(results.lowest.srocc, srocc[0]);
  EXPECT_DOUBLE_EQ(results.median.srocc, (srocc[1] + srocc[2]) / 2);
  EXPECT_DOUBLE_EQ(results.highest.srocc, srocc[3]);
  EXPECT_LT(results.lowest.rmse, results.highest.rmse);
  const std::string table = ResultTable(SplitRows(results));
  EXPECT_THAT(table, HasSubstr("median of 4 splits             12"));
  EXPECT_THROW(MeasureSplits(scores, ratings, groups, 0.2, 0, 1), Error);
}

}  // namespace
}  // namespace graphiqa
