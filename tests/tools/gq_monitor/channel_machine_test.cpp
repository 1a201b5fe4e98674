// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "channel/channel_machine.h"

#include <gtest/gtest.h>

#include "channel/backoff.h"

namespace graphiqa {
namespace {

using Action = ChannelMachine::Action;

Random Always(double value) {
  return [value] { return value; };
}

TEST(Backoff, DoublesToTheLongestAndDrawsBetweenHalfAndAll) {
  Backoff most(1, 5, Always(1));
  EXPECT_EQ(most.Next(), 1);
  EXPECT_EQ(most.Next(), 2);
  EXPECT_EQ(most.Next(), 4);
  EXPECT_EQ(most.Next(), 5);
  EXPECT_EQ(most.Next(), 5);
  most.Reset();
  EXPECT_EQ(most.Next(), 1);
  Backoff least(1, 5, Always(0));
  EXPECT_EQ(least.Next(), 0.5);
  EXPECT_EQ(least.Next(), 1);
}

TEST(Backoff, TwoOfThemDrawDifferently) {
  Backoff a(100, 100, SystemRandom());
  Backoff b(100, 100, SystemRandom());
  bool differ = false;
  for (int i = 0; i < 20; ++i) {
    const double first = a.Next();
    const double second = b.Next();
    EXPECT_GE(first, 50);
    EXPECT_LT(first, 100);
    differ |= first != second;
  }
  EXPECT_TRUE(differ);
}

class Machine : public testing::Test {
 protected:
  Machine() {
    settings_.uri = "udp://127.0.0.1:1";
    settings_.retry_first = 1;
    settings_.retry_longest = 60;
    machine_ = std::make_unique<ChannelMachine>(settings_, Always(1));
  }

  Action Tick(double now) { return machine_->Tick(now, seen_); }

  /// A frame comes, and is seen.
  Action Frame(double now) {
    ++seen_.frames;
    seen_.last_frame = now;
    return Tick(now);
  }

  /// Up to a playing channel at time 1.
  void Play() {
    ASSERT_EQ(Tick(0), Action::kStart);
    ASSERT_EQ(Frame(1), Action::kNone);
    ASSERT_EQ(machine_->state(), ChannelState::kPlaying);
  }

  void Anew() { seen_ = Observation(); }

  SourceSettings settings_;
  std::unique_ptr<ChannelMachine> machine_;
  Observation seen_;
};

TEST_F(Machine, PlaysWithTheFirstFrame) {
  EXPECT_EQ(machine_->state(), ChannelState::kWaiting);
  EXPECT_EQ(Tick(0), Action::kStart);
  EXPECT_EQ(machine_->state(), ChannelState::kConnecting);
  EXPECT_EQ(Tick(1), Action::kNone);
  EXPECT_EQ(Frame(2), Action::kNone);
  EXPECT_EQ(machine_->state(), ChannelState::kPlaying);
  EXPECT_EQ(machine_->reason(), "");
}

TEST_F(Machine, NoFirstFrameInTimeIsAFailure) {
  Tick(0);
  EXPECT_EQ(Tick(15), Action::kNone);
  EXPECT_EQ(Tick(15.1), Action::kStop);
  EXPECT_EQ(machine_->state(), ChannelState::kWaiting);
  EXPECT_EQ(machine_->reason(), "no frame within 15 s");
}

TEST_F(Machine, AStallRecoversByItself) {
  Play();
  EXPECT_EQ(Tick(6), Action::kNone);
  EXPECT_EQ(machine_->state(), ChannelState::kPlaying);
  Tick(6.1);
  EXPECT_EQ(machine_->state(), ChannelState::kStalled);
  Frame(7);
  EXPECT_EQ(machine_->state(), ChannelState::kPlaying);
  EXPECT_EQ(machine_->reconnects(), 0U);
}

TEST_F(Machine, ALongStallIsAFailure) {
  Play();
  Tick(6.1);
  EXPECT_EQ(Tick(16), Action::kNone);
  EXPECT_EQ(Tick(16.2), Action::kStop);
  EXPECT_EQ(machine_->reason(), "no new frame for 15 s");
  EXPECT_EQ(machine_->reconnects(), 1U);
}

TEST_F(Machine, FailuresAreRetriedLaterAndLater) {
  double now = 0;
  for (const double wait : {1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0}) {
    Anew();
    ASSERT_EQ(Tick(now), Action::kStart);
    seen_.failed = true;
    seen_.error = "refused";
    ASSERT_EQ(Tick(now), Action::kStop);
    EXPECT_EQ(machine_->reason(), "refused");
    EXPECT_EQ(machine_->next_attempt(), now + wait);
    Anew();
    EXPECT_EQ(Tick(now + wait - 0.01), Action::kNone);
    now += wait;
  }
}

TEST_F(Machine, AfterAWhileOfPlayingTheBackoffStartsOver) {
  for (int i = 0; i < 3; ++i) {
    Anew();
    Tick(machine_->next_attempt());
    seen_.failed = true;
    Tick(machine_->next_attempt());
  }
  Anew();
  const double start = machine_->next_attempt();
  ASSERT_EQ(Tick(start), Action::kStart);
  for (int i = 1; i < 40; ++i) Frame(start + i);
  seen_.failed = true;
  Tick(start + 40);
  EXPECT_EQ(machine_->next_attempt(), start + 41);
}

TEST_F(Machine, WaitsForAHangingPipeline) {
  seen_.can_start = false;
  EXPECT_EQ(Tick(0), Action::kNone);
  EXPECT_EQ(Tick(100), Action::kNone);
  seen_.can_start = true;
  EXPECT_EQ(Tick(101), Action::kStart);
}

TEST_F(Machine, TheEndOfAStreamIsAFailureAndOfAFileTheEnd) {
  Play();
  seen_.ended = true;
  EXPECT_EQ(Tick(2), Action::kStop);
  EXPECT_EQ(machine_->state(), ChannelState::kWaiting);
  settings_.uri = "file:///a.mp4";
  machine_ = std::make_unique<ChannelMachine>(settings_, Always(1));
  Anew();
  Play();
  seen_.ended = true;
  EXPECT_EQ(Tick(2), Action::kStop);
  EXPECT_EQ(machine_->state(), ChannelState::kStopped);
  EXPECT_EQ(Tick(1000), Action::kNone);
  EXPECT_EQ(machine_->Restart(1001, "asked"), Action::kNone);
  Anew();
  EXPECT_EQ(Tick(1001), Action::kStart);
}

TEST_F(Machine, ARestartIsAtOnce) {
  Play();
  EXPECT_EQ(machine_->Restart(3, "asked"), Action::kStop);
  Anew();
  EXPECT_EQ(Tick(3), Action::kStart);
  EXPECT_EQ(machine_->reconnects(), 1U);
}

}  // namespace
}  // namespace graphiqa
