// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "video_source.h"

#include <gst/app/gstappsink.h>
#include <gst/gst.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>

#include "error.h"
#include "program/number.h"
#include "thumbnail.h"

namespace graphiqa {
namespace {

/// Some are cut and converted while others are scored.
constexpr guint kFramesInside = 8;

constexpr const char* kMetaName = "GraphiqaMeta";
constexpr GstClockTime kPoll = 100 * GST_MSECOND;
/// A local file whose demuxer fails while decodebin sets it up may say nothing
/// at all (its error is filtered), so its first frame is not waited for long.
constexpr auto kFirstFrame = std::chrono::seconds(20);
constexpr auto kStall = std::chrono::seconds(60);
/// A video that ends so far before its stated length was probably cut off.
constexpr double kCutOffSeconds = 1.0;
constexpr double kCutOffShare = 0.05;

/// Sound stays undecoded: the caps offer no way for it.
constexpr const char* kPipeline =
    "uridecodebin name=source expose-all-streams=false caps=video/x-raw(ANY) "
    "! videoconvert ! graphiqa name=quality "
    "! appsink name=sink sync=false max-buffers=4 enable-last-sample=false";

struct Unref {
  void operator()(void* object) const { gst_object_unref(object); }
  void operator()(GstSample* sample) const { gst_sample_unref(sample); }
  void operator()(GstMessage* message) const { gst_message_unref(message); }
};

/// A pipeline that is taken down when it goes out of scope.
class Player {
 public:
  Player(const std::string& uri, const VideoOptions& options) {
    GError* error = nullptr;
    pipeline_.reset(gst_parse_launch(kPipeline, &error));
    if (error != nullptr) {
      const std::string text = error->message;
      g_error_free(error);
      throw Error(ErrorCode::kNotFound, "GStreamer: " + text);
    }
    source_.reset(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "source"));
    sink_.reset(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "sink"));
    bus_.reset(gst_element_get_bus(pipeline_.get()));
    g_object_set(source_.get(), "uri", uri.c_str(), nullptr);
    Configure(options);
    g_signal_connect(source_.get(), "no-more-pads", G_CALLBACK(NoMorePads),
                     this);
  }

  ~Player() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  void Start() {
    if (gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) ==
        GST_STATE_CHANGE_FAILURE) {
      ThrowOnError();
      throw Error(ErrorCode::kFile, "cannot be played");
    }
  }

  /// Waits a moment for the next frame; null when none came.
  std::unique_ptr<GstSample, Unref> Pull() {
    return std::unique_ptr<GstSample, Unref>(
        gst_app_sink_try_pull_sample(GST_APP_SINK(sink_.get()), kPoll));
  }

  bool Ended() const {
    return gst_app_sink_is_eos(GST_APP_SINK(sink_.get())) != FALSE;
  }

  /// @throws Error with the first error on the bus, if there is one
  void ThrowOnError() {
    const std::unique_ptr<GstMessage, Unref> message = PopError();
    if (!message) {
      if (!no_video_.load()) return;
      throw Error(ErrorCode::kFormat, "there is no video in it");
    }
    GError* error = nullptr;
    gst_message_parse_error(message.get(), &error, nullptr);
    const std::string text =
        g_error_matches(error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN)
            ? "there is no video that this GStreamer can decode" + missing_
            : error->message;
    g_error_free(error);
    throw Error(ErrorCode::kFormat, text);
  }

  /// Length that the container states, 0 = unknown.
  double StatedSeconds() const {
    gint64 duration = 0;
    if (!gst_element_query_duration(pipeline_.get(), GST_FORMAT_TIME,
                                    &duration) ||
        duration < 0) {
      return 0;
    }
    return static_cast<double>(duration) / GST_SECOND;
  }

 private:
  /// The next error, and on the way to it what decodebin names as missing.
  std::unique_ptr<GstMessage, Unref> PopError() {
    const auto kinds =
        static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_ELEMENT);
    std::unique_ptr<GstMessage, Unref> message;
    do {
      message.reset(gst_bus_pop_filtered(bus_.get(), kinds));
      if (message && GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ELEMENT) {
        NoteMissing(gst_message_get_structure(message.get()));
      }
    } while (message && GST_MESSAGE_TYPE(message.get()) != GST_MESSAGE_ERROR);
    return message;
  }

  void NoteMissing(const GstStructure* fields) {
    if (!gst_structure_has_name(fields, "missing-plugin")) return;
    const gchar* name = gst_structure_get_string(fields, "name");
    if (name != nullptr) missing_ = std::string(" (missing: ") + name + ")";
  }

  static void NoMorePads(GstElement* source, gpointer user_data) {
    GstIterator* pads = gst_element_iterate_src_pads(source);
    GValue item = G_VALUE_INIT;
    const bool any = gst_iterator_next(pads, &item) == GST_ITERATOR_OK;
    if (any) g_value_unset(&item);
    gst_iterator_free(pads);
    if (!any) static_cast<Player*>(user_data)->no_video_ = true;
  }

  void Configure(const VideoOptions& options) {
    const std::unique_ptr<GstElement, Unref> element(
        gst_bin_get_by_name(GST_BIN(pipeline_.get()), "quality"));
    g_object_set(element.get(), "model-file", options.model_file.c_str(),
                 "device", options.device.c_str(), "crops",
                 static_cast<guint>(options.crops), "interval",
                 static_cast<guint>(options.interval), "max-in-flight",
                 kFramesInside, nullptr);
    gst_util_set_object_arg(G_OBJECT(element.get()), "precision",
                            options.precision.c_str());
  }

  std::unique_ptr<GstElement, Unref> pipeline_;
  std::unique_ptr<GstElement, Unref> source_;
  std::unique_ptr<GstElement, Unref> sink_;
  std::unique_ptr<GstBus, Unref> bus_;
  std::atomic<bool> no_video_{false};
  std::string missing_;
};

