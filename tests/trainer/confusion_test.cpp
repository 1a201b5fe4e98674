// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "confusion.h"

#include <gtest/gtest.h>

#include "scratch_folder.h"

namespace graphiqa {
namespace {

Confusion Sample() {
  return CountConfusion({"none", "blur", "lens-blur", "jpeg"},
                        {0, 0, 1, 1, 1, 2, 2, 3}, {0, 3, 1, 2, 2, 2, 1, 3});
}

TEST(ConfusionTest, CountsTrueByPredicted) {
  const Confusion confusion = Sample();
  EXPECT_EQ(confusion.Total(), 8);
  EXPECT_EQ(confusion.counts[1][2], 2);
  EXPECT_EQ(confusion.counts[2][1], 1);
  EXPECT_DOUBLE_EQ(confusion.Accuracy(), 4 / 8.0);
  EXPECT_DOUBLE_EQ(confusion.Recall(1), 1 / 3.0);
  EXPECT_DOUBLE_EQ(confusion.Precision(3), 1 / 2.0);
  EXPECT_EQ(CountConfusion({"a"}, {}, {}).Accuracy(), 0);
  EXPECT_EQ(CountConfusion({"a"}, {}, {}).Recall(0), 0);
}

TEST(ConfusionTest, LookAlikesCountAsOne) {
  const Confusion merged = MergeClasses(Sample(), {{2, 1}});
  ASSERT_EQ(merged.names,
            (std::vector<std::string>{"none", "blur/lens-blur", "jpeg"}));
  EXPECT_EQ(merged.counts[1][1], 5);
  EXPECT_DOUBLE_EQ(merged.Accuracy(), 7 / 8.0);
  EXPECT_EQ(merged.Total(), 8);
  EXPECT_EQ(MessageOf([] {
              MergeClasses(Sample(), {{1, 2}, {2, 3}});
            }),
            "confusion: class 2 is listed twice");
  EXPECT_EQ(MessageOf([] {
              MergeClasses(Sample(), {{1, 4}});
            }),
            "confusion: class 4 of 4");
}

TEST(ConfusionTest, WrongClassesAreRefused) {
  EXPECT_EQ(MessageOf([] {
              CountConfusion({"a", "b"}, {0, 1}, {0, 2});
            }),
            "confusion: class 2 of 2");
  EXPECT_EQ(MessageOf([] {
              CountConfusion({"a", "b"}, {0, 1}, {0});
            }),
            "confusion: 1 predictions for 2 pictures");
}

TEST(ConfusionTest, TableAndCsv) {
  EXPECT_EQ(ConfusionTable(Sample()),
            "                 1    2    3    4  recall\n"
            " 1 none          1    .    .    1   0.500\n"
            " 2 blur          .    1    2    .   0.333\n"
            " 3 lens-blur     .    1    1    .   0.500\n"
            " 4 jpeg          .    .    .    1   1.000\n"
            "precision     1.00 0.50 0.33 0.50   0.500\n");
  EXPECT_EQ(ConfusionCsv(Sample()),
            "true,none,blur,lens-blur,jpeg\n"
            "none,1,0,0,1\nblur,0,1,2,0\nlens-blur,0,1,1,0\njpeg,0,0,0,1\n");
}

}  // namespace
}  // namespace graphiqa
