// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// The parts of the overlay below the element: history and redrawing.
#include "gstgraphiqaoverlaypainter.h"

#include <gtest/gtest.h>

#include <string>

#include "gst/graphiqa/gstgraphiqameta.h"
#include "gst_support.h"

namespace graphiqa::test {
namespace {

using StructurePtr =
    std::unique_ptr<GstStructure, decltype(&gst_structure_free)>;

StructurePtr Fields(double score, GstClockTime scored,
                    const char* state = "fresh") {
  StructurePtr fields(gst_structure_new_empty("GraphiqaMeta"),
                      gst_structure_free);
  gst_graphiqa_meta_set_state(fields.get(), state);
  gst_graphiqa_meta_set_score(fields.get(), score);
  gst_graphiqa_meta_set_uncertainty(fields.get(), 5);
  if (GST_CLOCK_TIME_IS_VALID(scored)) {
    gst_graphiqa_meta_set_scored_pts(fields.get(), scored);
  }
  return fields;
}

GstVideoInfo Info(int width = 640, int height = 360) {
  return InfoFromCaps("video/x-raw,format=I420,width=" + std::to_string(width) +
                      ",height=" + std::to_string(height) + ",framerate=25/1");
}

TEST(ScoreHistory, OneColumnHoldsTheMean) {
  ScoreHistory history;
  history.SetLength(12 * GST_SECOND);  // 0.1 s per column
  history.Add(1000 * GST_MSECOND, 40, 2);
  history.Add(1040 * GST_MSECOND, 50, 4);
  history.Add(1099 * GST_MSECOND, 60, 6);
  ASSERT_EQ(1u, history.points().size());
  EXPECT_DOUBLE_EQ(50, history.points()[0].score);
  EXPECT_DOUBLE_EQ(4, history.points()[0].uncertainty);
  EXPECT_EQ(3u, history.points()[0].count);
}

TEST(ScoreHistory, IsBoundedAndForgetsTheOld) {
  ScoreHistory history;
  history.SetLength(10 * GST_SECOND);
  for (int i = 0; i < 100000; ++i) {
    const GstClockTime time = static_cast<GstClockTime>(i) * 10 * GST_MSECOND;
    history.Add(time, 50, 1);
    history.Advance(time);
    ASSERT_LE(history.points().size(), ScoreHistory::kColumns + 1);
  }
  history.Advance(1100 * GST_SECOND);
  EXPECT_TRUE(history.points().empty());
}

TEST(ScoreHistory, AGapIsNotJoinedAndASeekStartsAnew) {
  ScoreHistory history;
  history.SetLength(10 * GST_SECOND);
  history.Add(5 * GST_SECOND, 50, 1);
  history.Add(6 * GST_SECOND, 50, 1);
  history.Break();
  history.Add(7 * GST_SECOND, 50, 1);
  ASSERT_EQ(3u, history.points().size());
  EXPECT_FALSE(history.points()[0].joined);
  EXPECT_TRUE(history.points()[1].joined);
  EXPECT_FALSE(history.points()[2].joined);
  history.Add(1 * GST_SECOND, 50, 1);
  EXPECT_EQ(1u, history.points().size());
}

TEST(ScoreHistory, AJumpFarBackForgetsEvenWithoutANewScore) {
  ScoreHistory history;
  history.SetLength(10 * GST_SECOND);
  history.Add(100 * GST_SECOND, 50, 1);
  history.Advance(0);
  EXPECT_TRUE(history.points().empty());
}

TEST(ScoreHistory, WithoutLengthNothingIsKept) {
  ScoreHistory history;
  history.Add(5 * GST_SECOND, 50, 1);
  EXPECT_TRUE(history.points().empty());
}

TEST(OverlayPainter, WhatLooksTheSameIsNotDrawnAgain) {
  OverlayPainter painter;
  const GstVideoInfo info = Info();
  const OverlaySettings settings;
  const auto first = painter.Paint(info, Fields(60, 0).get(), 0, settings);
  // Held, of the same frame, but for the mark of a fresh one.
  const auto held =
      painter.Paint(info, Fields(60, 0, "held").get(), 1, settings);
  const auto same =
      painter.Paint(info, Fields(60.2, 0, "held").get(), 2, settings);
  EXPECT_NE(first.get(), held.get());
  EXPECT_EQ(held.get(), same.get());
}

TEST(OverlayPainter, WhatLooksOtherwiseIsDrawnAgain) {
  OverlayPainter painter;
  OverlaySettings settings;
  const auto fields = Fields(60, 0, "held");
  CompositionPtr last = painter.Paint(Info(), fields.get(), 0, settings);
  const auto changes = [&](const GstVideoInfo& info, const GstStructure* now,
                           GstClockTime time) {
    CompositionPtr next = painter.Paint(info, now, time, settings);
    const bool changed = next.get() != last.get();
    last = std::move(next);
    return changed;
  };
  EXPECT_FALSE(changes(Info(), fields.get(), 1));
  EXPECT_TRUE(changes(Info(), Fields(61, 0, "held").get(), 1));
  EXPECT_TRUE(changes(Info(), Fields(61, 0, "held").get(), GST_SECOND))
      << "the curve moves";
  EXPECT_TRUE(changes(Info(320, 180), Fields(61, 0, "held").get(), GST_SECOND));
  settings.show_heatmap = false;
  EXPECT_TRUE(changes(Info(320, 180), Fields(61, 0, "held").get(), GST_SECOND));
  EXPECT_FALSE(
      changes(Info(320, 180), Fields(61, 0, "held").get(), GST_SECOND));
}

TEST(OverlayPainter, WithoutCurveTimeChangesNothing) {
  OverlayPainter painter;
  OverlaySettings settings;
  settings.history = 0;
  const auto fields = Fields(60, GST_CLOCK_TIME_NONE);
  const auto first = painter.Paint(Info(), fields.get(), 0, settings);
  for (GstClockTime second = 1; second < 100; ++second) {
    const auto next =
        painter.Paint(Info(), fields.get(), second * GST_SECOND, settings);
    EXPECT_EQ(first.get(), next.get());
  }
}

TEST(OverlayPainter, FramesWithoutTimesAreCounted) {
  OverlayPainter painter;
  const OverlaySettings settings;
  CompositionPtr last;
  int drawn = 0;
  for (int i = 0; i < 100; ++i) {
    CompositionPtr next =
        painter.Paint(Info(), Fields(60, GST_CLOCK_TIME_NONE).get(),
                      GST_CLOCK_TIME_NONE, settings);
    drawn += next.get() != last.get() ? 1 : 0;
    last = std::move(next);
  }
  EXPECT_GT(drawn, 10) << "4 s of curve";
}

TEST(OverlayPainter, ResetForgetsTheStream) {
  OverlayPainter painter;
  const OverlaySettings settings;
  const auto told = [] {
    auto fields = Fields(60, 0);
    gst_graphiqa_meta_set_level(fields.get(), 2);
    return fields;
  };
  const auto height = [&](const GstStructure* fields) {
    const auto overlay = painter.Paint(Info(), fields, 0, settings);
    return BoxOf(gst_video_overlay_composition_get_rectangle(overlay.get(), 0))
        .height;
  };
  const int low = height(Fields(60, 0).get());
  const int high = height(told().get());
  EXPECT_GT(high, low);
  EXPECT_EQ(high, height(Fields(60, 0).get())) << "the panel does not jump";
  painter.Reset();
  EXPECT_EQ(low, height(Fields(60, 0).get()));
}

}  // namespace
}  // namespace graphiqa::test
