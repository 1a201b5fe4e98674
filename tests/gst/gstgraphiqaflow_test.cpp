// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Frames, events and queries on their way through the element, with the fake
// engine: what comes out, in which order, and what is asked of the neighbours.
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "gst_support.h"

namespace graphiqa::test {
namespace {

constexpr const char* kFake = "model-file=fake:delay-ms=2 ";
constexpr const char* kCaps =
    "video/x-raw,format=RGB,width=96,height=80,framerate=25/1";

double GreyScore(int value) { return value / 2.55; }

class FlowTest : public testing::Test {
 protected:
  void Start(const std::string& properties, const std::string& caps = kCaps) {
    harness_ = MakeHarness(properties, caps);
  }

  BufferPtr Pull() { return BufferPtr(gst_harness_pull(harness_.get())); }

  /// States of the next `count` frames, in short.
  std::string PullStates(int count) {
    std::string states;
    for (int i = 0; i < count; ++i) {
      states += TextField(Pull().get(), "state").substr(0, 1);
    }
    return states;
  }

  void End() {
    ASSERT_TRUE(gst_harness_push_event(harness_.get(), gst_event_new_eos()));
  }

  HarnessPtr harness_;
};

TEST_F(FlowTest, FramesKeepTheirOrderAndTheirOwnScores) {
  Start(std::string(kFake) + "max-in-flight=3");
  PushGrey(harness_.get(), 96, 80, 40);
  for (int i = 0; i < 40; ++i) {
    const BufferPtr buffer = Pull();
    EXPECT_EQ(40u * GST_MSECOND * static_cast<guint64>(i),
              GST_BUFFER_PTS(buffer.get()));
    EXPECT_EQ("fresh", TextField(buffer.get(), "state"));
    EXPECT_NEAR(GreyScore(i), DoubleField(buffer.get(), "score"), 1e-9);
  }
}

TEST_F(FlowTest, OneFrameLeavesWithoutAnother) {
  Start(kFake);
  PushGrey(harness_.get(), 96, 80, 1);
  EXPECT_EQ("fresh", TextField(Pull().get(), "state"));
}

TEST_F(FlowTest, AtMostMaxInFlightFramesAreInside) {
  Start("model-file=fake:delay-ms=60 max-in-flight=2");
  const auto begin = std::chrono::steady_clock::now();
  PushGrey(harness_.get(), 96, 80, 2);
  const auto two = std::chrono::steady_clock::now();
  PushGrey(harness_.get(), 96, 80, 1, 2);
  const auto three = std::chrono::steady_clock::now();
  EXPECT_LT(two - begin, std::chrono::milliseconds(50));
  EXPECT_GE(three - begin, std::chrono::milliseconds(50));
}

TEST_F(FlowTest, EosDrains) {
  Start("model-file=fake:delay-ms=20 max-in-flight=4");
  PushGrey(harness_.get(), 96, 80, 4);
  End();
  for (int i = 0; i < 4; ++i) {
    EXPECT_NEAR(GreyScore(i), DoubleField(Pull().get(), "score"), 1e-9);
  }
  GstEvent* last = nullptr;
  for (GstEvent* event = gst_harness_pull_event(harness_.get());
       event != nullptr && last == nullptr;
       event = last == nullptr ? gst_harness_pull_event(harness_.get())
                               : nullptr) {
    if (GST_EVENT_TYPE(event) == GST_EVENT_EOS) {
      last = event;
    } else {
      gst_event_unref(event);
    }
  }
  ASSERT_NE(nullptr, last);
  gst_event_unref(last);
}

TEST_F(FlowTest, AFrameAfterTheEndIsRefused) {
  Start(kFake);
  End();
  BufferPtr buffer = PaintRgb(96, 80, Smooth);
  EXPECT_EQ(GST_FLOW_EOS, gst_harness_push(harness_.get(), buffer.release()));
}

TEST_F(FlowTest, ANewStreamAfterTheEndPlays) {
  Start(kFake);
  End();
  gst_harness_push_event(harness_.get(), gst_event_new_stream_start("next"));
  GST_OBJECT_FLAG_UNSET(harness_->srcpad, GST_PAD_FLAG_EOS);
  GST_OBJECT_FLAG_UNSET(harness_->sinkpad, GST_PAD_FLAG_EOS);
  CapsPtr caps(gst_caps_from_string(kCaps));
  gst_harness_push_event(harness_.get(), gst_event_new_caps(caps.get()));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(harness_.get(), gst_event_new_segment(&segment));
  PushGrey(harness_.get(), 96, 80, 2);
  EXPECT_EQ("ff", PullStates(2));
}

TEST_F(FlowTest, SerializedEventsStayInLine) {
  Start("model-file=fake:delay-ms=10");
  std::vector<std::string> order;
  GstPad* pad = gst_element_get_static_pad(harness_->element, "src");
  gst_pad_add_probe(
      pad,
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER |
                                   GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
      [](GstPad*, GstPadProbeInfo* info, gpointer data) {
        auto* names = static_cast<std::vector<std::string>*>(data);
        names->push_back(
            GST_IS_BUFFER(GST_PAD_PROBE_INFO_DATA(info))
                ? "frame"
                : GST_EVENT_TYPE_NAME(GST_PAD_PROBE_INFO_EVENT(info)));
        return GST_PAD_PROBE_OK;
      },
      &order, nullptr);
  PushGrey(harness_.get(), 96, 80, 1);
  gst_harness_push_event(harness_.get(),
                         gst_event_new_gap(40 * GST_MSECOND, GST_SECOND));
  PushGrey(harness_.get(), 96, 80, 1, 2);
  GstTagList* tags = gst_tag_list_new(GST_TAG_TITLE, "t", nullptr);
  gst_harness_push_event(harness_.get(), gst_event_new_tag(tags));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(harness_.get(), gst_event_new_segment(&segment));
  PushGrey(harness_.get(), 96, 80, 1, 3);
  End();
  for (int i = 0; i < 3; ++i) Pull();
  GstQuery* drain = gst_query_new_drain();
  gst_pad_peer_query(harness_->srcpad, drain);  // waits for its turn
  gst_query_unref(drain);
  gst_harness_set_live(harness_.get(), FALSE);
  for (int i = 0; i < 100 && (order.empty() || order.back() != "eos"); ++i) {
    g_usleep(10000);
  }
  const std::vector<std::string> end(
      std::find(order.begin(), order.end(), "frame"), order.end());
  const std::vector<std::string> wanted = {"frame",   "gap",   "frame", "tag",
                                           "segment", "frame", "eos"};
  EXPECT_EQ(wanted, end);
  gst_object_unref(pad);
}

TEST_F(FlowTest, FlushDropsWhatIsInsideAndPlaysOn) {
  Start("model-file=fake:delay-ms=30 max-in-flight=4 interval=2");
  PushGrey(harness_.get(), 96, 80, 3);
  gst_harness_push_event(harness_.get(), gst_event_new_flush_start());
  BufferPtr refused = PaintRgb(96, 80, Smooth);
  EXPECT_EQ(GST_FLOW_FLUSHING,
            gst_harness_push(harness_.get(), refused.release()));
  gst_harness_push_event(harness_.get(), gst_event_new_flush_stop(TRUE));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(harness_.get(), gst_event_new_segment(&segment));
  const guint before = gst_harness_buffers_received(harness_.get());
  while (BufferPtr old{gst_harness_try_pull(harness_.get())}) {
  }
  PushGrey(harness_.get(), 96, 80, 2, 50);
  // The first frame after a flush is scored, whatever the interval.
  const BufferPtr first = Pull();
  EXPECT_EQ("fresh", TextField(first.get(), "state"));
  EXPECT_NEAR(GreyScore(50), DoubleField(first.get(), "score"), 1e-9);
  EXPECT_EQ("held", TextField(Pull().get(), "state"));
  EXPECT_LE(before, 3u);
}

TEST_F(FlowTest, FlushWakesABlockedSender) {
  Start("model-file=fake:delay-ms=1000 max-in-flight=1");
  PushGrey(harness_.get(), 96, 80, 1);
  GstFlowReturn flow = GST_FLOW_OK;
  std::thread sender([&] {
    BufferPtr buffer = PaintRgb(96, 80, Smooth);
    flow = gst_harness_push(harness_.get(), buffer.release());
  });
  g_usleep(50000);
  const auto begin = std::chrono::steady_clock::now();
  gst_pad_push_event(harness_->srcpad, gst_event_new_flush_start());
  sender.join();
  EXPECT_EQ(GST_FLOW_FLUSHING, flow);
  EXPECT_LT(std::chrono::steady_clock::now() - begin,
            std::chrono::milliseconds(500));
}

TEST_F(FlowTest, CapsMayChangeBetweenFrames) {
  Start(kFake);
  PushGrey(harness_.get(), 96, 80, 3);
  gst_harness_set_src_caps_str(harness_.get(),
                               "video/x-raw,format=NV12,width=130,height=50,"
                               "framerate=25/1");
  const GstVideoInfo info = InfoFromCaps(
      "video/x-raw,format=NV12,width=130,height=50,framerate=25/1");
  for (int i = 3; i < 6; ++i) {
    BufferPtr buffer = Paint(info, [](int, int) { return Rgb{200, 200, 200}; });
    SetTimes(buffer.get(), i);
    ASSERT_EQ(GST_FLOW_OK, gst_harness_push(harness_.get(), buffer.release()));
  }
  for (int i = 0; i < 3; ++i) {
    EXPECT_NEAR(GreyScore(i), DoubleField(Pull().get(), "score"), 1e-9);
  }
  for (int i = 0; i < 3; ++i) {
    EXPECT_NEAR(GreyScore(200), DoubleField(Pull().get(), "score"), 1.0);
  }
}

TEST_F(FlowTest, IntervalScoresEveryNthFrame) {
  Start(std::string(kFake) + "interval=3");
  PushGrey(harness_.get(), 96, 80, 8);
  EXPECT_EQ("fhhfhhfh", PullStates(8));
}

TEST_F(FlowTest, AHeldFrameTellsWhereItsResultComesFrom) {
  Start(std::string(kFake) + "interval=3");
  PushGrey(harness_.get(), 96, 80, 3);
  Pull();
  Pull();
  const BufferPtr held = Pull();
  EXPECT_EQ("held", TextField(held.get(), "state"));
  EXPECT_NEAR(GreyScore(0), DoubleField(held.get(), "score"), 1e-9);
  GstClockTime pts = 1;
  GstClockTime age = 0;
  EXPECT_TRUE(gst_graphiqa_meta_get_scored_pts(FieldsOf(held.get()), &pts));
  EXPECT_TRUE(gst_graphiqa_meta_get_age(FieldsOf(held.get()), &age));
  EXPECT_EQ(0u, pts);
  EXPECT_EQ(80 * GST_MSECOND, age);
}

TEST_F(FlowTest, MaxRateLimitsByStreamTime) {
  Start(std::string(kFake) + "max-rate=5/1");  // every fifth frame of 25/s
  PushGrey(harness_.get(), 96, 80, 11);
  EXPECT_EQ("fhhhhfhhhhf", PullStates(11));
}

TEST_F(FlowTest, MaxRateBelowOneFramePerSecond) {
  Start(std::string(kFake) + "max-rate=1/2");
  PushGrey(harness_.get(), 96, 80, 52);
  const std::string states = PullStates(52);
  EXPECT_EQ('f', states[0]);
  EXPECT_EQ('f', states[50]);
  EXPECT_EQ(2, std::count(states.begin(), states.end(), 'f'));
}

TEST_F(FlowTest, CropsAndHeatmapFollowTheirProperties) {
  Start(std::string(kFake) + "crops=5 heatmap=true");
  PushGrey(harness_.get(), 96, 80, 1);
  const BufferPtr buffer = Pull();
  const GstStructure* fields = FieldsOf(buffer.get());
  guint crops = 0;
  EXPECT_TRUE(gst_graphiqa_meta_get_crops(fields, &crops));
  EXPECT_EQ(5u, crops);
  ASSERT_EQ(5u, gst_graphiqa_meta_get_n_views(fields));
  GstGraphiqaView view;
  for (guint i = 0; i < 5; ++i) {
    ASSERT_TRUE(gst_graphiqa_meta_get_view(fields, i, &view));
    EXPECT_GE(view.x, 0);
    EXPECT_LE(view.x + view.width, 1 + 1e-12);
    EXPECT_NEAR(64.0 / 96, view.width, 1e-12);
    EXPECT_NEAR(64.0 / 80, view.height, 1e-12);
  }
  EXPECT_FALSE(gst_graphiqa_meta_get_view(fields, 5, &view));
}

TEST_F(FlowTest, FieldsOfAnUntrainedHeadAreAbsent) {
  Start(kFake);
  PushGrey(harness_.get(), 96, 80, 1);
  const BufferPtr buffer = Pull();
  const GstStructure* fields = FieldsOf(buffer.get());
  for (const char* name : {"distortion", "distortion-index", "confidence",
                           "probabilities", "level", "heatmap"}) {
    EXPECT_FALSE(gst_structure_has_field(fields, name)) << name;
  }
  for (const char* name :
       {"version", "state", "score", "uncertainty", "picture", "scored-pts",
        "age", "latency", "model", "crops"}) {
    EXPECT_TRUE(gst_structure_has_field(fields, name)) << name;
  }
}

TEST_F(FlowTest, TrainedHeadsAreReported) {
  Start("model-file=fake:heads");
  PushGrey(harness_.get(), 96, 80, 1, 100);
  const BufferPtr buffer = Pull();
  const GstStructure* fields = FieldsOf(buffer.get());
  int index = -1;
  double confidence = 0;
  EXPECT_STREQ("jpeg",
               gst_graphiqa_meta_get_distortion(fields, &index, &confidence));
  EXPECT_EQ(1, index);
  EXPECT_EQ(0.5, confidence);
  EXPECT_EQ(3u, gst_graphiqa_meta_get_n_probabilities(fields));
  double probability = 0;
  EXPECT_TRUE(gst_graphiqa_meta_get_probability(fields, 2, &probability));
  EXPECT_EQ(0.25, probability);
  double level = 0;
  EXPECT_TRUE(gst_graphiqa_meta_get_level(fields, &level));
  EXPECT_NEAR(GreyScore(100) / 20, level, 1e-9);
  EXPECT_STREQ("fake@0123abcd", gst_graphiqa_meta_get_model(fields));
}

TEST_F(FlowTest, LatencyCountsTheFramesInside) {
  Start(std::string(kFake) + "max-in-flight=3");
  PushGrey(harness_.get(), 96, 80, 1);
  EXPECT_EQ(3 * 40 * GST_MSECOND, gst_harness_query_latency(harness_.get()));
}

TEST_F(FlowTest, AllocationAsksForTheFramesInside) {
  Start(std::string(kFake) + "max-in-flight=5");
  gst_harness_add_propose_allocation_meta(harness_.get(),
                                          GST_VIDEO_META_API_TYPE, nullptr);
  CapsPtr caps(gst_caps_from_string(kCaps));
  GstQuery* query = gst_query_new_allocation(caps.get(), TRUE);
  EXPECT_TRUE(gst_pad_peer_query(harness_->srcpad, query));
  EXPECT_TRUE(
      gst_query_find_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr));
  ASSERT_GE(gst_query_get_n_allocation_pools(query), 1u);
  guint min = 0;
  gst_query_parse_nth_allocation_pool(query, 0, nullptr, nullptr, &min,
                                      nullptr);
  EXPECT_GE(min, 5u);
  gst_query_unref(query);
}

TEST_F(FlowTest, StatisticsCount) {
  Start(std::string(kFake) + "interval=2");
  PushGrey(harness_.get(), 96, 80, 6);
  for (int i = 0; i < 6; ++i) Pull();
  GstStructure* stats = nullptr;
  const ElementPtr element(
      gst_harness_find_element(harness_.get(), "graphiqa"));
  g_object_get(element.get(), "stats", &stats, nullptr);
  guint64 in = 0;
  guint64 scored = 0;
  guint64 held = 0;
  guint64 p50 = 0;
  double batch = 0;
  ASSERT_TRUE(gst_structure_get(
      stats, "frames-in", G_TYPE_UINT64, &in, "frames-scored", G_TYPE_UINT64,
      &scored, "frames-held", G_TYPE_UINT64, &held, "latency-p50",
      G_TYPE_UINT64, &p50, "mean-batch", G_TYPE_DOUBLE, &batch, nullptr));
  EXPECT_EQ(6u, in);
  EXPECT_EQ(3u, scored);
  EXPECT_EQ(3u, held);
  EXPECT_EQ(2.0, batch);
  guint64 views = 0;
  EXPECT_TRUE(gst_structure_get_uint64(stats, "batch-views", &views));
  EXPECT_EQ(6u, views);
  const GValue* sizes = gst_structure_get_value(stats, "batch-sizes");
  ASSERT_EQ(10u, gst_value_array_get_size(sizes));
  EXPECT_EQ(3u, g_value_get_uint64(gst_value_array_get_value(sizes, 1)));
  EXPECT_GE(p50, 2 * GST_MSECOND);
  gst_structure_free(stats);
}

TEST_F(FlowTest, ASharedFrameIsNotWrittenTo) {
  Start(kFake);
  BufferPtr buffer = PaintRgb(96, 80, Smooth);
  gst_harness_push(harness_.get(), gst_buffer_ref(buffer.get()));
  const BufferPtr out = Pull();
  EXPECT_NE(nullptr, gst_buffer_get_graphiqa_meta(out.get()));
  EXPECT_EQ(nullptr, gst_buffer_get_graphiqa_meta(buffer.get()));
}

TEST_F(FlowTest, AFrameThatIsTooSmallIsAnError) {
  Start(kFake);
  EXPECT_EQ(GST_FLOW_ERROR,
            gst_harness_push(harness_.get(),
                             gst_buffer_new_allocate(nullptr, 10, nullptr)));
}

}  // namespace
}  // namespace graphiqa::test
