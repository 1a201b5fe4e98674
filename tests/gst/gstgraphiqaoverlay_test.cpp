// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// What the overlay draws, and above all where it does not.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "gst_support.h"

namespace graphiqa::test {
namespace {

constexpr const char* kFormats[] = {
    "NV12", "NV21", "I420", "YV12", "Y42B", "Y444", "P010_10LE",
    "RGB",  "BGR",  "RGBA", "BGRA", "RGBx", "BGRx", "I420_10LE",
    "ARGB", "ABGR", "YUY2", "UYVY", "GRAY8"};

std::string Caps(const std::string& format, int width, int height,
                 const std::string& more = "") {
  return "video/x-raw,format=" + format + ",width=" + std::to_string(width) +
         ",height=" + std::to_string(height) + ",framerate=25/1" + more;
}

/// All bytes alike: some plain colour in every format.
BufferPtr Plain(const std::string& caps) {
  const gsize size = InfoFromCaps(caps).size;
  BufferPtr buffer(gst_buffer_new_allocate(nullptr, size, nullptr));
  gst_buffer_memset(buffer.get(), 0, 120, size);
  return buffer;
}

/// A frame with a score of its own.
void AddScore(GstBuffer* buffer) {
  GstStructure* fields = gst_buffer_add_graphiqa_meta(buffer);
  gst_graphiqa_meta_set_state(fields, "fresh");
  gst_graphiqa_meta_set_picture(fields, "normal");
  gst_graphiqa_meta_set_score(fields, 60);
  gst_graphiqa_meta_set_uncertainty(fields, 5);
  if (GST_BUFFER_PTS_IS_VALID(buffer)) {
    gst_graphiqa_meta_set_scored_pts(fields, GST_BUFFER_PTS(buffer));
  }
}

BufferPtr ScoredFrame(const std::string& caps, int index = 0) {
  BufferPtr buffer = Plain(caps);
  SetTimes(buffer.get(), index);
  AddScore(buffer.get());
  return buffer;
}

HarnessPtr Overlay(const std::string& caps,
                   const std::string& properties = "") {
  const std::string launch = "graphiqaoverlay " + properties;
  HarnessPtr harness(gst_harness_new_parse(launch.c_str()));
  gst_harness_set_src_caps_str(harness.get(), caps.c_str());
  return harness;
}

BufferPtr Through(const HarnessPtr& harness, BufferPtr buffer) {
  BufferPtr out(gst_harness_push_and_pull(harness.get(), buffer.release()));
  if (!out) throw std::runtime_error("no frame came out");
  return out;
}

/// One through an element of its own.
BufferPtr Drawn(const std::string& caps, BufferPtr buffer,
                const std::string& properties = "") {
  return Through(Overlay(caps, properties), std::move(buffer));
}

std::vector<uint8_t> BytesOf(GstBuffer* buffer) {
  std::vector<uint8_t> bytes(gst_buffer_get_size(buffer));
  gst_buffer_extract(buffer, 0, bytes.data(), bytes.size());
  return bytes;
}

/// Which pixels of two frames differ in any component.
class Difference {
 public:
  Difference(const std::string& caps, GstBuffer* a, GstBuffer* b) {
    const GstVideoInfo info = InfoFromCaps(caps);
    width_ = info.width;
    differs_.resize(static_cast<size_t>(info.width * info.height));
    GstVideoFrame x;
    GstVideoFrame y;
    if (!gst_video_frame_map(&x, &info, a, GST_MAP_READ) ||
        !gst_video_frame_map(&y, &info, b, GST_MAP_READ)) {
      throw std::runtime_error("frame cannot be mapped");
    }
    for (guint c = 0; c < GST_VIDEO_INFO_N_COMPONENTS(&info); ++c) {
      Compare(x, y, c);
    }
    gst_video_frame_unmap(&y);
    gst_video_frame_unmap(&x);
  }

  /// Share of the pixels of a box that differ.
  double In(int left, int top, int right, int bottom) const {
    int count = 0;
    for (int y = top; y < bottom; ++y) {
      for (int x = left; x < right; ++x) count += At(x, y) ? 1 : 0;
    }
    return static_cast<double>(count) / ((right - left) * (bottom - top));
  }
  bool At(int x, int y) const {
    return differs_[static_cast<size_t>(y * width_ + x)];
  }

