// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Live mode: the video goes on whatever the engine does. An engine that is held
// stands for one that is slow or hangs: a push that returns then did not wait.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "gst_support.h"
#include "pipeline.h"

namespace graphiqa::test {
namespace {

constexpr const char* kCaps =
    "video/x-raw,format=RGB,width=96,height=80,framerate=25/1";

double GreyScore(int value) { return value / 2.55; }

/// Engines work again when a test is over, so that elements can close them.
class FakeEngineGuard {
 public:
  ~FakeEngineGuard() { Release(); }
  static void Release() {
    fake_engine::Fail(std::nullopt);
    fake_engine::Refuse(std::nullopt);
    fake_engine::Hold(false);
  }
};

class LiveTest : public testing::Test {
 protected:
  void Start(const std::string& properties = "model-file=fake:") {
    harness_ = MakeHarness("name=graphiqa mode=live " + properties, kCaps);
    bus_.reset(gst_bus_new());
    gst_element_set_bus(harness_->element, bus_.get());
  }

  ~LiveTest() override {
    FakeEngineGuard::Release();
    if (harness_) gst_element_set_bus(harness_->element, nullptr);
  }

  /// Pushes the grey frame `index` and takes what comes out, which is there by
  /// then.
  BufferPtr Pass(int index) {
    PushGrey(harness_.get(), 96, 80, 1, index);
    BufferPtr out(gst_harness_try_pull(harness_.get()));
    EXPECT_TRUE(out) << "frame " << index << " did not leave at once";
    return out;
  }

  std::string PassState(int index) {
    return TextField(Pass(index).get(), "state");
  }

  uint64_t Stat(const char* name) { return StatOf(harness_.get(), name); }
  bool StatBecomes(const char* name, uint64_t value) {
    return Eventually([&] { return Stat(name) >= value; });
  }

  /// Holds the engine with the frame `index` inside.
  void HoldWith(int index) {
    fake_engine::Hold(true);
    Pass(index);
    ASSERT_TRUE(Eventually([] { return fake_engine::Computing() == 1; }));
  }

  /// The next message of a name within the deadline.
  MessagePtr AwaitMessage(const char* name) {
    MessagePtr found;
    Eventually([&] {
      while (MessagePtr message{
          gst_bus_pop_filtered(bus_.get(), GST_MESSAGE_ELEMENT)}) {
        if (!gst_message_has_name(message.get(), name)) continue;
        found = std::move(message);
        return true;
      }
      return false;
    });
    EXPECT_TRUE(found) << "no message " << name;
    return found;
  }

  /// Waits for news that say `state`; lasting trouble may be told before.
  MessagePtr AwaitHealth(const char* state) {
    for (;;) {
      MessagePtr message = AwaitMessage("graphiqa-health");
      if (!message || Text(message, "state") == state) return message;
    }
  }

  static std::string Text(const MessagePtr& message, const char* name) {
    const char* text = gst_structure_get_string(
        gst_message_get_structure(message.get()), name);
    return text != nullptr ? text : "(absent)";
  }

