// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "alarm/alarm_book.h"
#include "alarm/alarm_set.h"
#include "alarm/error_seconds.h"
#include "alarm/maintenance.h"

namespace graphiqa {
namespace {

Timing Times(double raise_after, double clear_after) {
  Timing timing;
  timing.raise_after = raise_after;
  timing.clear_after = clear_after;
  return timing;
}

TEST(Condition, IsRaisedAndClearedAfterItsTimes) {
  Condition condition(Times(5, 10));
  for (int t = 0; t < 5; ++t) condition.Observe(t, Verdict::kBad);
  EXPECT_FALSE(condition.raised());
  condition.Observe(5, Verdict::kBad);
  EXPECT_TRUE(condition.raised());
  for (int t = 6; t < 16; ++t) condition.Observe(t, Verdict::kGood);
  EXPECT_TRUE(condition.raised());
  condition.Observe(16, Verdict::kGood);
  EXPECT_FALSE(condition.raised());
}

TEST(Condition, AnyOtherVerdictBreaksTheTime) {
  for (const Verdict other : {Verdict::kGood, Verdict::kBetween}) {
    Condition condition(Times(5, 5));
    for (int t = 0; t < 5; ++t) condition.Observe(t, Verdict::kBad);
    condition.Observe(5, other);
    for (int t = 6; t < 11; ++t) condition.Observe(t, Verdict::kBad);
    EXPECT_FALSE(condition.raised());
    condition.Observe(11, Verdict::kBad);
    EXPECT_TRUE(condition.raised());
  }
}

TEST(Condition, FlappingNeitherRaisesNorClears) {
  Condition condition(Times(2, 2));
  for (int t = 0; t < 100; ++t) {
    condition.Observe(t, t % 2 == 0 ? Verdict::kBad : Verdict::kGood);
    ASSERT_FALSE(condition.raised());
  }
  for (int t = 100; t < 103; ++t) condition.Observe(t, Verdict::kBad);
  ASSERT_TRUE(condition.raised());
  for (int t = 103; t < 200; ++t) {
    condition.Observe(t, t % 2 == 0 ? Verdict::kBad : Verdict::kGood);
    ASSERT_TRUE(condition.raised());
  }
}

TEST(Condition, TimeWithoutKnowledgeDoesNotCount) {
  Condition condition(Times(5, 5));
  condition.Observe(0, Verdict::kBad);
  condition.Observe(3, Verdict::kBad);
  condition.Observe(4, Verdict::kUnknown);
  condition.Observe(1000, Verdict::kBad);
  EXPECT_FALSE(condition.raised());
  condition.Observe(1002, Verdict::kBad);
  EXPECT_TRUE(condition.raised());
}

TEST(Condition, WithoutARaiseTimeTheFirstLookDecides) {
  Condition condition(Times(0, 0));
  condition.Observe(0, Verdict::kBad);
  EXPECT_TRUE(condition.raised());
  condition.Observe(0.1, Verdict::kGood);
  EXPECT_FALSE(condition.raised());
}

DropSettings Drop() {
  DropSettings drop;
  drop.points = 10;
  drop.window = 1;
  drop.baseline = 100;
  drop.warm_up = 20;
  drop.accept_after = 60;
  return drop;
}

TEST(Baseline, SeesAFallOnlyWhenWarm) {
  Baseline baseline(Drop());
  for (int t = 0; t < 10; ++t) baseline.Observe(t, 80);
  EXPECT_EQ(baseline.Observe(10, 20), Verdict::kUnknown);
  Baseline warm(Drop());
  for (int t = 0; t <= 30; ++t) warm.Observe(t, 80);
  EXPECT_NEAR(warm.usual(), 80, 1e-9);
  EXPECT_EQ(warm.Observe(31, 80), Verdict::kGood);
  EXPECT_EQ(warm.Observe(32, 60), Verdict::kBad);
}

TEST(Baseline, FollowsASlowChange) {
  Baseline baseline(Drop());
  Verdict worst = Verdict::kGood;
  for (int t = 0; t <= 2000; ++t) {
    if (baseline.Observe(t, 80 - t * 0.02) == Verdict::kBad) {
      worst = Verdict::kBad;
    }
  }
  EXPECT_EQ(worst, Verdict::kGood);
  EXPECT_LT(baseline.usual(), 45);
}

TEST(Baseline, TakesALastingFallAsUsual) {
  Baseline baseline(Drop());
  int t = 0;
  for (; t <= 30; ++t) baseline.Observe(t, 80);
  for (; t < 80; ++t) {
    baseline.Observe(t, 50);
  }
  EXPECT_NEAR(baseline.usual(), 80, 1);
  EXPECT_EQ(baseline.Observe(t, 50), Verdict::kBad);
  for (; t < 120; ++t) baseline.Observe(t, 50);
  EXPECT_EQ(baseline.Observe(t, 50), Verdict::kGood);
}

/// A set of alarms with short times and a channel that plays.
class Alarms : public testing::Test {
 protected:
  Alarms() {
    settings_.drop.enabled = false;
    settings_.low_score.raise_after = 2;
    settings_.low_score.clear_after = 2;
    DistortionSettings jpeg;
    jpeg.type = "jpeg";
    jpeg.raise_after = 2;
    settings_.distortions.push_back(jpeg);
    view_.state = ChannelState::kPlaying;
    view_.first_attempt = false;
    view_.picture = "normal";
  }

