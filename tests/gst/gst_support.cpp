// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gst_support.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace graphiqa::test {
namespace {

/// Adds frames, drops them at the end.
class Mapped {
 public:
  Mapped(const GstVideoInfo& info, GstBuffer* buffer, GstMapFlags flags) {
    if (!gst_video_frame_map(&frame, &info, buffer, flags)) {
      throw std::runtime_error("frame cannot be mapped");
    }
  }
  ~Mapped() { gst_video_frame_unmap(&frame); }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;

  GstVideoFrame frame;
};

constexpr auto kReadWrite =
    static_cast<GstMapFlags>(GST_MAP_READ | GST_MAP_WRITE);

}  // namespace

Rgb Smooth(int x, int y) {
  const auto wave = [](double at, double length) {
    return static_cast<uint8_t>(128 + 100 * std::sin(at / length));
  };
  return {wave(x, 17), wave(y, 13), wave(x + y, 29)};
}

GstVideoInfo InfoFromCaps(const std::string& text) {
  const CapsPtr caps(gst_caps_from_string(text.c_str()));
  GstVideoInfo info;
  if (!caps || !gst_video_info_from_caps(&info, caps.get())) {
    throw std::runtime_error("no video caps: " + text);
  }
  return info;
}

BufferPtr PaintRgb(int width, int height, const Painter& painter) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, GST_VIDEO_FORMAT_RGB,
                            static_cast<guint>(width),
                            static_cast<guint>(height));
  BufferPtr buffer(gst_buffer_new_allocate(nullptr, info.size, nullptr));
  const Mapped mapped(info, buffer.get(), kReadWrite);
  auto* data =
      static_cast<uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&mapped.frame, 0));
  const int stride = GST_VIDEO_FRAME_PLANE_STRIDE(&mapped.frame, 0);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const Rgb color = painter(x, y);
      uint8_t* pixel = data + y * stride + x * 3;
      pixel[0] = color.red;
      pixel[1] = color.green;
      pixel[2] = color.blue;
    }
  }
  return buffer;
}

BufferPtr Paint(const GstVideoInfo& info, const Painter& painter) {
  BufferPtr rgb = PaintRgb(info.width, info.height, painter);
  GstVideoInfo from;
  gst_video_info_set_format(&from, GST_VIDEO_FORMAT_RGB,
                            static_cast<guint>(info.width),
                            static_cast<guint>(info.height));
  GstVideoInfo to = info;
  to.interlace_mode = GST_VIDEO_INTERLACE_MODE_PROGRESSIVE;
  from.fps_n = to.fps_n;
  from.fps_d = to.fps_d;
  BufferPtr result(gst_buffer_new_allocate(nullptr, info.size, nullptr));
  GstVideoConverter* converter = gst_video_converter_new(&from, &to, nullptr);
  {
    const Mapped source(from, rgb.get(), GST_MAP_READ);
    Mapped target(to, result.get(), kReadWrite);
    gst_video_converter_frame(converter, &source.frame, &target.frame);
  }
  gst_video_converter_free(converter);
  return result;
}

BufferPtr WithStrides(const GstVideoInfo& info, GstBuffer* buffer, int extra) {
  GstVideoInfo wide = info;
  gsize at = static_cast<gsize>(extra);
  for (guint plane = 0; plane < GST_VIDEO_INFO_N_PLANES(&info); ++plane) {
    wide.stride[plane] = info.stride[plane] + extra;
    wide.offset[plane] = at;
    at += static_cast<gsize>(wide.stride[plane]) *
              static_cast<gsize>(info.height) +
          static_cast<gsize>(extra);
  }
  wide.size = at;
  BufferPtr result(gst_buffer_new_allocate(nullptr, at, nullptr));
  gst_buffer_memset(result.get(), 0, 0xA5, at);
  gst_buffer_add_video_meta_full(
      result.get(), GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_INFO_FORMAT(&info),
      static_cast<guint>(info.width), static_cast<guint>(info.height),
      GST_VIDEO_INFO_N_PLANES(&info), wide.offset, wide.stride);
  const Mapped source(info, buffer, GST_MAP_READ);
  Mapped target(info, result.get(), kReadWrite);
  gst_video_frame_copy(&target.frame, &source.frame);
  return result;
}

