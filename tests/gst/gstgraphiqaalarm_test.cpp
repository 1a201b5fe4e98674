// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// What is said about a stream over time: alarms, and trouble with scoring.
#include "gstgraphiqaalarm.h"

#include <gtest/gtest.h>

#include <string>

#include "gstgraphiqahealth.h"

namespace graphiqa {
namespace {

/// Alarms with scores and pictures at a second each; events in short, as
/// "raised black since 3 at 8".
class AlarmTest : public ::testing::Test {
 protected:
  void Score(int count, double score,
             PictureState picture = PictureState::kNormal) {
    for (int i = 0; i < count; ++i, ++second_) {
      const GstClockTime time = second_ * GST_SECOND;
      for (const AlarmEvent& event : bank_.OnFrame(rule_, time, picture)) {
        Note(event);
      }
      const auto event = bank_.OnScore(rule_, time, score, picture);
      if (event) Note(*event);
    }
  }

  void Note(const AlarmEvent& event) {
    events_ += std::string(event.raised ? "raised " : "cleared ") +
               event.reason + " since " +
               std::to_string(event.since / GST_SECOND) + " at " +
               std::to_string(event.running_time / GST_SECOND) + "\n";
  }

  AlarmRule rule_{40, 5 * GST_SECOND, 10 * GST_SECOND};
  AlarmBank bank_;
  GstClockTime second_ = 0;
  std::string events_;
};

TEST_F(AlarmTest, LowScoreIsRaisedOnceAndClearedOnce) {
  Score(3, 80);
  Score(20, 39.9);
  Score(20, 40);
  EXPECT_EQ(events_,
            "raised low-quality since 3 at 8\n"
            "cleared low-quality since 23 at 33\n");
}

TEST_F(AlarmTest, ShortDropsRaiseNothing) {
  for (int i = 0; i < 10; ++i) {
    Score(5, 10);  // from its first to its last 4 s
    Score(1, 80);
  }
  EXPECT_EQ(events_, "");
}

TEST_F(AlarmTest, ShortRecoveriesClearNothing) {
  Score(6, 10);
  for (int i = 0; i < 10; ++i) {
    Score(10, 80);  // 9 s
    Score(1, 10);
  }
  EXPECT_EQ(events_, "raised low-quality since 0 at 5\n");
}

TEST_F(AlarmTest, OneLowScoreIsNotEnoughHoweverSeldomTheyCome) {
  Score(1, 10);
  second_ += 100;
  Score(1, 80);
  EXPECT_EQ(events_, "");
  Score(1, 10);
  second_ += 100;
  Score(1, 10);
  EXPECT_EQ(events_, "raised low-quality since 102 at 203\n");
}

TEST_F(AlarmTest, WithoutTimesTheFirstScoreDecides) {
  rule_.raise_time = rule_.clear_time = 0;
  Score(1, 10);
  Score(1, 80);
  EXPECT_EQ(events_,
            "raised low-quality since 0 at 0\n"
            "cleared low-quality since 1 at 1\n");
}

TEST_F(AlarmTest, BlackPictureHasAnAlarmOfItsOwn) {
  Score(3, 80);
  Score(30, 0, PictureState::kBlack);
  Score(15, 80);
  EXPECT_EQ(events_,
            "raised black since 3 at 8\n"
            "cleared black since 33 at 43\n");
}

TEST_F(AlarmTest, EachKindOfPictureHasItsReason) {
  Score(6, 0, PictureState::kFlat);
  Score(6, 0, PictureState::kFrozen);
  EXPECT_EQ(events_,
            "raised flat since 0 at 5\n"
            "raised frozen since 6 at 11\n");
}

TEST_F(AlarmTest, TimeWithoutAPictureIsNotCounted) {
  Score(4, 10);  // 3 s of it
  Score(3, 0, PictureState::kBlack);
  Score(2, 10);  // and 1 s
  EXPECT_EQ(events_, "");
  Score(1, 10);
  EXPECT_EQ(events_, "raised low-quality since 0 at 9\n");
}

TEST_F(AlarmTest, BlackPictureDoesNotClearALowScore) {
  Score(6, 10);
  Score(4, 100, PictureState::kBlack);
  Score(10, 80);
  EXPECT_EQ(events_, "raised low-quality since 0 at 5\n");
  Score(1, 80);
  EXPECT_EQ(events_,
            "raised low-quality since 0 at 5\n"
            "cleared low-quality since 10 at 20\n");
}

TEST_F(AlarmTest, AJumpInTimeStartsCountingAnew) {
  Score(4, 10);
  bank_.Interrupt();
  second_ = 1000;
  Score(5, 10);
  EXPECT_EQ(events_, "");
  Score(1, 10);
  EXPECT_EQ(events_, "raised low-quality since 1000 at 1005\n");
}

TEST_F(AlarmTest, SwitchingOffClearsWhatWasRaised) {
  Score(6, 10);
  Score(6, 10, PictureState::kBlack);
  events_.clear();
  rule_.below = 0;
  Score(3, 10);
  EXPECT_EQ(events_,
            "cleared low-quality since 12 at 12\n"
            "cleared black since 12 at 12\n");
}

TEST_F(AlarmTest, FramesWithoutTimesArePassedOver) {
  rule_.raise_time = 0;
  EXPECT_TRUE(
      bank_.OnFrame(rule_, GST_CLOCK_TIME_NONE, PictureState::kBlack).empty());
  EXPECT_FALSE(
      bank_.OnScore(rule_, GST_CLOCK_TIME_NONE, 0, PictureState::kNormal));
}

const Error kBadFrame(ErrorCode::kNumeric, "not finite");
const Error kLost(ErrorCode::kDevice, "device lost");

std::string StateOf(const std::optional<HealthNews>& news) {
  return news ? news->state : "";
}

TEST(HealthTest, AFailureAndItsEndAreTold) {
  HealthWatch watch;
  EXPECT_EQ("", StateOf(watch.Scored()));
  const auto news = watch.Failed(kBadFrame, 0);
  EXPECT_EQ("failing", StateOf(news));
  EXPECT_EQ("not finite", news->reason);
  EXPECT_EQ(1u, news->failed);
  EXPECT_FALSE(watch.lost());
  EXPECT_EQ("recovered", StateOf(watch.Scored()));
  EXPECT_EQ("", StateOf(watch.Scored()));
}

TEST(HealthTest, LastingTroubleIsToldEveryFiveSeconds) {
  HealthWatch watch;
  int told = 0;
  for (GstClockTime now = 0; now < 20 * GST_SECOND; now += 40 * GST_MSECOND) {
    told += watch.Failed(kBadFrame, now) ? 1 : 0;
  }
  EXPECT_EQ(4, told);
}

TEST(HealthTest, EveryOtherFrameFailingIsToldAsSeldom) {
  HealthWatch watch;
  int failing = 0;
  int recovered = 0;
  for (GstClockTime now = 0; now < 20 * GST_SECOND; now += 40 * GST_MSECOND) {
    failing += watch.Failed(kBadFrame, now) ? 1 : 0;
    recovered += watch.Scored() ? 1 : 0;
  }
  EXPECT_EQ(4, failing);
  EXPECT_EQ(4, recovered);
}

TEST(HealthTest, ALostDeviceIsTriedLessAndLessOften) {
  HealthWatch watch;
  GstClockTime now = 0;
  for (const GstClockTime wait :
       {250, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000}) {
    watch.Failed(kLost, now);
    EXPECT_TRUE(watch.lost());
    EXPECT_EQ(now + wait * GST_MSECOND, watch.retry_at());
    now = watch.retry_at();
    watch.Reopened();
    EXPECT_FALSE(watch.lost());
  }
  EXPECT_EQ("recovered", StateOf(watch.Scored()));
  watch.Failed(kLost, now);
  EXPECT_EQ(now + 250 * GST_MSECOND, watch.retry_at());
}

TEST(HealthTest, LosingTheDeviceIsToldAtOnce) {
  HealthWatch watch;
  watch.Failed(kBadFrame, 0);
  const auto news = watch.Failed(kLost, 1);
  EXPECT_EQ("lost", StateOf(news));
  EXPECT_EQ(250 * GST_MSECOND, news->retry_in);
  // Frames that cannot be read are no news while nothing can be scored.
  EXPECT_EQ("", StateOf(watch.Failed(kBadFrame, 10 * GST_SECOND)));
  EXPECT_TRUE(watch.lost());
}

}  // namespace
}  // namespace graphiqa
