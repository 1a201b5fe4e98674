// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "live_run.h"

#include <gst/gst.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <vector>

#include "common/element.h"
#include "error.h"
#include "graphiqa/gstgraphiqameta.h"
#include "machine.h"
#include "samples.h"

namespace graphiqa {
namespace {

constexpr size_t kMostSamples = 1'000'000;

/// What one stream does, seen at the pads of the element in it, which in live
/// mode has one frame inside at a time.
class LiveWatch {
 public:
  void Attach(GstElement* element) {
    WatchBuffers(
        element, "sink",
        [](GstPad*, GstPadProbeInfo*, gpointer self) {
          return static_cast<LiveWatch*>(self)->Entered();
        },
        this);
    WatchBuffers(
        element, "src",
        [](GstPad*, GstPadProbeInfo* info, gpointer self) {
          return static_cast<LiveWatch*>(self)->Left(
              GST_PAD_PROBE_INFO_BUFFER(info));
        },
        this);
  }

  struct Totals {
    int64_t frames = 0;  ///< that left
    int64_t lost = 0;
    std::vector<double> chain;  ///< seconds
    std::vector<double> delay;  ///< seconds, from any origin
    std::vector<double> ages;   ///< seconds
  };

  /// From now on.
  void Count() {
    const std::lock_guard<std::mutex> lock(mutex_);
    totals_ = {};
    counting_ = true;
  }

  Totals Stop() {
    const std::lock_guard<std::mutex> lock(mutex_);
    counting_ = false;
    return std::move(totals_);
  }

 private:
  GstPadProbeReturn Entered() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (inside_ && counting_) ++totals_.lost;
    inside_ = true;
    entered_ = Now();
    return GST_PAD_PROBE_OK;
  }

  GstPadProbeReturn Left(GstBuffer* buffer) {
    const double now = Now();
    const std::lock_guard<std::mutex> lock(mutex_);
    inside_ = false;
    if (!counting_ || totals_.chain.size() >= kMostSamples) {
      return GST_PAD_PROBE_OK;
    }
    ++totals_.frames;
    totals_.chain.push_back(now - entered_);
    const GstClockTime pts = GST_BUFFER_PTS(buffer);
    if (GST_CLOCK_TIME_IS_VALID(pts)) {
      totals_.delay.push_back(now - static_cast<double>(pts) / GST_SECOND);
    }
    const GstStructure* const meta = gst_buffer_get_graphiqa_meta(buffer);
    GstClockTime age = 0;
    if (meta != nullptr && gst_graphiqa_meta_get_age(meta, &age)) {
      totals_.ages.push_back(static_cast<double>(age) / GST_SECOND);
    }
    return GST_PAD_PROBE_OK;
  }

  std::mutex mutex_;
  bool counting_ = false;
  bool inside_ = false;
  double entered_ = 0;
  Totals totals_;
};

StreamText TextOf(const LiveSetup& setup) {
  StreamText text;
  // One picture over and over: making new ones would take the processor from
  // what is measured.
  text.test_source =
      "videotestsrc num-buffers=1 pattern=pinwheel ! "
      "imagefreeze is-live=true";
  text.test_caps = ",framerate=" + std::to_string(setup.rate) + "/1";
  if (!setup.file.empty()) text.before = "identity sync=true";
  text.element = "mode=live";
  return text;
}

struct Counters {
  std::vector<guint64> scored;
  guint64 failed = 0;
};

class LiveRun {
 public:
  explicit LiveRun(const LiveSetup& setup)
      : setup_(setup), streams_(setup, TextOf(setup)) {
    for (int i = 0; i < setup.streams; ++i) {
      watches_.push_back(std::make_unique<LiveWatch>());
      watches_.back()->Attach(streams_.Element(i).get());
    }
  }

  Json Measure() {
    streams_.Start();
    // Opening the model does not count.
    gst_element_get_state(streams_.pipeline(), nullptr, nullptr,
                          GST_CLOCK_TIME_NONE);
    PlayFor(setup_.warmup_s);
    const Counters before = Count();
    const double processor = ProcessorSeconds();
    for (const auto& watch : watches_) watch->Count();
    const double begin = Now();
    PlayFor(setup_.seconds);
    std::vector<LiveWatch::Totals> totals;
    for (const auto& watch : watches_) totals.push_back(watch->Stop());
    const double elapsed = Now() - begin;
    Json results = OfFrames(totals, elapsed);
    results.Set("cpu_cores", (ProcessorSeconds() - processor) / elapsed);
    results.Set("peak_memory_mib", PeakMemoryMib());
    if (setup_.scored) AddScores(before, Count(), elapsed, &results);
    return results;
  }

 private:
  void PlayFor(double seconds) const {
    const double end = Now() + seconds;
    while (Now() < end) {
      if (streams_.Ended()) {
        throw Error(ErrorCode::kUsage,
                    "the video ends before the measurement does");
      }
    }
  }

  static Json OfFrames(const std::vector<LiveWatch::Totals>& streams,
                       double elapsed) {
    LiveWatch::Totals all;
    for (const LiveWatch::Totals& one : streams) {
      all.frames += one.frames;
      all.lost += one.lost;
      Append(one.chain, 0, &all.chain);
      Append(one.ages, 0, &all.ages);
      if (one.delay.empty()) continue;
      Append(one.delay, *std::min_element(one.delay.begin(), one.delay.end()),
             &all.delay);
    }
    return Json::Object{{"fps", static_cast<double>(all.frames) / elapsed},
                        {"frames", all.frames},
                        {"lost", all.lost},
                        {"chain_ms", LatencyJson(all.chain)},
                        {"delay_ms", LatencyJson(all.delay)},
                        {"age_ms", LatencyJson(all.ages)}};
  }

  static void Append(const std::vector<double>& from, double origin,
                     std::vector<double>* to) {
    for (const double value : from) to->push_back(value - origin);
  }

  Counters Count() const {
    Counters counters;
    if (!setup_.scored) return counters;
    for (int i = 0; i < setup_.streams; ++i) {
      GstStructure* const stats = streams_.Statistics(i);
      guint64 scored = 0;
      guint64 failed = 0;
      gst_structure_get_uint64(stats, "frames-scored", &scored);
      gst_structure_get_uint64(stats, "frames-failed", &failed);
      gst_structure_free(stats);
      counters.scored.push_back(scored);
      counters.failed += failed;
    }
    return counters;
  }

  static void AddScores(const Counters& before, const Counters& after,
                        double elapsed, Json* results) {
    std::vector<double> rates;
    for (size_t i = 0; i < after.scored.size(); ++i) {
      rates.push_back(static_cast<double>(after.scored[i] - before.scored[i]) /
                      elapsed);
    }
    const auto [least, most] = std::minmax_element(rates.begin(), rates.end());
    results->Set(
        "scored_per_s",
        Json::Object{{"least", *least},
                     {"most", *most},
                     {"streams", Json::Array(rates.begin(), rates.end())}});
    results->Set("fairness", *least > 0 ? Json(*most / *least) : Json());
    results->Set("frames_failed", after.failed - before.failed);
  }

  const LiveSetup& setup_;
  // Outlives the streams, whose threads fill it.
  std::vector<std::unique_ptr<LiveWatch>> watches_;
  BenchStreams streams_;
};

}  // namespace

Json MeasureLive(const LiveSetup& setup) {
  gst_init(nullptr, nullptr);
  if (setup.scored) LoadElement();
  return LiveRun(setup).Measure();
}

}  // namespace graphiqa