  std::unique_ptr<GstBus, UnrefObject> bus_;
  HarnessPtr harness_;
};

GstClockTime TimeField(GstBuffer* buffer, const char* name) {
  GstClockTime time = GST_CLOCK_TIME_NONE;
  gst_structure_get_clock_time(FieldsOf(buffer), name, &time);
  return time;
}

// --- What leaves -------------------------------------------------------------

TEST_F(LiveTest, FramesLeaveAtOnceWithoutAnyResult) {
  Start();
  fake_engine::Hold(true);
  for (int i = 0; i < 20; ++i) {
    const BufferPtr out = Pass(i);
    EXPECT_EQ(40 * GST_MSECOND * static_cast<guint64>(i),
              GST_BUFFER_PTS(out.get()));
    EXPECT_EQ("skipped", TextField(out.get(), "state"));
    EXPECT_FALSE(gst_structure_has_field(FieldsOf(out.get()), "score"));
  }
  EXPECT_EQ(20u, Stat("frames-skipped"));
}

TEST_F(LiveTest, AResultIsHeldWithItsAge) {
  Start("model-file=fake:heads heatmap=true");
  Pass(100);
  ASSERT_TRUE(StatBecomes("frames-scored", 1));
  fake_engine::Hold(true);
  for (const int i : {101, 102, 105}) {
    const BufferPtr out = Pass(i);
    EXPECT_EQ("held", TextField(out.get(), "state"));
    EXPECT_NEAR(GreyScore(100), DoubleField(out.get(), "score"), 1e-9);
    EXPECT_EQ(4000 * GST_MSECOND, TimeField(out.get(), "scored-pts"));
    EXPECT_EQ((i - 100) * 40 * GST_MSECOND, TimeField(out.get(), "age"));
    EXPECT_NE(GST_CLOCK_TIME_NONE, TimeField(out.get(), "latency"));
    EXPECT_TRUE(gst_structure_has_field(FieldsOf(out.get()), "distortion"));
    EXPECT_EQ(2u, gst_graphiqa_meta_get_n_views(FieldsOf(out.get())));
  }
}

TEST_F(LiveTest, TheNewestFrameIsScoredNext) {
  Start();
  HoldWith(0);
  for (const int i : {1, 2, 3}) EXPECT_EQ("skipped", PassState(i));
  fake_engine::Hold(false);
  ASSERT_TRUE(StatBecomes("frames-scored", 2));
  fake_engine::Hold(true);
  EXPECT_EQ(3 * 40 * GST_MSECOND, TimeField(Pass(4).get(), "scored-pts"));
  EXPECT_EQ(2u, Stat("frames-unscored"));
  EXPECT_EQ(5u, Stat("frames-in"));
}

TEST_F(LiveTest, ChosenFramesAloneAreScored) {
  Start("model-file=fake: interval=4");
  for (int i = 0; i < 8; ++i) {
    Pass(i);
    ASSERT_TRUE(StatBecomes("frames-scored", i / 4 + 1u));
  }
  EXPECT_EQ(2u, Stat("frames-scored"));
  EXPECT_EQ(0u, Stat("frames-unscored"));
}

TEST_F(LiveTest, MessagesAreOfTheFramesThatWereScored) {
  Start("model-file=fake: message=true");
  Pass(10);
  const MessagePtr message = AwaitMessage("graphiqa");
  const GstStructure* fields = gst_message_get_structure(message.get());
  EXPECT_EQ("fresh", Text(message, "state"));
  GstClockTime time = 0;
  ASSERT_TRUE(gst_structure_get_clock_time(fields, "timestamp", &time));
  EXPECT_EQ(400 * GST_MSECOND, time);
  double score = 0;
  ASSERT_TRUE(gst_structure_get_double(fields, "score", &score));
  EXPECT_NEAR(GreyScore(10), score, 1e-9);
}

TEST_F(LiveTest, NoLatencyIsAdded) {
  Start("model-file=fake: max-in-flight=8");
  Pass(0);
  EXPECT_EQ(0u, gst_harness_query_latency(harness_.get()));
}

TEST_F(LiveTest, OverloadIsReportedOnceASecondAtMost) {
  Start();
  const auto begin = std::chrono::steady_clock::now();
  HoldWith(0);
  for (int i = 1; i < 50; ++i) Pass(i);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::steady_clock::now() - begin);
  int reports = 0;
  while (
      MessagePtr message{gst_bus_pop_filtered(bus_.get(), GST_MESSAGE_QOS)}) {
    ++reports;
    GstFormat format = GST_FORMAT_UNDEFINED;
    guint64 processed = 1;
    guint64 dropped = 0;
    gst_message_parse_qos_stats(message.get(), &format, &processed, &dropped);
    EXPECT_EQ(GST_FORMAT_BUFFERS, format);
    EXPECT_EQ(0u, processed);
    EXPECT_GE(dropped, 1u);
  }
  EXPECT_GE(reports, 1);
  EXPECT_LE(reports, 1 + seconds.count());
  EXPECT_EQ(48u, Stat("frames-unscored"));
}

// --- Buffers -----------------------------------------------------------------

TEST_F(LiveTest, AllocationAsksForTheFramesThatWait) {
  Start();
  const CapsPtr caps(gst_caps_from_string(kCaps));
  GstQuery* query = gst_query_new_allocation(caps.get(), TRUE);
  EXPECT_TRUE(gst_pad_peer_query(harness_->srcpad, query));
  ASSERT_EQ(1u, gst_query_get_n_allocation_pools(query));
  guint min = 0;
  gst_query_parse_nth_allocation_pool(query, 0, nullptr, nullptr, &min,
                                      nullptr);
  EXPECT_EQ(2u, min);
  gst_query_unref(query);
}

TEST_F(LiveTest, ADrainQueryGivesEveryBufferBack) {
  Start();
  int alive = 0;
  const auto pass = [&](int index) {
    BufferPtr buffer = PaintRgb(96, 80, Smooth);
    SetTimes(buffer.get(), index);
    ++alive;
    gst_mini_object_weak_ref(
        GST_MINI_OBJECT(buffer.get()),
        [](gpointer count, GstMiniObject*) { --*static_cast<int*>(count); },
        &alive);
    gst_harness_push(harness_.get(), buffer.release());
    EXPECT_TRUE(BufferPtr(gst_harness_try_pull(harness_.get())));
  };
  fake_engine::Hold(true);
  pass(0);
  ASSERT_TRUE(Eventually([] { return fake_engine::Computing() == 1; }));
  EXPECT_EQ(0, alive);  // its views are cut
  for (const int i : {1, 2, 3}) pass(i);
  EXPECT_EQ(1, alive);
  GstQuery* drain = gst_query_new_drain();
  gst_pad_peer_query(harness_->srcpad, drain);
  gst_query_unref(drain);
  EXPECT_EQ(0, alive);
}

TEST_F(LiveTest, ASharedFrameIsNotWrittenTo) {
  Start();
  BufferPtr buffer = PaintRgb(96, 80, Smooth);
  gst_harness_push(harness_.get(), gst_buffer_ref(buffer.get()));
  const BufferPtr out(gst_harness_try_pull(harness_.get()));
  EXPECT_NE(nullptr, gst_buffer_get_graphiqa_meta(out.get()));
  EXPECT_EQ(nullptr, gst_buffer_get_graphiqa_meta(buffer.get()));
}

// --- Events while a result is due --------------------------------------------

TEST_F(LiveTest, TheEndDoesNotWait) {
  Start();
  HoldWith(0);
  Pass(1);
  ASSERT_TRUE(gst_harness_push_event(harness_.get(), gst_event_new_eos()));
  bool ended = false;
  while (GstEvent* event = gst_harness_try_pull_event(harness_.get())) {
    ended = GST_EVENT_TYPE(event) == GST_EVENT_EOS;
    gst_event_unref(event);
  }
  EXPECT_TRUE(ended);
}

TEST_F(LiveTest, AFlushForgetsWhatIsBeingScored) {
  Start("model-file=fake: interval=2");
  HoldWith(0);
  for (const int i : {1, 2}) Pass(i);
  gst_harness_push_event(harness_.get(), gst_event_new_flush_start());
  gst_harness_push_event(harness_.get(), gst_event_new_flush_stop(TRUE));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(harness_.get(), gst_event_new_segment(&segment));
  fake_engine::Hold(false);
  ASSERT_TRUE(Eventually([] { return fake_engine::Computing() == 0; }));
  EXPECT_EQ(0u, Stat("frames-scored"));
  EXPECT_EQ("skipped", PassState(50));
  ASSERT_TRUE(StatBecomes("frames-scored", 1));
  EXPECT_EQ(50 * 40 * GST_MSECOND, TimeField(Pass(51).get(), "scored-pts"));
}

TEST_F(LiveTest, CapsMayChangeWhileFramesWait) {
  Start();
  HoldWith(0);
  Pass(1);
  const char* other =
      "video/x-raw,format=NV12,width=130,height=50,"
      "framerate=25/1";
  gst_harness_set_src_caps_str(harness_.get(), other);
  fake_engine::Hold(false);
  ASSERT_TRUE(StatBecomes("frames-scored", 2));
  BufferPtr buffer = Paint(InfoFromCaps(other), Smooth);
  SetTimes(buffer.get(), 2);
  ASSERT_EQ(GST_FLOW_OK, gst_harness_push(harness_.get(), buffer.release()));
  ASSERT_TRUE(StatBecomes("frames-scored", 3));
  EXPECT_EQ(0u, Stat("frames-failed"));
}

// --- Failures ----------------------------------------------------------------

TEST_F(LiveTest, AFailingFrameIsCountedAndTheStreamGoesOn) {
  Start();
  Pass(0);
  ASSERT_TRUE(StatBecomes("frames-scored", 1));
  fake_engine::Fail(ErrorCode::kNumeric);
  Pass(1);
  ASSERT_TRUE(StatBecomes("frames-failed", 1));
  const MessagePtr message = AwaitHealth("failing");
  ASSERT_TRUE(message);
  EXPECT_EQ("fake failure on request", Text(message, "reason"));
  fake_engine::Fail(std::nullopt);
  const BufferPtr out = Pass(2);
  EXPECT_EQ("failed", TextField(out.get(), "state"));
  EXPECT_FALSE(gst_structure_has_field(FieldsOf(out.get()), "score"));
  ASSERT_TRUE(StatBecomes("frames-scored", 2));
  EXPECT_TRUE(AwaitHealth("recovered"));
  EXPECT_EQ("held", PassState(3));
}

TEST_F(LiveTest, AFrameThatCannotBeReadFailsAlone) {
  Start();
  ASSERT_EQ(GST_FLOW_OK,
            gst_harness_push(harness_.get(),
                             gst_buffer_new_allocate(nullptr, 10, nullptr)));
  const BufferPtr out(gst_harness_try_pull(harness_.get()));
  EXPECT_EQ("failed", TextField(out.get(), "state"));
  EXPECT_EQ("(absent)", TextField(out.get(), "picture"));
  EXPECT_EQ(1u, Stat("frames-failed"));
  EXPECT_TRUE(AwaitHealth("failing"));
  EXPECT_EQ("skipped", PassState(1));
  ASSERT_TRUE(StatBecomes("frames-scored", 1));
}

TEST_F(LiveTest, ALostDeviceIsOpenedAnew) {
  Start("model-file=fake:shared");
  const int opened = fake_engine::Opened();
  fake_engine::Fail(ErrorCode::kDevice);
  fake_engine::Refuse(ErrorCode::kDevice);
  Pass(0);
  const MessagePtr lost = AwaitHealth("lost");
  ASSERT_TRUE(lost);
  GstClockTime retry = 0;
  EXPECT_TRUE(gst_structure_get_clock_time(
      gst_message_get_structure(lost.get()), "retry-in", &retry));
  EXPECT_EQ(250 * GST_MSECOND, retry);
  ASSERT_TRUE(Eventually([] { return fake_engine::LiveScorers() == 0; }));
  EXPECT_EQ("failed", PassState(1));
  fake_engine::Fail(std::nullopt);
  fake_engine::Refuse(std::nullopt);
  ASSERT_TRUE(StatBecomes("frames-scored", 1));
  EXPECT_EQ(opened + 1, fake_engine::Opened());
  EXPECT_TRUE(AwaitHealth("recovered"));
  EXPECT_EQ("held", PassState(2));
}

TEST_F(LiveTest, ElementsThatShareALostEngineShareTheNextOne) {
  Start("model-file=fake:shared");
  const HarnessPtr other =
      MakeHarness("mode=live model-file=fake:shared", kCaps);
  fake_engine::Fail(ErrorCode::kDevice);
  Pass(0);
  PushGrey(other.get(), 96, 80, 1);
  ASSERT_TRUE(StatBecomes("frames-failed", 1));
  ASSERT_TRUE(
      Eventually([&] { return StatOf(other.get(), "frames-failed") >= 1; }));
  fake_engine::Fail(std::nullopt);
  int frame = 1;
  EXPECT_TRUE(Eventually([&] {
    Pass(frame);
    PushGrey(other.get(), 96, 80, 1, frame++);
    return Stat("frames-scored") > 0 &&
           StatOf(other.get(), "frames-scored") > 0;
  }));
}

// --- Whole pipelines ---------------------------------------------------------

TEST(LivePipeline, AnEngineThatStoppedForEverChangesNothing) {
  const FakeEngineGuard guard;
  ASSERT_TRUE(Eventually([] { return fake_engine::LiveScorers() == 0; }));
  int frames = 0;
  {
    Pipeline pipeline(
        "videotestsrc num-buffers=200 ! video/x-raw,width=96,height=80,"
        "framerate=25/1 ! graphiqa mode=live model-file=fake: ! fakesink "
        "name=s");
    const Probe probe(pipeline, "s", "sink", [&](GstBuffer* buffer) {
      EXPECT_EQ(static_cast<guint64>(frames++) * 40 * GST_MSECOND,
                GST_BUFFER_PTS(buffer));
      EXPECT_EQ("skipped", TextField(buffer, "state"));
    });
    pipeline.To(GST_STATE_READY);
    fake_engine::Hold(true);
    const auto messages = pipeline.Run();
    EXPECT_EQ(GST_MESSAGE_EOS, GST_MESSAGE_TYPE(messages.back().get()));
    EXPECT_EQ(GST_STATE_CHANGE_SUCCESS, pipeline.To(GST_STATE_NULL));
  }
  EXPECT_EQ(200, frames);
  EXPECT_EQ(1, fake_engine::LiveScorers());  // left behind
  fake_engine::Hold(false);
  EXPECT_TRUE(Eventually([] { return fake_engine::LiveScorers() == 0; }));
}

TEST(LivePipeline, ASlowEngineScoresWhatItCan) {
  Pipeline pipeline(
      "videotestsrc ! video/x-raw,width=96,height=80,framerate=25/1 ! graphiqa "
      "mode=live model-file=fake:delay-ms=3 name=q ! fakesink name=s");
  guint64 frames = 0;
  std::set<GstClockTime> scored;
  std::atomic<bool> enough{false};
  const Probe probe(pipeline, "s", "sink", [&](GstBuffer* buffer) {
    EXPECT_EQ(frames++ * 40 * GST_MSECOND, GST_BUFFER_PTS(buffer));
    if (TextField(buffer, "state") != "held") return;
    scored.insert(TimeField(buffer, "scored-pts"));
    enough = scored.size() >= 10;
  });
  pipeline.To(GST_STATE_PLAYING);
  EXPECT_TRUE(Eventually([&] { return enough.load(); }));
  pipeline.To(GST_STATE_NULL);
  EXPECT_GT(frames, scored.size());
}

TEST(LivePipeline, StatesAndSeeksWhileResultsAreDue) {
  const FakeEngineGuard guard;
  Pipeline pipeline(
      "videotestsrc num-buffers=100000 ! video/x-raw,width=96,height=80,"
      "framerate=25/1 ! graphiqa mode=live model-file=fake:delay-ms=1 name=q ! "
      "fakesink name=s sync=false");
  std::atomic<int> frames{0};
  const Probe probe(pipeline, "s", "sink", [&](GstBuffer*) { ++frames; });
  for (int round = 0; round < 10; ++round) {
    pipeline.To(GST_STATE_PLAYING);
    const int before = frames;
    ASSERT_TRUE(Eventually([&] { return frames > before + 5; }));
    ASSERT_TRUE(gst_element_seek_simple(
        pipeline.get(), GST_FORMAT_TIME,
        static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH), GST_SECOND));
    const int sought = frames;
    ASSERT_TRUE(Eventually([&] { return frames > sought + 5; }));
    pipeline.To(round % 2 == 0 ? GST_STATE_READY : GST_STATE_NULL);
    const int scorers = round % 2 == 0 ? 1 : 0;
    ASSERT_TRUE(
        Eventually([=] { return fake_engine::LiveScorers() == scorers; }));
  }
}

