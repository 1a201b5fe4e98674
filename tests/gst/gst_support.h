// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "error.h"
#include "gst/graphiqa/gstgraphiqameta.h"

namespace graphiqa::test {

struct UnrefMini {
  void operator()(void* object) const {
    gst_mini_object_unref(static_cast<GstMiniObject*>(object));
  }
};
struct UnrefObject {
  void operator()(void* object) const { gst_object_unref(object); }
};
struct TearDown {
  void operator()(GstHarness* harness) const { gst_harness_teardown(harness); }
};

using BufferPtr = std::unique_ptr<GstBuffer, UnrefMini>;
using CapsPtr = std::unique_ptr<GstCaps, UnrefMini>;
using MessagePtr = std::unique_ptr<GstMessage, UnrefMini>;
using ElementPtr = std::unique_ptr<GstElement, UnrefObject>;
using HarnessPtr = std::unique_ptr<GstHarness, TearDown>;

/// A colour for one pixel of a picture.
struct Rgb {
  uint8_t red;
  uint8_t green;
  uint8_t blue;
};
using Painter = std::function<Rgb(int x, int y)>;

/// Colours that differ everywhere, smooth enough to survive 4:2:0.
Rgb Smooth(int x, int y);

GstVideoInfo InfoFromCaps(const std::string& caps);

/// An RGB picture as a video frame in memory of GStreamer's own layout.
BufferPtr PaintRgb(int width, int height, const Painter& painter);

/// PaintRgb() converted by GStreamer to what `caps` say.
BufferPtr Paint(const GstVideoInfo& info, const Painter& painter);

/// The same pixels in a buffer with `extra` more bytes per row, in front of the
/// first plane and between planes, described by a GstVideoMeta.
BufferPtr WithStrides(const GstVideoInfo& info, GstBuffer* buffer, int extra);

/// Sets PTS and duration of the frame `index` at 25 frames per second.
void SetTimes(GstBuffer* buffer, int index);

/// Fields of the metadata; asserts that they are there.
const GstStructure* FieldsOf(GstBuffer* buffer);
std::string TextField(GstBuffer* buffer, const char* name);
double DoubleField(GstBuffer* buffer, const char* name);

/// A harness around one `graphiqa` with a sink that takes everything.
/// @param properties  "name=value name=value"
HarnessPtr MakeHarness(const std::string& properties,
                       const std::string& caps =
                           "video/x-raw,format=RGB,width=96,height=80,"
                           "framerate=25/1");

/// Pushes `count` plain grey frames of the harness's RGB caps, frame i with
/// the value `first + i`.
void PushGrey(GstHarness* harness, int width, int height, int count,
              int first = 0);

/// Whether something comes true before a generous deadline.
bool Eventually(const std::function<bool()>& is_true);

/// A counter of the property `stats` of the harness's element.
uint64_t StatOf(GstHarness* harness, const char* name);

/// What tests do to the fake engines of this process, as fake_engine.cpp says.
namespace fake_engine {
int LiveScorers();
int Opened();
int Computing();
void Hold(bool held);
void Step();
void Fail(std::optional<ErrorCode> code);
void Refuse(std::optional<ErrorCode> code);
}  // namespace fake_engine

/// The first error on a bus within two seconds.
struct BusError {
  GQuark domain = 0;
  int code = -1;
  std::string text;
};
BusError WaitForError(GstBus* bus);

/// Built with a sanitizer, which keeps freed memory for a while: how much there
/// is then says nothing.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

/// Resident memory of this process in KiB.
long ResidentKib();

}  // namespace graphiqa::test