  Sample At(double time, double score) const {
    Sample sample;
    sample.time = time;
    sample.score = score;
    return sample;
  }

  static bool Raised(const AlarmSet& set, const std::string& kind) {
    for (const AlarmState& state : set.states()) {
      if (state.kind == kind) return state.raised;
    }
    ADD_FAILURE() << "no alarm " << kind;
    return false;
  }

  AlarmSettings settings_;
  SignalView view_;
};

TEST_F(Alarms, LowScoreHasHysteresis) {
  AlarmSet set(settings_);
  for (int t = 0; t <= 2; ++t) set.OnSample(At(t, 39));
  EXPECT_TRUE(Raised(set, "low-score"));
  EXPECT_EQ(set.states()[0].reason, "score 39.0 is below 40");
  for (int t = 3; t <= 20; ++t) set.OnSample(At(t, 44));
  EXPECT_TRUE(Raised(set, "low-score"));
  EXPECT_FALSE(set.bad());
  for (int t = 21; t <= 23; ++t) set.OnSample(At(t, 46));
  EXPECT_FALSE(Raised(set, "low-score"));
}

TEST_F(Alarms, ADistortionIsNamedWithItsLevel) {
  AlarmSet set(settings_);
  Sample sample = At(0, 80);
  sample.distortion = "jpeg";
  sample.confidence = 0.9;
  sample.level = 2.9;
  for (int t = 0; t <= 5; ++t) {
    sample.time = t;
    set.OnSample(sample);
  }
  EXPECT_FALSE(Raised(set, "distortion:jpeg"));
  sample.level = 4;
  for (int t = 6; t <= 8; ++t) {
    sample.time = t;
    set.OnSample(sample);
  }
  EXPECT_TRUE(Raised(set, "distortion:jpeg"));
  EXPECT_EQ(set.states()[1].reason, "jpeg, level 4.0 (confidence 0.90)");
}

TEST_F(Alarms, AModelWithoutTypesRaisesNone) {
  AlarmSet set(settings_);
  for (int t = 0; t <= 50; ++t) set.OnSample(At(t, 80));
  EXPECT_FALSE(Raised(set, "distortion:jpeg"));
}

TEST_F(Alarms, ABlackPictureHasItsOwnAlarmAndHoldsScoresBack) {
  AlarmSet set(settings_);
  view_.picture = "black";
  for (int t = 0; t <= 20; ++t) {
    Sample sample = At(t, 5);
    sample.picture = "black";
    set.OnSample(sample);
    set.OnTick(t, view_);
  }
  EXPECT_TRUE(Raised(set, "black"));
  EXPECT_FALSE(Raised(set, "low-score"));
  EXPECT_TRUE(set.bad());
}

TEST_F(Alarms, ALostSignalIsTheOnlyAlarm) {
  AlarmSet set(settings_);
  view_.state = ChannelState::kStalled;
  view_.reason = "no new frame for 5 s";
  view_.picture = "black";  // of the last frame there was
  for (int t = 0; t <= 20; ++t) set.OnTick(t, view_);
  EXPECT_TRUE(Raised(set, "signal-lost"));
  EXPECT_FALSE(Raised(set, "black"));
  view_.state = ChannelState::kPlaying;
  view_.picture = "normal";
  for (int t = 21; t <= 31; ++t) set.OnTick(t, view_);
  EXPECT_FALSE(Raised(set, "signal-lost"));
}

TEST_F(Alarms, TheFirstAttemptToConnectIsNoLoss) {
  AlarmSet set(settings_);
  view_.state = ChannelState::kConnecting;
  view_.first_attempt = true;
  for (int t = 0; t <= 20; ++t) set.OnTick(t, view_);
  EXPECT_FALSE(Raised(set, "signal-lost"));
}

TEST_F(Alarms, NewSettingsKeepWhatIsRaised) {
  AlarmSet set(settings_);
  for (int t = 0; t <= 2; ++t) set.OnSample(At(t, 39));
  settings_.low_score.below = 30;
  set.Configure(settings_);
  EXPECT_TRUE(Raised(set, "low-score"));
  settings_.low_score.enabled = false;
  set.Configure(settings_);
  for (const AlarmState& state : set.states()) {
    EXPECT_NE(state.kind, "low-score");
  }
  set.OnSample(At(3, 10));  // of an alarm that is off
}

AlarmState StateOf(const std::string& kind, bool raised) {
  AlarmState state;
  state.kind = kind;
  state.severity = "warning";
  state.reason = "because";
  state.raised = raised;
  return state;
}

class Book : public testing::Test {
 protected:
  Book() : book_(7, [this](const AlarmEvent& event) { Note(event); }) {}