std::optional<double> GetDouble(const GstStructure* fields, const char* name) {
  gdouble value = 0;
  if (!gst_structure_get_double(fields, name, &value)) return std::nullopt;
  return value;
}

std::optional<std::string> GetString(const GstStructure* fields,
                                     const char* name) {
  const gchar* value = gst_structure_get_string(fields, name);
  if (value == nullptr) return std::nullopt;
  return value;
}

/// Place of a time in the stream, seconds.
std::optional<double> StreamSeconds(GstSample* sample, GstClockTime time) {
  const GstClockTime stream_time = gst_segment_to_stream_time(
      gst_sample_get_segment(sample), GST_FORMAT_TIME, time);
  if (!GST_CLOCK_TIME_IS_VALID(stream_time)) return std::nullopt;
  return static_cast<double>(stream_time) / GST_SECOND;
}

/// The metadata as a row; nothing when the frame was not scored itself.
std::optional<FrameRow> RowFrom(GstSample* sample, uint64_t frame) {
  GstBuffer* buffer = gst_sample_get_buffer(sample);
  GstCustomMeta* meta = gst_buffer_get_custom_meta(buffer, kMetaName);
  if (meta == nullptr) return std::nullopt;
  const GstStructure* fields = gst_custom_meta_get_structure(meta);
  const std::optional<double> score = GetDouble(fields, "score");
  FrameRow row;
  row.state = GetString(fields, "state").value_or("");
  if (row.state != "fresh" || !score) return std::nullopt;
  row.frame = frame;
  row.pts_s = StreamSeconds(sample, GST_BUFFER_PTS(buffer));
  row.score = *score;
  row.uncertainty = GetDouble(fields, "uncertainty").value_or(0);
  row.distortion = GetString(fields, "distortion");
  if (row.distortion) row.confidence = GetDouble(fields, "confidence");
  row.level = GetDouble(fields, "level");
  row.picture = GetString(fields, "picture").value_or("");
  return row;
}

/// End of this frame in the stream, seconds; `otherwise` where unknown.
double EndOf(GstSample* sample, double otherwise) {
  GstBuffer* buffer = gst_sample_get_buffer(sample);
  if (!GST_BUFFER_PTS_IS_VALID(buffer)) return otherwise;
  GstClockTime end = GST_BUFFER_PTS(buffer);
  if (GST_BUFFER_DURATION_IS_VALID(buffer)) end += GST_BUFFER_DURATION(buffer);
  end = std::min(end, gst_sample_get_segment(sample)->stop);
  return std::max(StreamSeconds(sample, end).value_or(otherwise), otherwise);
}

/// "1920 × 1080, 25 fps"
std::string DescribePicture(GstSample* sample) {
  const GstStructure* caps =
      gst_caps_get_structure(gst_sample_get_caps(sample), 0);
  gint width = 0;
  gint height = 0;
  gint rate = 0;
  gint per = 1;
  gst_structure_get_int(caps, "width", &width);
  gst_structure_get_int(caps, "height", &height);
  std::string text = std::to_string(width) + " × " + std::to_string(height);
  if (gst_structure_get_fraction(caps, "framerate", &rate, &per) && rate > 0) {
    std::string number = FixedNumber(static_cast<double>(rate) / per, 2);
    number.erase(number.find_last_not_of('0') + 1);
    if (number.back() == '.') number.pop_back();
    text += ", " + number + " fps";
  }
  return text;
}

std::string CutOffWarning(double played, double stated) {
  const double missing = stated - played;
  if (missing < kCutOffSeconds || missing < kCutOffShare * stated) return "";
  gchar* text = g_strdup_printf(
      "the video ends at %.1f s of %.1f s; the file may be cut off", played,
      stated);
  const std::string warning = text;
  g_free(text);
  return warning;
}

[[noreturn]] void ThrowStalled(std::chrono::seconds limit) {
  throw Error(ErrorCode::kFile,
              "no frame came for " + std::to_string(limit.count()) + " s");
}

}  // namespace

VideoEnd ScoreVideo(const std::string& uri, const VideoOptions& options,
                    const RowSink& sink, const VideoProgress& progress) {
  Player player(uri, options);
  player.Start();
  VideoEnd end;
  double stated = 0;
  uint64_t frame = 0;
  auto limit = uri.rfind("file:", 0) == 0 ? kFirstFrame : kStall;
  auto heard = std::chrono::steady_clock::now();
  while (true) {
    const auto sample = player.Pull();
    const auto now = std::chrono::steady_clock::now();
    if (sample) {
      heard = now;
      limit = kStall;
      if (frame == 0) {
        stated = player.StatedSeconds();
        end.picture = DescribePicture(sample.get());
      }
      const std::optional<FrameRow> row = RowFrom(sample.get(), frame++);
      if (row) sink(*row, [&] { return ThumbnailOf(sample.get()); });
      end.duration_s = EndOf(sample.get(), end.duration_s);
    } else {
      player.ThrowOnError();
      if (player.Ended()) break;
      if (now - heard > limit) ThrowStalled(limit);
    }
    const double part = stated > 0 ? end.duration_s / stated : 0;
    if (!progress(std::min(part, 1.0))) {
      end.interrupted = true;
      return end;
    }
  }
  if (frame == 0) throw Error(ErrorCode::kFormat, "there is no frame in it");
  end.warning = CutOffWarning(end.duration_s, stated);
  return end;
}

}  // namespace graphiqa