 private:
  void Compare(const GstVideoFrame& x, const GstVideoFrame& y, guint c) {
    const GstVideoFormatInfo* format = x.info.finfo;
    const int wsub = GST_VIDEO_FORMAT_INFO_W_SUB(format, c);
    const int hsub = GST_VIDEO_FORMAT_INFO_H_SUB(format, c);
    const size_t bytes = GST_VIDEO_FRAME_COMP_DEPTH(&x, c) > 8 ? 2 : 1;
    const auto sample = [c](const GstVideoFrame& frame, int column, int row) {
      return static_cast<const uint8_t*>(GST_VIDEO_FRAME_COMP_DATA(&frame, c)) +
             row * GST_VIDEO_FRAME_COMP_STRIDE(&frame, c) +
             column * GST_VIDEO_FRAME_COMP_PSTRIDE(&frame, c);
    };
    for (int row = 0; row < GST_VIDEO_FRAME_HEIGHT(&x); ++row) {
      for (int column = 0; column < width_; ++column) {
        const int cx = column >> wsub;
        const int cy = row >> hsub;
        if (memcmp(sample(x, cx, cy), sample(y, cx, cy), bytes) != 0) {
          differs_[static_cast<size_t>(row * width_ + column)] = true;
        }
      }
    }
  }

