// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "output/deliverer.h"
#include "store/aggregator.h"
#include "store/history.h"
#include "store/spool.h"

namespace graphiqa {
namespace {

class Store : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "gq-store-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    Open();
  }
  void TearDown() override {
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::string Path() const { return folder_ / "m.sqlite"; }

  void Open() {
    database_.reset();
    database_ = std::make_unique<Database>(Path());
  }

  std::filesystem::path folder_;
  std::unique_ptr<Database> database_;
};

Spooled Event(const std::string& id) { return {0, id, "a", "{}"}; }

TEST_F(Store, ASpoolIsAQueuePerOutputThatSurvivesARestart) {
  {
    Spool spool(database_.get(), 100);
    spool.Add("x", Event("1"));
    spool.Add("y", Event("2"));
    spool.Add("x", Event("3"));
  }
  Open();
  Spool spool(database_.get(), 100);
  EXPECT_EQ(spool.Waiting("x"), 2);
  const auto first = spool.Oldest("x");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->id, "1");
  spool.Remove(first->number);
  EXPECT_EQ(spool.Oldest("x")->id, "3");
  EXPECT_EQ(spool.Oldest("y")->id, "2");
  EXPECT_FALSE(spool.Oldest("z"));
}

TEST_F(Store, AFullSpoolLosesItsOldestAndSaysSo) {
  Spool spool(database_.get(), 2);
  EXPECT_EQ(spool.Add("x", Event("1")), 0);
  EXPECT_EQ(spool.Add("x", Event("2")), 0);
  EXPECT_EQ(spool.Add("x", Event("3")), 1);
  EXPECT_EQ(spool.Oldest("x")->id, "2");
}

TEST_F(Store, AnUnfinishedTransactionLeavesNothing) {
  Spool spool(database_.get(), 10);
  {
    Transaction transaction(database_.get());
    spool.Add("x", Event("1"));
  }
  EXPECT_EQ(spool.Waiting("x"), 0);
  {
    Transaction transaction(database_.get());
    spool.Add("x", Event("1"));
    transaction.Commit();
  }
  EXPECT_EQ(spool.Waiting("x"), 1);
}