TEST(LivePipeline, TheModeMayChangeInReady) {
  Pipeline pipeline(
      "videotestsrc num-buffers=5 ! video/x-raw,width=96,height=80 ! graphiqa "
      "mode=live model-file=fake: name=q ! fakesink name=s");
  int fresh = 0;
  int frames = 0;
  const Probe probe(pipeline, "s", "sink", [&](GstBuffer* buffer) {
    ++frames;
    fresh += TextField(buffer, "state") == "fresh" ? 1 : 0;
  });
  pipeline.Run();
  EXPECT_EQ(5, frames);
  EXPECT_EQ(0, fresh);
  pipeline.To(GST_STATE_READY);
  gst_util_set_object_arg(G_OBJECT(pipeline.Find("q").get()), "mode", "sync");
  pipeline.Run();
  EXPECT_EQ(10, frames);
  EXPECT_EQ(5, fresh);
}

/// Two streams on one engine, one of them four times as fast, both with a frame
/// waiting at any time.
TEST(LivePipeline, StreamsShareAnEngineFairly) {
  const std::string properties =
      "mode=live model-file=fake:shared batch-size=1 crops=1";
  const HarnessPtr fast = MakeHarness(properties, kCaps);
  const HarnessPtr slow = MakeHarness(properties, kCaps);
  const FakeEngineGuard guard;
  fake_engine::Hold(true);
  int frame = 0;
  const auto push = [&](const HarnessPtr& harness) {
    PushGrey(harness.get(), 96, 80, 1, frame++);
    EXPECT_TRUE(BufferPtr(gst_harness_try_pull(harness.get())));
  };
  const auto scored = [](const HarnessPtr& harness) {
    return StatOf(harness.get(), "frames-scored");
  };
  for (uint64_t step = 1; step <= 40; ++step) {
    for (int i = 0; i < 4; ++i) push(fast);
    push(slow);
    ASSERT_TRUE(Eventually([] { return fake_engine::Computing() == 1; }));
    fake_engine::Step();
    ASSERT_TRUE(
        Eventually([&] { return scored(fast) + scored(slow) == step; }));
  }
  // Turns may be missed where a thread is late, but not again and again.
  EXPECT_GE(scored(fast), 15u);
  EXPECT_GE(scored(slow), 15u);
}