  int width_;
  std::vector<bool> differs_;
};

TEST(Overlay, EveryFormatIsDrawnOnInTheCornerAlone) {
  for (const char* format : kFormats) {
    for (const auto& [width, height] : {std::pair{320, 240}, {321, 243}}) {
      SCOPED_TRACE(std::string(format) + " " + std::to_string(width));
      const std::string caps = Caps(format, width, height);
      BufferPtr frame = Paint(InfoFromCaps(caps), Smooth);
      const BufferPtr before(gst_buffer_copy_deep(frame.get()));
      AddScore(frame.get());
      const BufferPtr after = Drawn(caps, std::move(frame));
      const Difference difference(caps, before.get(), after.get());
      EXPECT_GT(difference.In(20, 20, 80, 50), 0.95);
      EXPECT_EQ(0, difference.In(160, 0, width, height));
      EXPECT_EQ(0, difference.In(0, 120, width, height));
      EXPECT_EQ(0, difference.In(0, 0, width, 4));
    }
  }
}

TEST(Overlay, SitsInTheCornerAskedFor) {
  const std::string caps = Caps("I420", 320, 240);
  const BufferPtr before = ScoredFrame(caps);
  for (const auto& [name, x, y] : {std::tuple{"top-left", 0, 0},
                                   {"top-right", 160, 0},
                                   {"bottom-left", 0, 120},
                                   {"bottom-right", 160, 120}}) {
    const BufferPtr after =
        Drawn(caps, ScoredFrame(caps), std::string("position=") + name);
    const Difference difference(caps, before.get(), after.get());
    for (const int left : {0, 160}) {
      for (const int top : {0, 120}) {
        const double share = difference.In(left, top, left + 160, top + 120);
        const bool here = left == x && top == y;
        EXPECT_EQ(here, share > 0.2) << name << " at " << left << "," << top;
        EXPECT_EQ(!here, share == 0) << name << " at " << left << "," << top;
      }
    }
  }
}

TEST(Overlay, ExtremeSizes) {
  for (const auto& [width, height] :
       {std::pair{16, 16}, {17, 19}, {16, 720}, {1280, 16}, {3840, 2160}}) {
    SCOPED_TRACE(std::to_string(width) + "x" + std::to_string(height));
    const std::string caps = Caps("NV12", width, height);
    const BufferPtr before = ScoredFrame(caps);
    const BufferPtr after = Drawn(caps, ScoredFrame(caps));
    const double share =
        Difference(caps, before.get(), after.get()).In(0, 0, width, height);
    EXPECT_GT(share, 0.005);
    EXPECT_LT(share, 0.5);
  }
}

TEST(Overlay, FollowsThePictureInSize) {
  const auto share = [](int width, int height, const char* properties) {
    const std::string caps = Caps("I420", width, height);
    const BufferPtr before = ScoredFrame(caps);
    const BufferPtr after = Drawn(caps, ScoredFrame(caps), properties);
    return Difference(caps, before.get(), after.get()).In(0, 0, width, height);
  };
  const double normal = share(640, 360, "");
  EXPECT_NEAR(normal, share(1280, 720, ""), 0.1 * normal);
  EXPECT_NEAR(2.25 * normal, share(640, 360, "size=1.5"), 0.25 * normal);
  EXPECT_LT(share(640, 360, "history=0"), 0.8 * normal);
}

TEST(Overlay, ALongPixelMakesANarrowPanel) {
  const auto right_edge = [](const char* more) {
    const std::string caps = Caps("I420", 720, 576, more);
    const BufferPtr before = ScoredFrame(caps);
    const BufferPtr after = Drawn(caps, ScoredFrame(caps));
    const Difference difference(caps, before.get(), after.get());
    int edge = 0;
    for (int x = 0; x < 720; ++x) edge = difference.At(x, 60) ? x : edge;
    return edge;
  };
  const int square = right_edge(",pixel-aspect-ratio=1/1");
  const int wide = right_edge(",pixel-aspect-ratio=2/1");
  EXPECT_NEAR(square / 2.0, wide, 16);
}

TEST(Overlay, AFrameThatOthersHoldIsNotWrittenTo) {
  const std::string caps = Caps("NV12", 320, 240);
  const HarnessPtr harness = Overlay(caps);
  BufferPtr held = ScoredFrame(caps);
  const std::vector<uint8_t> before = BytesOf(held.get());
  const BufferPtr after =
      Through(harness, BufferPtr(gst_buffer_ref(held.get())));
  EXPECT_NE(held.get(), after.get());
  EXPECT_EQ(before, BytesOf(held.get()));
  EXPECT_NE(before, BytesOf(after.get()));
}

TEST(Overlay, MemoryThatAnotherFrameSharesIsNotWrittenTo) {
  const std::string caps = Caps("NV12", 320, 240);
  const HarnessPtr harness = Overlay(caps);
  BufferPtr kept = ScoredFrame(caps);
  const std::vector<uint8_t> before = BytesOf(kept.get());
  const BufferPtr after =
      Through(harness, BufferPtr(gst_buffer_copy(kept.get())));
  EXPECT_EQ(before, BytesOf(kept.get()));
  EXPECT_NE(before, BytesOf(after.get()));
}

TEST(Overlay, AFrameOfItsOwnIsNotCopied) {
  const std::string caps = Caps("NV12", 320, 240);
  const HarnessPtr harness = Overlay(caps);
  BufferPtr frame = ScoredFrame(caps);
  GstBuffer* given = frame.get();
  const BufferPtr after = Through(harness, std::move(frame));
  EXPECT_EQ(given, after.get());
}

TEST(Overlay, AFrameWithoutMetadataPassesUntouched) {
  const std::string caps = Caps("I420", 320, 240);
  const HarnessPtr harness = Overlay(caps);
  BufferPtr frame = Plain(caps);
  GstBuffer* given = frame.get();
  const std::vector<uint8_t> before = BytesOf(given);
  const BufferPtr after = Through(harness, std::move(frame));
  EXPECT_EQ(given, after.get());
  EXPECT_EQ(before, BytesOf(after.get()));
}

TEST(Overlay, MetadataAndTimesStay) {
  const std::string caps = Caps("I420", 320, 240);
  const BufferPtr after = Drawn(caps, ScoredFrame(caps, 3));
  EXPECT_EQ(60, DoubleField(after.get(), "score"));
  EXPECT_EQ(120 * GST_MSECOND, GST_BUFFER_PTS(after.get()));
}

TEST(Overlay, PaddedRowsAreDrawnOnLikeTightOnes) {
  for (const char* format : {"I420", "NV12", "RGB", "P010_10LE"}) {
    const std::string caps = Caps(format, 320, 240);
    const BufferPtr tight = Drawn(caps, ScoredFrame(caps));
    BufferPtr padded =
        WithStrides(InfoFromCaps(caps), ScoredFrame(caps).get(), 48);
    SetTimes(padded.get(), 0);
    AddScore(padded.get());
    const BufferPtr after = Drawn(caps, std::move(padded));
    EXPECT_EQ(0, Difference(caps, tight.get(), after.get()).In(0, 0, 320, 240))
        << format;
    const std::vector<uint8_t> bytes = BytesOf(after.get());
    EXPECT_TRUE(std::all_of(bytes.begin(), bytes.begin() + 48,
                            [](uint8_t byte) { return byte == 0xA5; }))
        << format;
  }
}

TEST(Overlay, CapsMayChange) {
  const HarnessPtr harness = Overlay(Caps("I420", 320, 240));
  int index = 0;
  for (const std::string& caps :
       {Caps("I420", 320, 240), Caps("RGB", 64, 48), Caps("NV12", 640, 481),
        Caps("GRAY8", 16, 16)}) {
    gst_harness_set_src_caps_str(harness.get(), caps.c_str());
    const BufferPtr after = Through(harness, ScoredFrame(caps, index));
    const BufferPtr before = ScoredFrame(caps, index++);
    const GstVideoInfo info = InfoFromCaps(caps);
    const Difference difference(caps, before.get(), after.get());
    EXPECT_GT(difference.In(0, 0, info.width / 2, info.height / 2), 0.02)
        << caps;
  }
}

TEST(Overlay, UpAndDownAgain) {
  const std::string caps = Caps("I420", 320, 240);
  const HarnessPtr harness = Overlay(caps);
  GstElement* element = harness->element;
  const std::vector<uint8_t> first =
      BytesOf(Through(harness, ScoredFrame(caps)).get());
  gst_element_set_state(element, GST_STATE_NULL);
  gst_harness_play(harness.get());
  gst_harness_set_src_caps_str(harness.get(), caps.c_str());
  EXPECT_EQ(first, BytesOf(Through(harness, ScoredFrame(caps)).get()));
}

TEST(Overlay, WhereDownstreamDrawsItIsAttached) {
  const std::string caps = Caps("I420", 320, 240);
  HarnessPtr harness(gst_harness_new_parse("graphiqaoverlay"));
  gst_harness_add_propose_allocation_meta(
      harness.get(), GST_VIDEO_OVERLAY_COMPOSITION_META_API_TYPE, nullptr);
  gst_harness_set_src_caps_str(harness.get(), caps.c_str());
  const BufferPtr before = ScoredFrame(caps);
  const BufferPtr after = Through(harness, ScoredFrame(caps));
  EXPECT_EQ(BytesOf(before.get()), BytesOf(after.get()));
  const auto* meta = gst_buffer_get_video_overlay_composition_meta(after.get());
  ASSERT_NE(nullptr, meta);
  EXPECT_EQ(1u, gst_video_overlay_composition_n_rectangles(meta->overlay));
}

TEST(Overlay, WithoutItsHelperItSaysSo) {
  GstRegistry* registry = gst_registry_get();
  GstPluginFeature* feature =
      gst_registry_lookup_feature(registry, "overlaycomposition");
  ASSERT_NE(nullptr, feature);
  gst_registry_remove_feature(registry, feature);
  const ElementPtr element(GST_ELEMENT(gst_object_ref_sink(
      gst_element_factory_make("graphiqaoverlay", nullptr))));
  GstBus* bus = gst_bus_new();
  gst_element_set_bus(element.get(), bus);
  EXPECT_EQ(GST_STATE_CHANGE_FAILURE,
            gst_element_set_state(element.get(), GST_STATE_READY));
  const BusError error = WaitForError(bus);
  EXPECT_EQ(GST_CORE_ERROR, error.domain);
  EXPECT_EQ(GST_CORE_ERROR_MISSING_PLUGIN, error.code);
  EXPECT_NE(std::string::npos, error.text.find("overlaycomposition"));
  gst_element_set_bus(element.get(), nullptr);
  gst_element_set_state(element.get(), GST_STATE_NULL);
  gst_object_unref(bus);
  gst_registry_add_feature(registry, feature);
  gst_object_unref(feature);
}

// --- What is shown ---------------------------------------------------------

/// The picture of a frame with the fields that `fill` sets.
template <typename Fill>
std::vector<uint8_t> PictureWith(const Fill& fill,
                                 const std::string& properties = "") {
  const std::string caps = Caps("RGB", 480, 270);
  BufferPtr frame = ScoredFrame(caps);
  fill(gst_buffer_get_graphiqa_meta(frame.get()));
  return BytesOf(Drawn(caps, std::move(frame), properties).get());
}

TEST(OverlayContent, WhatDiffersLooksDifferent) {
  std::vector<std::vector<uint8_t>> pictures;
  const auto add = [&pictures](void (*fill)(GstStructure*)) {
    pictures.push_back(PictureWith(fill));
  };
  add([](GstStructure*) {});
  add([](GstStructure* f) { gst_graphiqa_meta_set_score(f, 30); });
  add([](GstStructure* f) { gst_graphiqa_meta_set_uncertainty(f, 17); });
  add([](GstStructure* f) { gst_graphiqa_meta_set_state(f, "held"); });
  add([](GstStructure* f) {
    gst_graphiqa_meta_set_state(f, "held");
    gst_graphiqa_meta_set_age(f, 4 * GST_SECOND);
  });
  for (const char* state : {"failed", "skipped"}) {
    pictures.push_back(PictureWith([state](GstStructure* f) {
      gst_structure_remove_fields(f, "score", "uncertainty", nullptr);
      gst_graphiqa_meta_set_state(f, state);
    }));
  }
  for (const char* picture : {"black", "flat", "frozen"}) {
    pictures.push_back(PictureWith([picture](GstStructure* f) {
      gst_graphiqa_meta_set_picture(f, picture);
    }));
  }
  add([](GstStructure* f) {
    gst_graphiqa_meta_set_distortion(f, "jpeg", 9, 0.8);
  });
  add([](GstStructure* f) {
    gst_graphiqa_meta_set_distortion(f, "none", -1, 0.8);
  });
  add([](GstStructure* f) { gst_graphiqa_meta_set_level(f, 1.5); });
  add([](GstStructure* f) { gst_graphiqa_meta_set_level(f, 4.5); });
  for (size_t i = 0; i < pictures.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      EXPECT_NE(pictures[i], pictures[j]) << i << " and " << j;
    }
  }
}

TEST(OverlayContent, NonsenseInTheMetadataDoesNoHarm) {
  const double bad[] = {std::nan(""), HUGE_VAL, -HUGE_VAL, -1e300, 1e300};
  for (const double value : bad) {
    PictureWith([value](GstStructure* f) {
      gst_graphiqa_meta_set_score(f, value);
      gst_graphiqa_meta_set_uncertainty(f, value);
      gst_graphiqa_meta_set_level(f, value);
      const std::string name(3000, 'x');
      gst_graphiqa_meta_set_distortion(f, name.c_str(), -7, value);
      gst_graphiqa_meta_set_picture(f, "");
      const GstGraphiqaView views[] = {{value, 0, 1, 1, 50, 1},
                                       {0, 0, value, 1, 50, 1},
                                       {0, 0, 1, 1, value, 1},
                                       {0.9, 0.9, 0.5, 0.5, 50, 1}};
      gst_graphiqa_meta_set_views(f, views, 4);
    });
  }
  PictureWith([](GstStructure* f) { gst_structure_remove_all_fields(f); });
}

/// Left half bad, right half good, but for a strip that no view covers.
void SetHalves(GstStructure* fields) {
  const GstGraphiqaView views[] = {{0, 0, 0.5, 0.75, 20, 1},
                                   {0.5, 0, 0.5, 0.75, 90, 1}};
  gst_graphiqa_meta_set_views(fields, views, 2);
}

TEST(OverlayContent, TheHeatMapHasLargeDotsWhereItIsBad) {
  const std::string caps = Caps("RGB", 640, 360);
  const BufferPtr plain = Drawn(caps, ScoredFrame(caps));
  BufferPtr frame = ScoredFrame(caps);
  SetHalves(gst_buffer_get_graphiqa_meta(frame.get()));
  const BufferPtr after = Drawn(caps, std::move(frame));
  const Difference difference(caps, plain.get(), after.get());
  const double bad = difference.In(200, 0, 320, 270);
  const double good = difference.In(320, 0, 640, 270);
  EXPECT_GT(good, 0.005);
  EXPECT_GT(bad, 4 * good);
  EXPECT_LT(bad, 0.3);
  EXPECT_EQ(0, difference.In(0, 285, 640, 360)) << "not covered by a view";
  EXPECT_EQ(0, difference.In(14, 14, 150, 60)) << "under the panel";
}

TEST(OverlayContent, TheHeatMapCanBeLeftOut) {
  EXPECT_EQ(PictureWith([](GstStructure*) {}),
            PictureWith(SetHalves, "show-heatmap=false"));
  EXPECT_NE(PictureWith([](GstStructure*) {}), PictureWith(SetHalves));
}

TEST(OverlayContent, PropertiesCountWhilePlaying) {
  const std::string caps = Caps("RGB", 480, 270);
  const HarnessPtr harness = Overlay(caps);
  const BufferPtr left = Through(harness, ScoredFrame(caps));
  const ElementPtr overlay(
      gst_harness_find_element(harness.get(), "graphiqaoverlay"));
  gst_util_set_object_arg(G_OBJECT(overlay.get()), "position", "bottom-right");
  const BufferPtr right = Through(harness, ScoredFrame(caps));
  const BufferPtr before = ScoredFrame(caps);
  const Difference difference(caps, before.get(), right.get());
  EXPECT_EQ(0, difference.In(0, 0, 240, 135));
  EXPECT_GT(difference.In(360, 205, 460, 255), 0.95);
}

}  // namespace
}  // namespace graphiqa::test
