// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/gst.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "config/settings.h"

namespace graphiqa {

/// Looks again and again whether something holds; gives up after a minute.
bool WaitFor(const std::function<bool()>& holds);

/// A TCP port that nobody listens on.
int FreePort();

/// Model files "fake:…" select the fake engine of tests/gst.
EngineSettings FakeEngine(const std::string& model);

/// A test with a folder of its own that can make clips.
class MonitorTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  /// @param colour  ARGB of every frame
  /// @returns the URI of a file of 160x120 at 25 frames per second
  std::string MakeClip(uint32_t colour, int frames);
  /// The same of noise: neither flat nor frozen.
  std::string MakeSnow(int frames);

  std::filesystem::path folder_;

 private:
  std::string Make(const std::string& name, const std::string& source,
                   int frames);
};

/// Sends MPEG-TS with video over UDP on the loopback until it is destroyed.
class UdpSender {
 public:
  UdpSender();
  ~UdpSender();
  UdpSender(const UdpSender&) = delete;
  UdpSender& operator=(const UdpSender&) = delete;

  std::string uri() const;
  void Pause() const;
  void Resume() const;

 private:
  GstElement* pipeline_ = nullptr;
  int port_ = 0;
};

}  // namespace graphiqa