void SetTimes(GstBuffer* buffer, int index) {
  GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(index) * 40 * GST_MSECOND;
  GST_BUFFER_DURATION(buffer) = 40 * GST_MSECOND;
}

const GstStructure* FieldsOf(GstBuffer* buffer) {
  if (buffer == nullptr) throw std::runtime_error("no frame came out");
  const GstStructure* fields = gst_buffer_get_graphiqa_meta(buffer);
  if (fields == nullptr) throw std::runtime_error("no GraphiqaMeta");
  return fields;
}

std::string TextField(GstBuffer* buffer, const char* name) {
  const char* text = gst_structure_get_string(FieldsOf(buffer), name);
  return text != nullptr ? text : "(absent)";
}

double DoubleField(GstBuffer* buffer, const char* name) {
  double value = std::nan("");
  gst_structure_get_double(FieldsOf(buffer), name, &value);
  return value;
}

HarnessPtr MakeHarness(const std::string& properties, const std::string& caps) {
  const std::string launch = "graphiqa " + properties;
  HarnessPtr harness(gst_harness_new_parse(launch.c_str()));
  if (!harness) throw std::runtime_error("no harness for " + launch);
  gst_harness_set_src_caps_str(harness.get(), caps.c_str());
  return harness;
}

void PushGrey(GstHarness* harness, int width, int height, int count,
              int first) {
  for (int i = first; i < first + count; ++i) {
    const auto value = static_cast<uint8_t>(i);
    BufferPtr buffer = PaintRgb(width, height, [value](int, int) {
      return Rgb{value, value, value};
    });
    SetTimes(buffer.get(), i);
    ASSERT_EQ(GST_FLOW_OK, gst_harness_push(harness, buffer.release()));
  }
}

bool Eventually(const std::function<bool()>& is_true) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!is_true()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

uint64_t StatOf(GstHarness* harness, const char* name) {
  const ElementPtr element(gst_harness_find_element(harness, "graphiqa"));
  GstStructure* stats = nullptr;
  g_object_get(element.get(), "stats", &stats, nullptr);
  guint64 value = 0;
  const bool found = gst_structure_get_uint64(stats, name, &value);
  gst_structure_free(stats);
  if (!found) throw std::runtime_error(std::string("no statistic ") + name);
  return value;
}

namespace fake_engine {
namespace {

/// A function of the engine library that the plugin uses.
template <typename Function>
Function* Find(const char* name) {
  static void* const engine = dlopen(std::getenv("GRAPHIQA_ENGINE"), RTLD_NOW);
  void* const found = engine != nullptr ? dlsym(engine, name) : nullptr;
  if (found == nullptr) throw std::runtime_error(dlerror());
  return reinterpret_cast<Function*>(found);
}

int CodeOf(std::optional<ErrorCode> code) {
  return code ? static_cast<int>(*code) : -1;
}

}  // namespace

int LiveScorers() { return Find<int()>("fake_engine_live_scorers")(); }
int Opened() { return Find<int()>("fake_engine_opened")(); }
int Computing() { return Find<int()>("fake_engine_computing")(); }
void Hold(bool held) { Find<void(int)>("fake_engine_hold")(held ? 1 : 0); }
void Step() { Find<void()>("fake_engine_step")(); }
void Fail(std::optional<ErrorCode> code) {
  Find<void(int)>("fake_engine_fail")(CodeOf(code));
}
void Refuse(std::optional<ErrorCode> code) {
  Find<void(int)>("fake_engine_refuse")(CodeOf(code));
}

}  // namespace fake_engine

BusError WaitForError(GstBus* bus) {
  BusError result;
  const MessagePtr message(
      gst_bus_timed_pop_filtered(bus, 2 * GST_SECOND, GST_MESSAGE_ERROR));
  if (!message) return result;
  GError* error = nullptr;
  gst_message_parse_error(message.get(), &error, nullptr);
  result = {error->domain, error->code, error->message};
  g_error_free(error);
  return result;
}

long ResidentKib() {
  std::ifstream statm("/proc/self/statm");
  long total = 0;
  long resident = 0;
  statm >> total >> resident;
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

}  // namespace graphiqa::test
