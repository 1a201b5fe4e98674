// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "pipeline_run.h"

#include <gst/gst.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "common/element.h"
#include "machine.h"
#include "samples.h"

namespace graphiqa {
namespace {

constexpr double kStallSeconds = 60;
constexpr size_t kMaxLatencies = 1'000'000;

/// What one stream does, seen at the pads of the element in it.
class StreamWatch {
 public:
  explicit StreamWatch(int warmup_frames) : warmup_(warmup_frames) {}

  void Attach(GstElement* element) {
    WatchBuffers(
        element, "sink",
        [](GstPad*, GstPadProbeInfo* info, gpointer self) {
          return static_cast<StreamWatch*>(self)->Entered(info);
        },
        this);
    WatchBuffers(
        element, "src",
        [](GstPad*, GstPadProbeInfo* info, gpointer self) {
          return static_cast<StreamWatch*>(self)->Left(info);
        },
        this);
  }

  struct Totals {
    int64_t frames = 0;  ///< after the warm-up
    double begin = 0;    ///< when the last frame of the warm-up left
    double processor_begin = 0;
    double end = 0;  ///< when the last frame left
    std::vector<double> latencies;
  };
  Totals totals() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return totals_;
  }

 private:
  GstPadProbeReturn Entered(GstPadProbeInfo* info) {
    const GstClockTime pts = GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info));
    const std::lock_guard<std::mutex> lock(mutex_);
    if (GST_CLOCK_TIME_IS_VALID(pts)) entered_[pts] = Now();
    return GST_PAD_PROBE_OK;
  }

  GstPadProbeReturn Left(GstPadProbeInfo* info) {
    const double now = Now();
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto came =
        entered_.find(GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info)));
    const double latency = came != entered_.end() ? now - came->second : -1;
    if (came != entered_.end()) entered_.erase(came);
    if (++seen_ == warmup_) {
      totals_.begin = now;
      totals_.processor_begin = ProcessorSeconds();
    }
    if (seen_ <= warmup_) return GST_PAD_PROBE_OK;
    ++totals_.frames;
    totals_.end = now;
    if (latency >= 0 && totals_.latencies.size() < kMaxLatencies) {
      totals_.latencies.push_back(latency);
    }
    return GST_PAD_PROBE_OK;
  }

  const int64_t warmup_;
  mutable std::mutex mutex_;
  std::unordered_map<GstClockTime, double> entered_;  ///< by PTS
  int64_t seen_ = 0;
  Totals totals_;
};

StreamText TextOf(const PipelineSetup& setup) {
  StreamText text;
  text.test_source = "videotestsrc num-buffers=" + std::to_string(setup.frames);
  text.test_caps = ",framerate=25/1";
  return text;
}

class BenchPipeline {
 public:
  explicit BenchPipeline(const PipelineSetup& setup)
      : setup_(setup), streams_(setup, TextOf(setup)) {
    for (int i = 0; i < setup.streams; ++i) {
      watches_.push_back(std::make_unique<StreamWatch>(setup.warmup_frames));
      watches_.back()->Attach(streams_.Element(i).get());
    }
  }

  /// To the end of all streams.
  void Play() {
    streams_.Start();
    int64_t frames = -1;
    double heard = Now();
    while (!streams_.Ended()) {
      const int64_t now = Frames();
      if (now != frames) heard = Now();
      frames = now;
      if (Now() - heard > kStallSeconds) {
        throw Error(ErrorCode::kFile, "no frame came for 60 s");
      }
    }
    ended_ = Now();
    processor_ended_ = ProcessorSeconds();
  }

  Json Results() const {
    std::vector<double> latencies;
    double fps = 0;
    double begin = HUGE_VAL;
    double processor_begin = HUGE_VAL;
    for (const auto& watch : watches_) {
      const StreamWatch::Totals totals = watch->totals();
      if (totals.frames == 0 || totals.end <= totals.begin) {
        throw Error(ErrorCode::kUsage,
                    "the video ends within the warm-up of " +
                        std::to_string(setup_.warmup_frames) + " frames");
      }
      fps += static_cast<double>(totals.frames) / (totals.end - totals.begin);
      begin = std::min(begin, totals.begin);
      processor_begin = std::min(processor_begin, totals.processor_begin);
      latencies.insert(latencies.end(), totals.latencies.begin(),
                       totals.latencies.end());
    }
    const double elapsed = ended_ - begin;
    return Json::Object{
        {"fps", fps},
        {"cpu_cores", (processor_ended_ - processor_begin) / elapsed},
        {"latency_ms", LatencyJson(latencies)},
        {"frames", Frames()},
        {"scored_share", ScoredShare()},
        {"peak_memory_mib", PeakMemoryMib()}};
  }

 private:
  int64_t Frames() const {
    int64_t frames = 0;
    for (const auto& watch : watches_) frames += watch->totals().frames;
    return frames;
  }

  /// Of all frames that came, warm-up included.
  Json ScoredShare() const {
    if (!setup_.scored) return nullptr;
    guint64 came = 0;
    guint64 scored = 0;
    for (int i = 0; i < setup_.streams; ++i) {
      GstStructure* const stats = streams_.Statistics(i);
      guint64 in = 0;
      guint64 out = 0;
      gst_structure_get_uint64(stats, "frames-in", &in);
      gst_structure_get_uint64(stats, "frames-scored", &out);
      gst_structure_free(stats);
      came += in;
      scored += out;
    }
    if (came == 0) return nullptr;
    return static_cast<double>(scored) / static_cast<double>(came);
  }

  const PipelineSetup& setup_;
  // Outlives the streams, whose threads fill it.
  std::vector<std::unique_ptr<StreamWatch>> watches_;
  BenchStreams streams_;
  double ended_ = 0;
  double processor_ended_ = 0;
};

}  // namespace

Json MeasurePipeline(const PipelineSetup& setup) {
  gst_init(nullptr, nullptr);
  if (setup.scored) LoadElement();
  BenchPipeline pipeline(setup);
  pipeline.Play();
  return pipeline.Results();
}

}  // namespace graphiqa