TEST_F(Store, ASecondProcessIsRefused) {
  const pid_t child = fork();
  if (child == 0) {
    try {
      const Database second(Path());
    } catch (const Error& error) {
      const std::string text = error.what();
      _exit(text.find("in use by another process") != std::string::npos ? 0
                                                                        : 2);
    }
    _exit(1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(Store, ADamagedFileIsAnErrorThatNamesIt) {
  const std::string other = folder_ / "other.sqlite";
  std::ofstream(other) << std::string(5000, 'x');
  try {
    const Database database(other);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("other.sqlite"),
              std::string::npos);
  }
}

TEST_F(Store, CurvesKeepWhatIsUnknownUnknown) {
  History history(database_.get());
  CurvePoint point;
  point.time = 60;
  point.samples = 3;
  point.mean = 70.5;
  point.distortion = "jpeg";
  point.picture = "normal";
  point.error_seconds = 4;
  history.AddPoint("a", kCoarseStep, point);
  history.AddPoint("b", kCoarseStep, point);
  const auto curve = history.Curve("a", kCoarseStep, 0, 1000, 10);
  ASSERT_EQ(curve.size(), 1U);
  EXPECT_EQ(curve[0].mean, 70.5);
  EXPECT_FALSE(curve[0].level);
  EXPECT_EQ(curve[0].distortion, "jpeg");
  EXPECT_EQ(curve[0].error_seconds, 4);
  EXPECT_TRUE(history.Curve("a", kCoarseStep, 0, 60, 10).empty());
  EXPECT_TRUE(history.Curve("a", kFineStep, 0, 1000, 10).empty());
}

TEST_F(Store, AlarmsStayOpenOverARestart) {
  Alarm alarm;
  {
    History history(database_.get());
    alarm.id = history.NextAlarmId();
    alarm.channel = "a";
    alarm.raised_at = 100;
    history.SaveAlarm(alarm);
  }
  Open();
  History history(database_.get());
  ASSERT_EQ(history.OpenAlarms().size(), 1U);
  EXPECT_EQ(history.NextAlarmId(), alarm.id + 1);
  alarm.cleared_at = 200;
  history.SaveAlarm(alarm);
  EXPECT_TRUE(history.OpenAlarms().empty());
  EXPECT_EQ(history.Alarms("a", 10).at(0).cleared_at, 200);
  EXPECT_TRUE(history.Alarms("b", 10).empty());
}

TEST_F(Store, OnlyTheWorstMomentsOfADayAreKept) {
  History history(database_.get());
  for (const double score : {50.0, 30.0, 40.0, 60.0, 20.0}) {
    Moment moment;
    moment.time = 1000 + score;
    moment.score = score;
    history.AddMoment("a", moment, "jpeg", 3);
  }
  Moment next_day;
  next_day.time = 90000;
  next_day.score = 99;
  EXPECT_TRUE(history.AddMoment("a", next_day, "picture", 3));
  const auto moments = history.Moments("a", 0, 10);
  ASSERT_EQ(moments.size(), 4U);
  EXPECT_EQ(moments[0].score, 20);
  EXPECT_EQ(moments[2].score, 40);
  EXPECT_EQ(history.MomentPicture("a", moments[3].id), "picture");
  EXPECT_EQ(history.MomentPicture("b", moments[3].id), "");
}

TEST_F(Store, WhatIsOldGoesALittleAtATime) {
  History history(database_.get());
  for (int i = 0; i < 25; ++i) {
    CurvePoint point;
    point.time = i * 60;
    history.AddPoint("a", kCoarseStep, point);
  }
  int rounds = 1;
  while (history.Prune(100 + 86400, 86400, 86400, 1)) ++rounds;
  EXPECT_EQ(rounds, 3);
  EXPECT_EQ(history.Curve("a", kCoarseStep, 0, 10000, 100).size(), 23U);
}

Sample SampleWith(double score, const std::string& distortion) {
  Sample sample;
  sample.score = score;
  if (!distortion.empty()) sample.distortion = distortion;
  return sample;
}

TEST(Aggregator, MakesAPointOfEachStep) {
  Aggregator aggregator(10);
  EXPECT_FALSE(aggregator.Advance(103));
  aggregator.Add(SampleWith(50, "jpeg"));
  aggregator.Add(SampleWith(70, "blur"));
  aggregator.Add(SampleWith(60, "jpeg"));
  aggregator.NotePicture("normal");
  EXPECT_FALSE(aggregator.Advance(109));
  const auto point = aggregator.Advance(110);
  ASSERT_TRUE(point);
  EXPECT_EQ(point->time, 100);
  EXPECT_EQ(point->samples, 3);
  EXPECT_EQ(point->mean, 60);
  EXPECT_EQ(point->low, 50);
  EXPECT_EQ(point->high, 70);
  EXPECT_EQ(point->distortion, "jpeg");
  EXPECT_EQ(point->picture, "normal");
  const auto empty = aggregator.Advance(125);
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->time, 110);
  EXPECT_FALSE(empty->mean);
}

TEST(Aggregator, NamesADistortionOnlyWhereItIsClear) {
  Aggregator aggregator(10);
  EXPECT_FALSE(aggregator.Advance(100));
  Sample guess = SampleWith(50, "jpeg");
  guess.confidence = 0.4;
  Sample clear = SampleWith(50, "gaussian-blur");
  clear.confidence = 0.5;
  for (const Sample& sample : {guess, guess, clear}) aggregator.Add(sample);
  EXPECT_FALSE(aggregator.Advance(110)->distortion);
  for (const Sample& sample : {guess, clear, clear}) aggregator.Add(sample);
  EXPECT_EQ(aggregator.Advance(120)->distortion, "gaussian-blur");
}

/// Answers as it is told, and writes down what it got.
class FakeSink : public Sink {
 public:
  struct Script {
    std::vector<std::string> got;
    std::deque<SendResult::Kind> answers;
    bool ready = true;
    bool silent = false;
  };
  explicit FakeSink(Script* script) : script_(script) {}
  bool Ready() override { return script_->ready; }
  void Send(const Spooled& event) override { script_->got.push_back(event.id); }
  std::optional<SendResult> Poll() override {
    if (script_->silent) return std::nullopt;
    SendResult result;
    if (!script_->answers.empty()) {
      result.kind = script_->answers.front();
      script_->answers.pop_front();
    }
    if (result.kind != SendResult::Kind::kDone) result.reason = "down";
    return result;
  }

 private:
  Script* script_;
};

class Delivery : public Store {
 protected:
  void SetUp() override {
    Store::SetUp();
    spool_ = std::make_unique<Spool>(database_.get(), 100);
    deliverer_ = std::make_unique<Deliverer>(
        "x", spool_.get(), std::make_unique<FakeSink>(&script_),
        [] { return 1.0; });
  }

  FakeSink::Script script_;
  std::unique_ptr<Spool> spool_;
  std::unique_ptr<Deliverer> deliverer_;
};

TEST_F(Delivery, KeepsTheOrderThroughFailures) {
  using Kind = SendResult::Kind;
  script_.answers = {Kind::kRetry, Kind::kRetry, Kind::kDone, Kind::kDone};
  spool_->Add("x", Event("1"));
  spool_->Add("x", Event("2"));
  deliverer_->Tick(0);
  deliverer_->Tick(0);  // fails: 1 s
  EXPECT_EQ(deliverer_->trouble(), "down");
  deliverer_->Tick(0.9);
  EXPECT_EQ(script_.got.size(), 1U);
  deliverer_->Tick(1);
  deliverer_->Tick(1);  // fails again: 2 s
  deliverer_->Tick(2.9);
  EXPECT_EQ(script_.got.size(), 2U);
  for (int i = 0; i < 4; ++i) deliverer_->Tick(3);
  EXPECT_EQ(script_.got, (std::vector<std::string>{"1", "1", "1", "2"}));
  EXPECT_EQ(deliverer_->delivered(), 2);
  EXPECT_EQ(deliverer_->trouble(), "");
  EXPECT_EQ(spool_->Waiting("x"), 0);
}

TEST_F(Delivery, ARejectedEventDoesNotHoldUpTheRest) {
  using Kind = SendResult::Kind;
  script_.answers = {Kind::kRejected, Kind::kRejected, Kind::kRejected};
  spool_->Add("x", Event("1"));
  spool_->Add("x", Event("2"));
  for (int t = 0; t < 20; ++t) deliverer_->Tick(t);
  EXPECT_EQ(script_.got, (std::vector<std::string>{"1", "1", "1", "2"}));
  EXPECT_EQ(deliverer_->given_up(), 1);
  EXPECT_EQ(deliverer_->delivered(), 1);
}

TEST_F(Delivery, WaitsUntilTheSinkIsReadyAndHasAnswered) {
  script_.ready = false;
  spool_->Add("x", Event("1"));
  for (int t = 0; t < 100; ++t) deliverer_->Tick(t);
  EXPECT_TRUE(script_.got.empty());
  EXPECT_EQ(deliverer_->failures(), 0);
  script_.ready = true;
  script_.silent = true;
  for (int t = 100; t < 200; ++t) deliverer_->Tick(t);
  EXPECT_EQ(script_.got.size(), 1U);
  EXPECT_EQ(spool_->Waiting("x"), 1);
  script_.silent = false;
  deliverer_->Tick(200);
  EXPECT_EQ(spool_->Waiting("x"), 0);
}

}  // namespace
}  // namespace graphiqa
