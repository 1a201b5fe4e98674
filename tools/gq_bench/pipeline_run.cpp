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
#include "common/signals.h"
#include "machine.h"
#include "samples.h"

namespace graphiqa {
namespace {

constexpr GstClockTime kPoll = 100 * GST_MSECOND;
constexpr double kStallSeconds = 60;
constexpr size_t kMaxLatencies = 1'000'000;

struct Unref {
  void operator()(void* object) const { gst_object_unref(object); }
  void operator()(GstMessage* message) const { gst_message_unref(message); }
};
using ElementPtr = std::unique_ptr<GstElement, Unref>;

/// What one stream does, seen at the pads of the element in it.
class StreamWatch {
 public:
  explicit StreamWatch(int warmup_frames) : warmup_(warmup_frames) {}

  void Attach(GstElement* element) {
    AddProbe(element, "sink",
             [](GstPad*, GstPadProbeInfo* info, gpointer self) {
               return static_cast<StreamWatch*>(self)->Entered(info);
             });
    AddProbe(element, "src", [](GstPad*, GstPadProbeInfo* info, gpointer self) {
      return static_cast<StreamWatch*>(self)->Left(info);
    });
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
  static void AddProbe(GstElement* element, const char* name,
                       GstPadProbeCallback callback, gpointer self) {
    GstPad* pad = gst_element_get_static_pad(element, name);
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, callback, self, nullptr);
    gst_object_unref(pad);
  }
  void AddProbe(GstElement* element, const char* name,
                GstPadProbeCallback callback) {
    AddProbe(element, name, callback, this);
  }

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

std::string ChainText(const PipelineSetup& setup, const std::string& index) {
  std::string text;
  if (setup.file.empty()) {
    text = "videotestsrc num-buffers=" + std::to_string(setup.frames) +
           " ! video/x-raw,format=NV12,framerate=25/1,width=" +
           std::to_string(setup.width) +
           ",height=" + std::to_string(setup.height);
  } else {
    text =
        "uridecodebin expose-all-streams=false caps=video/x-raw(ANY) name=s" +
        index + " ! videoconvert";
  }
  const std::string element =
      setup.scored ? "graphiqa " + setup.properties : "identity";
  return text + " ! " + element + " name=e" + index + " ! fakesink sync=false ";
}

class BenchPipeline {
 public:
  explicit BenchPipeline(const PipelineSetup& setup) : setup_(setup) {
    std::string text;
    for (int i = 0; i < setup.streams; ++i) {
      text += ChainText(setup, std::to_string(i));
    }
    GError* error = nullptr;
    GstElement* made = gst_parse_launch_full(
        text.c_str(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &error);
    if (made == nullptr) {
      const std::string why = error->message;
      g_error_free(error);
      throw Error(ErrorCode::kUsage, "GStreamer: " + why);
    }
    pipeline_.reset(made);
    bus_.reset(gst_element_get_bus(made));
    for (int i = 0; i < setup.streams; ++i) Prepare(std::to_string(i));
  }

  ~BenchPipeline() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }
  BenchPipeline(const BenchPipeline&) = delete;
  BenchPipeline& operator=(const BenchPipeline&) = delete;

  /// To the end of all streams.
  void Play() {
    gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
    int64_t frames = -1;
    double heard = Now();
    while (!Ended()) {
      if (StopFlag()) throw Error(ErrorCode::kCancelled, "interrupted");
      const int64_t now = Frames();
      if (now != frames) heard = Now();
      frames = now;
      if (Now() - heard > kStallSeconds) {
        throw Error(ErrorCode::kFile, "no frame came for 60 s");
      }
    }
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
  ElementPtr Find(const std::string& name) const {
    return ElementPtr(
        gst_bin_get_by_name(GST_BIN(pipeline_.get()), name.c_str()));
  }

  void Prepare(const std::string& index) {
    if (!setup_.file.empty()) {
      gchar* uri = gst_filename_to_uri(setup_.file.c_str(), nullptr);
      g_object_set(Find("s" + index).get(), "uri", uri, nullptr);
      g_free(uri);
    }
    const ElementPtr element = Find("e" + index);
    if (setup_.scored) {
      g_object_set(element.get(), "model-file", setup_.model_file.c_str(),
                   "device", setup_.device.c_str(), "interval",
                   static_cast<guint>(setup_.interval), "crops",
                   static_cast<guint>(setup_.crops), nullptr);
      gst_util_set_object_arg(G_OBJECT(element.get()), "precision",
                              setup_.precision.c_str());
    }
    watches_.push_back(std::make_unique<StreamWatch>(setup_.warmup_frames));
    watches_.back()->Attach(element.get());
  }

  bool Ended() {
    const auto kinds =
        static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    const std::unique_ptr<GstMessage, Unref> message(
        gst_bus_timed_pop_filtered(bus_.get(), kPoll, kinds));
    if (!message) return false;
    if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS) {
      ended_ = Now();
      processor_ended_ = ProcessorSeconds();
      return true;
    }
    GError* error = nullptr;
    gst_message_parse_error(message.get(), &error, nullptr);
    const std::string text = error->message;
    g_error_free(error);
    throw Error(ErrorCode::kFormat, text);
  }

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
      GstStructure* stats = nullptr;
      g_object_get(Find("e" + std::to_string(i)).get(), "stats", &stats,
                   nullptr);
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
  ElementPtr pipeline_;
  std::unique_ptr<GstBus, Unref> bus_;
  std::vector<std::unique_ptr<StreamWatch>> watches_;
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