// --- Alarms, in both modes ---------------------------------------------------

/// A texture around a brightness, no two frames alike.
Painter Texture(int index, int brightness) {
  return [=](int x, int y) {
    const int wave = (x * 5 + y * 3 + index * 7) % 61 - 30;
    const auto value = static_cast<uint8_t>(brightness + wave);
    return Rgb{value, value, value};
  };
}

class AlarmModes : public LiveTest,
                   public testing::WithParamInterface<const char*> {
 protected:
  void Start() {
    harness_ = MakeHarness(std::string("name=graphiqa alarm-below=50 "
                                       "alarm-raise-time=200000000 "
                                       "alarm-clear-time=400000000 "
                                       "model-file=fake:heads mode=") +
                               GetParam(),
                           kCaps);
    bus_.reset(gst_bus_new());
    gst_element_set_bus(harness_->element, bus_.get());
  }

  /// Frames at 25 per second, each scored before the next.
  void Play(int count, int brightness) {
    for (int i = 0; i < count; ++i, ++index_) {
      BufferPtr buffer = PaintRgb(
          96, 80, brightness > 0 ? Texture(index_, brightness) : [](int, int) {
            return Rgb{0, 0, 0};
          });
      SetTimes(buffer.get(), index_);
      ASSERT_EQ(GST_FLOW_OK,
                gst_harness_push(harness_.get(), buffer.release()));
      ASSERT_TRUE(BufferPtr(gst_harness_pull(harness_.get())));
      ASSERT_TRUE(StatBecomes("frames-scored", index_ + 1u));
    }
  }

  /// The next alarm in short, as "raised black 200" with its time in ms.
  std::string Alarm() {
    const MessagePtr message = AwaitMessage("graphiqa-alarm");
    if (!message) return "none";
    const GstStructure* fields = gst_message_get_structure(message.get());
    GstClockTime since = 0;
    GstClockTime time = 0;
    gst_structure_get_clock_time(fields, "since", &since);
    gst_structure_get_clock_time(fields, "running-time", &time);
    with_score_ = gst_structure_has_field(fields, "score") &&
                  gst_structure_has_field(fields, "distortion");
    return Text(message, "state") + " " + Text(message, "reason") + " " +
           std::to_string(since / GST_MSECOND) + " " +
           std::to_string(time / GST_MSECOND);
  }

  int index_ = 0;
  bool with_score_ = false;
};

TEST_P(AlarmModes, ALowScoreRaisesAndClears) {
  Start();
  Play(10, 60);
  EXPECT_EQ("raised low-quality 0 200", Alarm());
  EXPECT_TRUE(with_score_);
  Play(20, 190);
  EXPECT_EQ("cleared low-quality 400 800", Alarm());
  EXPECT_TRUE(with_score_);
}

TEST_P(AlarmModes, ABlackPictureHasItsOwnReason) {
  Start();
  Play(5, 190);
  Play(20, 0);
  EXPECT_EQ("raised black 200 400", Alarm());
  EXPECT_TRUE(with_score_);
  Play(15, 190);
  EXPECT_EQ("cleared black 1000 1400", Alarm());
}

INSTANTIATE_TEST_SUITE_P(Both, AlarmModes, testing::Values("sync", "live"),
                         [](const auto& mode) {
                           return std::string(mode.param);
                         });

}  // namespace
}  // namespace graphiqa::test
