// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/gst.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "channel/sample.h"

namespace graphiqa {

/// A small picture of a channel with what was measured on that very frame.
struct Thumbnail {
  std::string channel;
  double unix_time = 0;
  Sample sample;
  std::string jpeg;
};

/// Makes JPEGs of frames in one thread for all channels, so that their cost is
/// bounded whatever their number. A frame that finds the line full, or that
/// cannot be converted, gives no picture.
class Thumbnailer {
 public:
  Thumbnailer();
  /// Ends the thread, after the picture that it is at.
  ~Thumbnailer();
  Thumbnailer(const Thumbnailer&) = delete;
  Thumbnailer& operator=(const Thumbnailer&) = delete;

  /// @param frame  (transfer full)
  /// @param width  pixels, at most; the shape of the picture is kept
  /// @returns whether it will be done
  bool Submit(const std::string& channel, GstSample* frame, int width);

  /// Those made since the last call.
  std::vector<Thumbnail> Take();

 private:
  struct Job {
    std::string channel;
    GstSample* frame;
    int width;
    double unix_time;
  };

  void Work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  std::vector<Thumbnail> done_;
  bool closing_ = false;
  std::thread worker_;
};

/// The frame as JPEG; empty when it cannot be converted.
std::string EncodeJpeg(GstSample* frame, int width);

}  // namespace graphiqa