  void Note(const AlarmEvent& event) {
    seen_ += event.type + " " + std::to_string(event.alarm.id) + " " +
             event.alarm.channel + " " + event.alarm.kind + "; ";
  }

  void Update(bool raised, bool maintenance = false) {
    book_.Update("a", "A", {StateOf("black", raised)}, maintenance, 100);
  }

  std::string seen_;
  AlarmBook book_;
};

TEST_F(Book, SaysEachChangeOnce) {
  Update(false);
  Update(true);
  Update(true);
  EXPECT_NE(book_.Acknowledge(7, "me", "seen", 101), nullptr);
  EXPECT_EQ(book_.Acknowledge(7, "you", "", 102)->acknowledged_by, "me");
  EXPECT_EQ(book_.Acknowledge(8, "me", "", 101), nullptr);
  Update(false);
  Update(false);
  EXPECT_EQ(seen_,
            "raised 7 a black; acknowledged 7 a black; "
            "cleared 7 a black; ");
  Update(true);
  EXPECT_EQ(book_.Open("a").at(0).id, 8);
}

TEST_F(Book, MaintenanceKeepsBackWhatIsNew) {
  Update(true, true);
  EXPECT_EQ(seen_, "");
  Update(true, false);
  EXPECT_EQ(seen_, "raised 7 a black; ");
  Update(false, true);
  EXPECT_EQ(seen_, "raised 7 a black; cleared 7 a black; ");
}

TEST_F(Book, AnAlarmThatIsGoneIsCleared) {
  Update(true);
  book_.Update("a", "A", {}, false, 100);
  EXPECT_EQ(seen_, "raised 7 a black; cleared 7 a black; ");
  Update(true);
  book_.Forget("a", 100);
  EXPECT_TRUE(book_.Open().empty());
}

TEST_F(Book, AnAlarmOfTheLastProcessIsClearedInThisOne) {
  Alarm alarm;
  alarm.id = 12;
  alarm.channel = "a";
  alarm.kind = "black";
  book_.Restore(alarm);
  Update(true);
  EXPECT_EQ(seen_, "");
  Update(false);
  EXPECT_EQ(seen_, "cleared 12 a black; ");
  Update(true);
  EXPECT_EQ(book_.Open().at(0).id, 13);
}

/// Seconds since 1970 of a time in UTC; 2026-03-02 is a Monday.
int64_t March(int day, int hour, int minute) {
  return 1772323200 + (day - 1) * 86400 + hour * 3600 + minute * 60;
}

TEST(Maintenance, OnceAndWeekly) {
  MaintenanceWindow once;
  once.from_unix = March(2, 1, 0);
  once.to_unix = March(2, 2, 0);
  EXPECT_FALSE(InMaintenance({once}, March(2, 0, 59)));
  EXPECT_TRUE(InMaintenance({once}, March(2, 1, 0)));
  EXPECT_FALSE(InMaintenance({once}, March(2, 2, 0)));
  MaintenanceWindow weekly;
  weekly.days = 1;  // Monday
  weekly.from_minute = 22 * 60;
  weekly.to_minute = 3 * 60;  // of Tuesday
  EXPECT_FALSE(InMaintenance({weekly}, March(2, 2, 0)));
  EXPECT_TRUE(InMaintenance({weekly}, March(2, 22, 0)));
  EXPECT_TRUE(InMaintenance({weekly}, March(3, 2, 59)));
  EXPECT_FALSE(InMaintenance({weekly}, March(3, 3, 0)));
  EXPECT_FALSE(InMaintenance({weekly}, March(3, 22, 0)));
  weekly.timezone = "+02:00";
  EXPECT_TRUE(InMaintenance({weekly}, March(2, 20, 0)));
  EXPECT_FALSE(InMaintenance({weekly}, March(3, 1, 30)));
}

TEST(ErrorSeconds, CountsEachSecondOnceOverHourAndDay) {
  ErrorSeconds seconds;
  const int64_t start = March(2, 0, 0);
  for (int i = 0; i < 10; ++i) {
    seconds.Note(start + i, true);
    seconds.Note(start + i, true);
    seconds.Note(start + i, false);
  }
  seconds.Note(start + 3, true);  // the clock was put back
  EXPECT_EQ(seconds.LastHour(start + 20), 10);
  EXPECT_EQ(seconds.InMinute(start / 60), 10);
  EXPECT_EQ(seconds.LastHour(start + 3599), 10);
  EXPECT_EQ(seconds.LastHour(start + 3600), 0);
  EXPECT_EQ(seconds.LastDay(start + 86399), 10);
  EXPECT_EQ(seconds.LastDay(start + 86400), 0);
  seconds.Restore(start / 60 + 1, 30);
  EXPECT_EQ(seconds.LastHour(start + 120), 40);
  EXPECT_EQ(seconds.total(), 10U);
}

}  // namespace
}  // namespace graphiqa
