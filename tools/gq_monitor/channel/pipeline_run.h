// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/gst.h>

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "channel/channel_machine.h"
#include "channel/sample.h"
#include "config/settings.h"

namespace graphiqa {

/// Counters of the element, since the start of its pipeline.
struct EngineStats {
  uint64_t frames_in = 0;
  uint64_t scored = 0;
  uint64_t held = 0;
  uint64_t skipped = 0;
  uint64_t failed = 0;
  double queue_s = 0;      ///< mean per scored frame
  double inference_s = 0;  ///< mean per scored frame
  double latency_p50_s = 0;
  double latency_p99_s = 0;
};

/// What a run has to say since the last time.
struct RunReport {
  Observation seen;
  std::vector<Sample> samples;  ///< scored frames, oldest first
  std::string picture;          ///< of the newest frame
  EngineStats stats;            ///< not older than about a second
  std::string mode;             ///< live or sync, once known
  std::string health;           ///< last `graphiqa-health` message, if any
  uint64_t lost_samples = 0;    ///< not taken in time
};

/// One life of a channel's pipeline, from its making to its end. It has a
/// thread of its own, because going up (a model is loaded) and coming down (a
/// network source hangs) may both block for any time; nobody else ever waits.
class PipelineRun {
 public:
  static std::shared_ptr<PipelineRun> Start(const SourceSettings& source,
                                            const EngineSettings& engine);

  PipelineRun(const PipelineRun&) = delete;
  PipelineRun& operator=(const PipelineRun&) = delete;

  /// Returns at once; `finished()` tells when it is done.
  void RequestStop();
  bool finished() const;

  RunReport Take();

  /// The newest frame; null when there is none.
  /// @returns (transfer full)
  GstSample* NewestFrame() const;

 private:
  PipelineRun(const SourceSettings& source, const EngineSettings& engine);

  void Main();
  void Play();
  void Build();
  void Configure(GstElement* quality);
  void ChooseMode(GstElement* quality);
  void GoUp();
  /// @param property  an integer, an enumeration or a boolean
  void Set(const char* element, const char* property, gint value);
  /// Waits for the next thing to do; false when it is to end.
  bool Serve();
  void StartAgain();
  void ReadStats();
  void Fail(const std::string& error);
  void OnElementMessage(const GstStructure* fields);
  void OnError(GstMessage* message);
  void OnFrame(GstBuffer* buffer);
  static GstBusSyncReply OnMessage(GstBus* bus, GstMessage* message,
                                   gpointer self);
  static GstPadProbeReturn OnBuffer(GstPad* pad, GstPadProbeInfo* info,
                                    gpointer self);

  const SourceSettings source_;
  const EngineSettings engine_;
  GstElement* pipeline_ = nullptr;  // of the thread
  GstElement* quality_ = nullptr;   // of the thread

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  RunReport report_;  // from here on under the mutex
  GstElement* sink_ = nullptr;
  GstClockTime last_pts_ = GST_CLOCK_TIME_NONE;
  std::string missing_;
  bool stop_ = false;
  bool finished_ = false;
  bool ended_ = false;
  bool latency_changed_ = false;
  bool clock_lost_ = false;
};

}  // namespace graphiqa
