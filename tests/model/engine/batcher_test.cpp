// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "engine/batcher.h"

#include <gtest/gtest.h>

#include <future>

#include "fake_backend.h"

namespace graphiqa {
namespace {

constexpr auto kLong = std::chrono::hours(1);

/// A batcher with a fake backend, closed so that jobs pile up until Go().
class BatcherTest : public ::testing::Test {
 protected:
  void Make(int max_views) {
    batcher_ = std::make_shared<Batcher>(
        [this] { return std::make_unique<FakeBackend>(control_); }, max_views);
  }

  /// Occupies the backend with a job, so that what follows is batched freely.
  void Hold(Batcher::Client* client) {
    control_->Close();
    Submit(client, 1);
    control_->AwaitPass();
  }

  /// Scores one view, so that the client counts as active.
  void Score(Batcher::Client* client) {
    std::promise<void> scored;
    client->Submit(FakeViews(1), [&](JobOutcome) { scored.set_value(); });
    scored.get_future().get();
  }

  void Submit(Batcher::Client* client, int first, size_t count = 1) {
    client->Submit(FakeViews(first, count), [this, first](JobOutcome outcome) {
      order_.push_back(first);
      outcomes_.push_back(std::move(outcome));
    });
  }

  std::shared_ptr<FakeControl> control_ = std::make_shared<FakeControl>();
  std::shared_ptr<Batcher> batcher_;
  // Written by the batcher's thread, read when its clients are gone.
  std::vector<int> order_;
  std::vector<JobOutcome> outcomes_;
};

TEST_F(BatcherTest, PassesAreFilledAcrossJobs) {
  Make(4);
  {
    Batcher::Client client(batcher_, {64});
    Hold(&client);
    for (const int first : {10, 20, 30}) Submit(&client, first, 3);
    control_->Open();
  }
  EXPECT_EQ(control_->Passes(), (std::vector<size_t>{1, 4, 4, 1}));
  EXPECT_EQ(order_, (std::vector<int>{1, 10, 20, 30}));
  for (size_t job = 1; job < outcomes_.size(); ++job) {
    ASSERT_EQ(outcomes_[job].values.size(), 3u);
    for (size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(outcomes_[job].values[i].mos_mu,
                static_cast<float>(10 * job + i));
    }
  }
}

TEST_F(BatcherTest, BackendsPreferenceIsUsedWithoutALimit) {
  Make(0);
  {
    Batcher::Client client(batcher_, {64});
    Hold(&client);
    Submit(&client, 10, 9);
    control_->Open();
  }
  EXPECT_EQ(control_->Passes(), (std::vector<size_t>{1, 4, 4, 1}));
  const auto sizes = batcher_->statistics().batches_by_size;
  EXPECT_EQ(sizes[0], 2u);  // of one view
  EXPECT_EQ(sizes[2], 2u);  // of three or four
}

TEST_F(BatcherTest, BadJobDoesNotFailItsNeighbours) {
  Make(8);
  {
    Batcher::Client client(batcher_, {64});
    Hold(&client);
    Submit(&client, 10);
    Submit(&client, kBadPixel);
    Submit(&client, 20, 2);
    control_->Open();
  }
  ASSERT_EQ(order_, (std::vector<int>{1, 10, kBadPixel, 20}));
  EXPECT_FALSE(outcomes_[1].error);
  ASSERT_TRUE(outcomes_[2].error);
  EXPECT_EQ(outcomes_[2].error->code(), ErrorCode::kNumeric);
  EXPECT_TRUE(outcomes_[2].values.empty());
  EXPECT_FALSE(outcomes_[3].error);
  EXPECT_EQ(outcomes_[3].values.size(), 2u);
  const ScorerStatistics statistics = batcher_->statistics();
  EXPECT_EQ(statistics.pictures, 3u);
  EXPECT_EQ(statistics.failed, 1u);
  EXPECT_EQ(statistics.views, 4u);
  EXPECT_EQ(statistics.batches, 3u);  // held, and two of three alone
}

TEST_F(BatcherTest, JobThatFailsInALaterPassEndsOnce) {
  Make(2);
  {
    Batcher::Client client(batcher_, {64});
    Hold(&client);
    Submit(&client, kBadPixel - 3, 5);  // its fourth view is bad
    Submit(&client, 10);
    control_->Open();
  }
  ASSERT_EQ(order_, (std::vector<int>{1, kBadPixel - 3, 10}));
  EXPECT_TRUE(outcomes_[1].error);
  EXPECT_FALSE(outcomes_[2].error);
  EXPECT_EQ(outcomes_[2].values.size(), 1u);
}

TEST_F(BatcherTest, QueueOfAClientIsBounded) {
  Make(1);
  Batcher::Client other(batcher_, {4});
  std::atomic<int> submitted{0};
  std::thread submitter;
  {
    Batcher::Client client(batcher_, {2});
    Hold(&client);
    submitter = std::thread([&] {
      for (const int first : {10, 11, 12, 13}) {
        Submit(&client, first);
        ++submitted;
      }
    });
    while (submitted < 2) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    EXPECT_EQ(submitted, 2);  // the third blocks
    Submit(&other, 50);       // and holds up nobody else
    control_->Open();
    submitter.join();
  }
  EXPECT_EQ(submitted, 4);
}

TEST_F(BatcherTest, CallbackMaySubmitToAFullQueue) {
  Make(1);
  std::promise<float> second;
  {
    Batcher::Client client(batcher_, {1});
    Hold(&client);
    client.Submit(FakeViews(2), [&](JobOutcome) {
      Submit(&client, 3);
      client.Submit(FakeViews(4), [&](JobOutcome outcome) {
        second.set_value(outcome.values.at(0).mos_mu);
      });
    });
    control_->Open();
    EXPECT_EQ(second.get_future().get(), 4.0f);
  }
}

TEST_F(BatcherTest, ClientWaitsForItsOwnJobsOnly) {
  Make(1);
  Batcher::Client patient(batcher_, {8});
  Hold(&patient);
  Submit(&patient, 10);
  std::thread opener([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    control_->Open();
  });
  std::atomic<bool> called{false};
  {
    Batcher::Client client(batcher_, {8});
    client.Submit(FakeViews(20), [&](JobOutcome) { called = true; });
  }
  EXPECT_TRUE(called);
  opener.join();
}

TEST_F(BatcherTest, ThrowingCallbackIsDropped) {
  Make(1);
  {
    Batcher::Client client(batcher_, {8});
    client.Submit(FakeViews(1),
                  [](JobOutcome) { throw std::runtime_error("careless"); });
    Submit(&client, 2);
  }
  EXPECT_EQ(order_, (std::vector<int>{2}));
}

TEST_F(BatcherTest, FailureToMakeTheBackendIsThrown) {
  const auto fail = []() -> std::unique_ptr<Backend> {
    throw Error(ErrorCode::kDevice, "no such device");
  };
  try {
    Batcher batcher(fail, 1);
    FAIL() << "a batcher without a backend";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kDevice);
    EXPECT_STREQ(error.what(), "no such device");
  }
}

TEST_F(BatcherTest, ClientsTakeTurnsHoweverManyJobsTheyHave) {
  Make(1);
  {
    Batcher::Client many(batcher_, {64});
    Batcher::Client few(batcher_, {64});
    Hold(&many);
    for (const int first : {10, 11, 12, 13}) Submit(&many, first);
    for (const int first : {20, 21}) Submit(&few, first);
    control_->Open();
  }
  EXPECT_EQ(order_, (std::vector<int>{1, 10, 20, 11, 21, 12, 13}));
}

TEST_F(BatcherTest, OldestDeadlineGoesFirst) {
  Make(1);
  {
    Batcher::Client patient(batcher_, {64, 0, std::chrono::hours(2)});
    Batcher::Client hasty(batcher_, {64, 0, std::chrono::hours(1)});
    Hold(&patient);
    Submit(&patient, 10);
    Submit(&hasty, 20);
    control_->Open();
  }
  EXPECT_EQ(order_, (std::vector<int>{1, 20, 10}));
}

TEST_F(BatcherTest, PassWaitsForTheOtherClients) {
  Make(8);
  {
    Batcher::Client first(batcher_, {64, 0, kLong});
    Batcher::Client second(batcher_, {64, 0, kLong, kLong});
    Score(&second);
    Submit(&first, 10, 2);
    Submit(&second, 20);
  }
  EXPECT_EQ(control_->Passes(), (std::vector<size_t>{1, 3}));
}

TEST_F(BatcherTest, FullPassWaitsForNobody) {
  Make(3);
  Batcher::Client silent(batcher_, {64, 0, kLong, kLong});
  Score(&silent);
  {
    Batcher::Client client(batcher_, {64, 0, kLong});
    Submit(&client, 10, 3);
  }
  EXPECT_EQ(control_->Passes(), (std::vector<size_t>{1, 3}));
}

TEST_F(BatcherTest, SilentClientHoldsOthersNoLongerThanTheirTimeout) {
  Make(8);
  Batcher::Client silent(batcher_, {64, 0, kLong, kLong});
  Score(&silent);
  {
    Batcher::Client client(batcher_, {64, 0, std::chrono::milliseconds(5)});
    const auto begin = std::chrono::steady_clock::now();
    Submit(&client, 10);
    client.Submit(FakeViews(11), [begin](JobOutcome) {
      EXPECT_GE(std::chrono::steady_clock::now() - begin,
                std::chrono::milliseconds(5));
    });
  }
  EXPECT_EQ(control_->Passes(), (std::vector<size_t>{1, 2}));
}

TEST_F(BatcherTest, NobodyWaitsForAClientThatNeverAsked) {
  Make(8);
  Batcher::Client silent(batcher_, {64});
  Batcher::Client client(batcher_, {64, 0, kLong});
  Score(&client);
  EXPECT_EQ(control_->Passes(), (std::vector<size_t>{1}));
}

TEST_F(BatcherTest, NobodyWaitsForAClientThatLeft) {
  Make(8);
  Batcher::Client client(batcher_, {64, 0, kLong});
  std::promise<void> scored;
  {
    Batcher::Client leaving(batcher_, {64, 0, kLong, kLong});
    Score(&leaving);
    client.Submit(FakeViews(10), [&](JobOutcome) { scored.set_value(); });
  }
  scored.get_future().get();
  EXPECT_EQ(control_->Passes(), (std::vector<size_t>{1, 1}));
}

TEST_F(BatcherTest, SmallestLimitOfThoseThereCounts) {
  Make(0);
  Batcher::Client large(batcher_, {64, 6});
  {
    Batcher::Client small(batcher_, {64, 2});
    Batcher::Client any(batcher_, {64});
    Submit(&any, 10, 6);
  }
  EXPECT_EQ(control_->Passes(), (std::vector<size_t>{2, 2, 2}));
  {
    Batcher::Client any(batcher_, {64});
    Submit(&any, 10, 8);
  }
  EXPECT_EQ(control_->Passes(), (std::vector<size_t>{2, 2, 2, 6, 2}));
}

TEST_F(BatcherTest, CancelledJobsAreCalledBackUnscored) {
  Make(1);
  Batcher::Client other(batcher_, {64});
  {
    Batcher::Client client(batcher_, {64});
    Hold(&client);
    for (const int first : {10, 11}) Submit(&client, first);
    Submit(&other, 20);
    client.Cancel();
    ASSERT_EQ(order_, (std::vector<int>{10, 11}));
    ASSERT_TRUE(outcomes_[1].error);
    EXPECT_EQ(outcomes_[1].error->code(), ErrorCode::kCancelled);
    control_->Open();
    client.Cancel();
  }
  while (batcher_->statistics().pictures < 2) std::this_thread::yield();
  EXPECT_EQ(batcher_->statistics().failed, 0u);
}

TEST_F(BatcherTest, PassThatDoesNotFitIntoMemoryIsHalved) {
  Make(8);
  control_->memory = 2;
  {
    Batcher::Client client(batcher_, {64, 8});
    Submit(&client, 10, 7);
  }
  ASSERT_EQ(outcomes_.size(), 1u);
  EXPECT_FALSE(outcomes_[0].error);
  ASSERT_EQ(outcomes_[0].values.size(), 7u);
  for (size_t i = 0; i < 7; ++i) {
    EXPECT_EQ(outcomes_[0].values[i].mos_mu, static_cast<float>(10 + i));
  }
  EXPECT_EQ(control_->Passes(), (std::vector<size_t>{7, 3, 1, 2, 4, 2, 2}));
  EXPECT_FALSE(batcher_->lost());
}

TEST_F(BatcherTest, LostDeviceFailsEveryJobAndMayComeBack) {
  Make(8);
  control_->memory = 0;
  {
    Batcher::Client client(batcher_, {64});
    Submit(&client, 10, 4);
  }
  ASSERT_EQ(outcomes_.size(), 1u);
  ASSERT_TRUE(outcomes_[0].error);
  EXPECT_EQ(outcomes_[0].error->code(), ErrorCode::kDevice);
  EXPECT_TRUE(batcher_->lost());
  control_->memory = 8;
  {
    Batcher::Client client(batcher_, {64});
    Submit(&client, 10, 4);
  }
  EXPECT_FALSE(outcomes_[1].error);
  EXPECT_FALSE(batcher_->lost());
}

TEST_F(BatcherTest, ManyThreadsEachGetTheirOwnInOrder) {
  Make(7);
  constexpr int kThreads = 8;
  constexpr int kJobs = 200;
  std::vector<std::thread> threads;
  std::vector<std::vector<float>> seen(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t, &own = seen[static_cast<size_t>(t)]] {
      Batcher::Client client(batcher_, {3, 0, std::chrono::milliseconds(1)});
      for (int i = 0; i < kJobs; ++i) {
        client.Submit(FakeViews(i % 200, static_cast<size_t>(1 + (i + t) % 3)),
                      [&own](JobOutcome outcome) {
                        own.push_back(outcome.values.at(0).mos_mu);
                      });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::vector<float>& own : seen) {
    ASSERT_EQ(own.size(), static_cast<size_t>(kJobs));
    for (size_t i = 0; i < own.size(); ++i) {
      EXPECT_EQ(own[i], static_cast<float>(i % 200));
    }
  }
  EXPECT_EQ(batcher_->statistics().pictures, uint64_t{kThreads * kJobs});
  for (const size_t views : control_->Passes()) EXPECT_LE(views, 7u);
}

}  // namespace
}  // namespace graphiqa
