// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Channels with real pipelines and the fake engine, whose score of a picture is
// the mean of its values in percent of 255.
#include "channel/channel.h"

#include <gst/gst.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "channel/thumbnailer.h"
#include "monitor_support.h"

namespace graphiqa {
namespace {

ChannelSettings SettingsFor(const std::string& uri) {
  ChannelSettings settings;
  settings.id = "a";
  settings.source.uri = uri;
  settings.source.max_rate = 0;
  settings.source.retry_first = 0.1;
  settings.source.retry_longest = 0.2;
  return settings;
}

class ChannelTest : public MonitorTest {
 protected:
  /// Ticks a channel until something holds; fails after a minute.
  bool Until(Channel* channel, const std::function<bool()>& holds) {
    return WaitFor([&] {
      for (Sample& sample : channel->Tick(MonotonicNow())) {
        samples_.push_back(sample);
      }
      return holds();
    });
  }

  void Close(Channel* channel) {
    channel->Close();
    EXPECT_TRUE(WaitFor([&] { return channel->closed(); }));
  }

  std::vector<Sample> samples_;
};

TEST_F(ChannelTest, PlaysAFileInALoopAndReportsScores) {
  ChannelSettings settings = SettingsFor(MakeClip(0xffffffff, 10));
  settings.source.loop = true;
  Channel channel(settings, FakeEngine("fake:"), SystemRandom());
  // Ten frames in a file: more of them only come from a second round.
  ASSERT_TRUE(Until(&channel, [&] { return samples_.size() > 15; }));
  EXPECT_EQ(channel.machine().state(), ChannelState::kPlaying);
  EXPECT_GT(samples_.back().score.value_or(0), 90);
  ASSERT_TRUE(Until(&channel, [&] { return channel.stats().scored > 15; }));
  EXPECT_EQ(channel.machine().reconnects(), 0U);
  Close(&channel);
}

TEST_F(ChannelTest, AFileEnds) {
  ChannelSettings settings = SettingsFor(MakeClip(0xff000000, 5));
  settings.source.mode = "sync";  // which alone scores every frame
  Channel channel(settings, FakeEngine("fake:"), SystemRandom());
  ASSERT_TRUE(Until(&channel, [&] {
    return channel.machine().state() == ChannelState::kStopped;
  }));
  EXPECT_EQ(samples_.size(), 5U);
  EXPECT_EQ(samples_.back().picture, "black");
  ASSERT_TRUE(Until(&channel, [&] { return channel.closed(); }));
}

TEST_F(ChannelTest, AMissingFileIsTriedAgain) {
  Channel channel(SettingsFor("file:///nonexistent.mp4"), FakeEngine("fake:"),
                  SystemRandom());
  ASSERT_TRUE(
      Until(&channel, [&] { return channel.machine().reconnects() >= 3; }));
  EXPECT_NE(channel.machine().reason(), "");
  Close(&channel);
}

TEST_F(ChannelTest, AModelThatCannotBeOpenedIsAFailureOfTheChannel) {
  Channel channel(SettingsFor(MakeClip(0xffffffff, 5)),
                  FakeEngine("/nonexistent.safetensors"), SystemRandom());
  ASSERT_TRUE(
      Until(&channel, [&] { return channel.machine().reconnects() >= 1; }));
  EXPECT_NE(channel.machine().reason().find("nonexistent.safetensors"),
            std::string::npos)
      << channel.machine().reason();
  Close(&channel);
}

TEST_F(ChannelTest, NewAlarmSettingsLeaveThePipelineAlone) {
  ChannelSettings settings = SettingsFor(MakeClip(0xffffffff, 10));
  settings.source.loop = true;
  Channel channel(settings, FakeEngine("fake:"), SystemRandom());
  ASSERT_TRUE(Until(&channel, [&] { return samples_.size() > 2; }));
  settings.alarms.low_score.below = 1;
  channel.Configure(settings, FakeEngine("fake:"), MonotonicNow());
  EXPECT_EQ(channel.machine().state(), ChannelState::kPlaying);
  settings.source.crops = 1;
  channel.Configure(settings, FakeEngine("fake:"), MonotonicNow());
  EXPECT_EQ(channel.machine().state(), ChannelState::kWaiting);
  samples_.clear();
  ASSERT_TRUE(Until(&channel, [&] { return samples_.size() > 2; }));
  Close(&channel);
}

TEST_F(ChannelTest, AUdpStreamStallsAndComesBack) {
  const UdpSender sender;
  ChannelSettings settings = SettingsFor(sender.uri());
  settings.source.stall_after = 1;
  settings.source.restart_after = 0.5;
  settings.source.connect_timeout = 2;
  Channel channel(settings, FakeEngine("fake:"), SystemRandom());
  const auto is = [&](ChannelState state) {
    return [&channel, state] { return channel.machine().state() == state; };
  };
  ASSERT_TRUE(Until(&channel, is(ChannelState::kPlaying)));
  sender.Pause();
  ASSERT_TRUE(Until(&channel, is(ChannelState::kStalled)));
  ASSERT_TRUE(
      Until(&channel, [&] { return channel.machine().reconnects() >= 1; }));
  sender.Resume();
  ASSERT_TRUE(Until(&channel, is(ChannelState::kPlaying)));
  Close(&channel);
}

TEST_F(ChannelTest, AThumbnailHasTheShapeOfThePictureAndItsScore) {
  ChannelSettings settings = SettingsFor(MakeClip(0xffffffff, 10));
  settings.source.loop = true;
  Channel channel(settings, FakeEngine("fake:"), SystemRandom());
  ASSERT_TRUE(Until(&channel, [&] { return samples_.size() > 2; }));
  Thumbnailer thumbnailer;
  std::vector<Thumbnail> made;
  ASSERT_TRUE(WaitFor([&] {
    GstSample* frame = channel.NewestFrame();
    if (frame != nullptr) thumbnailer.Submit("a", frame, 80);
    made = thumbnailer.Take();
    // The first frames of a round have no score yet.
    return !made.empty() && made[0].sample.score;
  }));
  EXPECT_EQ(made[0].channel, "a");
  EXPECT_GT(made[0].sample.score.value_or(0), 90);
  EXPECT_EQ(made[0].jpeg.substr(0, 2), "\xff\xd8");
  // 160x120 in, 80x60 out: the size stands in the frame header (SOF0).
  const size_t frame = made[0].jpeg.find("\xff\xc0");
  ASSERT_NE(frame, std::string::npos);
  EXPECT_EQ(made[0].jpeg[frame + 6], 60);
  EXPECT_EQ(made[0].jpeg[frame + 8], 80);
  Close(&channel);
}

}  // namespace
}  // namespace graphiqa
