// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// The element in whole pipelines, with the fake engine: negotiation, metadata
// on its way through other elements, states, errors.
#include <gtest/gtest.h>
#include <string.h>

#include <map>
#include <string>
#include <vector>

#include "gst_support.h"
#include "pipeline.h"

namespace graphiqa::test {
namespace {

TEST(Negotiation, EveryFormatAndOddSizesPlay) {
  for (const char* format :
       {"NV12", "NV21", "I420", "YV12", "Y42B", "Y444", "P010_10LE",
        "I420_10LE", "YUY2", "UYVY", "RGB", "BGR", "RGBA", "BGRA", "RGBx",
        "BGRx", "ARGB", "ABGR", "GRAY8"}) {
    for (const char* size :
         {"width=16,height=16", "width=17,height=19", "width=320,height=240"}) {
      Pipeline pipeline(std::string("videotestsrc num-buffers=3 pattern=smpte "
                                    "! video/x-raw,format=") +
                        format + "," + size +
                        " ! graphiqa model-file=fake:whole name=q ! fakesink "
                        "name=s");
      int fresh = 0;
      const Probe probe(pipeline, "s", "sink", [&](GstBuffer* buffer) {
        fresh += TextField(buffer, "state") == "fresh" ? 1 : 0;
      });
      const auto messages = pipeline.Run();
      EXPECT_EQ(GST_MESSAGE_EOS, GST_MESSAGE_TYPE(messages.back().get()))
          << format << " " << size;
      EXPECT_EQ(3, fresh) << format << " " << size;
    }
  }
}

TEST(Negotiation, InterlacedPlays) {
  Pipeline pipeline(
      "videotestsrc num-buffers=3 ! video/x-raw,format=I420,width=64,height=34,"
      "interlace-mode=interleaved,field-order=top-field-first ! graphiqa "
      "model-file=fake: ! fakesink");
  const auto messages = pipeline.Run();
  EXPECT_EQ(GST_MESSAGE_EOS, GST_MESSAGE_TYPE(messages.back().get()));
}

TEST(Negotiation, TooSmallVideoDoesNotLink) {
  const Pipeline tiny(
      "videotestsrc ! video/x-raw,width=1,height=1 ! graphiqa ! fakesink");
  EXPECT_NE(std::string::npos, tiny.error().find("could not link"))
      << tiny.error();
  const Pipeline audio("audiotestsrc ! graphiqa ! fakesink");
  EXPECT_NE(std::string::npos, audio.error().find("could not link"));
}

TEST(Negotiation, TooSmallVideoInMidstreamIsNotNegotiated) {
  const HarnessPtr harness = MakeHarness("model-file=fake:");
  PushGrey(harness.get(), 96, 80, 1);
  gst_harness_set_src_caps_str(
      harness.get(), "video/x-raw,format=RGB,width=1,height=1,framerate=25/1");
  EXPECT_EQ(GST_FLOW_NOT_NEGOTIATED,
            gst_harness_push(harness.get(),
                             gst_buffer_new_allocate(nullptr, 4, nullptr)));
}

TEST(Metadata, StaysThroughConversionScalingTeeAndQueue) {
  Pipeline pipeline(
      "videotestsrc num-buffers=4 ! video/x-raw,format=I420,width=160,"
      "height=120 ! graphiqa model-file=fake:heads heatmap=true name=q ! tee "
      "name=t ! queue ! videoconvert ! video/x-raw,format=BGRA ! fakesink "
      "name=a t. ! queue ! videoscale ! video/x-raw,width=80,height=60 ! "
      "fakesink name=b");
  std::map<GstClockTime, std::string> at_q;
  int same = 0;
  std::mutex mutex;
  const auto text = [](GstBuffer* buffer) {
    gchar* string = gst_structure_to_string(FieldsOf(buffer));
    const std::string result = string;
    g_free(string);
    return result;
  };
  const Probe source(pipeline, "q", "src", [&](GstBuffer* buffer) {
    const std::lock_guard<std::mutex> lock(mutex);
    at_q[GST_BUFFER_PTS(buffer)] = text(buffer);
  });
  const auto compare = [&](GstBuffer* buffer) {
    const std::lock_guard<std::mutex> lock(mutex);
    same += at_q[GST_BUFFER_PTS(buffer)] == text(buffer) ? 1 : 0;
  };
  const Probe first(pipeline, "a", "sink", compare);
  const Probe second(pipeline, "b", "sink", compare);
  pipeline.Run();
  EXPECT_EQ(8, same);
}

TEST(Metadata, CopiesMayBeWritten) {
  const HarnessPtr harness = MakeHarness("model-file=fake:");
  PushGrey(harness.get(), 96, 80, 1);
  BufferPtr copy;
  {
    const BufferPtr original(gst_harness_pull(harness.get()));
    copy.reset(gst_buffer_copy_deep(original.get()));
  }
  gst_graphiqa_meta_set_score(gst_buffer_get_graphiqa_meta(copy.get()), 12);
  EXPECT_EQ(12, DoubleField(copy.get(), "score"));
  gst_buffer_add_graphiqa_meta(copy.get());
  EXPECT_FALSE(gst_structure_has_field(FieldsOf(copy.get()), "score"));
}

TEST(Metadata, TwoElementsInARowLeaveTheSecondsResult) {
  Pipeline pipeline(
      "videotestsrc num-buffers=2 ! graphiqa model-file=fake: ! graphiqa "
      "model-file=fake:heads ! fakesink name=s");
  int heads = 0;
  const Probe probe(pipeline, "s", "sink", [&](GstBuffer* buffer) {
    heads += gst_structure_has_field(FieldsOf(buffer), "level") ? 1 : 0;
  });
  pipeline.Run();
  EXPECT_EQ(2, heads);
}

TEST(Messages, OnePerScoredFrameWithItsTimes) {
  Pipeline pipeline(
      "videotestsrc num-buffers=6 ! video/x-raw,framerate=25/1 ! graphiqa "
      "model-file=fake: interval=2 message=true ! fakesink");
  const auto messages = pipeline.Run();
  ASSERT_EQ(4u, messages.size());
  for (guint i = 0; i < 3; ++i) {
    const GstStructure* fields = gst_message_get_structure(messages[i].get());
    EXPECT_TRUE(gst_structure_has_name(fields, "graphiqa"));
    for (const char* name : {"timestamp", "stream-time", "running-time"}) {
      GstClockTime time = 0;
      EXPECT_TRUE(gst_structure_get_clock_time(fields, name, &time)) << name;
      EXPECT_EQ(i * 80 * GST_MSECOND, time) << name;
    }
    EXPECT_TRUE(gst_structure_has_field(fields, "duration"));
    EXPECT_STREQ("fresh", gst_structure_get_string(fields, "state"));
  }
}

TEST(Messages, NoneUnlessAsked) {
  Pipeline pipeline(
      "videotestsrc num-buffers=2 ! graphiqa model-file=fake: ! fakesink");
  EXPECT_EQ(1u, pipeline.Run().size());
}

TEST(Seeking, TheSameFrameGetsTheSameViews) {
  Pipeline pipeline(
      "videotestsrc num-buffers=50 ! video/x-raw,width=320,height=240,"
      "framerate=25/1 ! graphiqa model-file=fake: heatmap=true ! fakesink "
      "name=s sync=false");
  std::map<GstClockTime, std::vector<std::string>> seen;
  const Probe probe(pipeline, "s", "sink", [&](GstBuffer* buffer) {
    const GValue* map = gst_structure_get_value(FieldsOf(buffer), "heatmap");
    gchar* text = gst_value_serialize(map);
    seen[GST_BUFFER_PTS(buffer)].push_back(text);
    g_free(text);
  });
  pipeline.To(GST_STATE_PAUSED);
  gst_element_get_state(pipeline.get(), nullptr, nullptr, 5 * GST_SECOND);
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(gst_element_seek_simple(pipeline.get(), GST_FORMAT_TIME,
                                        GST_SEEK_FLAG_FLUSH,
                                        200 * GST_MSECOND));
    gst_element_get_state(pipeline.get(), nullptr, nullptr, 5 * GST_SECOND);
  }
  pipeline.Run();
  const std::vector<std::string>& frame = seen[200 * GST_MSECOND];
  ASSERT_GE(frame.size(), 5u);
  for (const std::string& views : frame) EXPECT_EQ(frame[0], views);
  EXPECT_NE(frame[0], seen[240 * GST_MSECOND].at(0));
}

TEST(States, UpAndDownAHundredTimesKeepsNothing) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer keeps freed memory";
  Pipeline pipeline(
      "videotestsrc num-buffers=3 ! video/x-raw,width=64,height=64 ! graphiqa "
      "model-file=fake: name=q ! fakesink");
  long after_warm_up = 0;
  for (int i = 0; i < 110; ++i) {
    pipeline.To(GST_STATE_PLAYING);
    gst_element_get_state(pipeline.get(), nullptr, nullptr, 5 * GST_SECOND);
    EXPECT_EQ(1, fake_engine::LiveScorers());
    pipeline.To(GST_STATE_NULL);
    EXPECT_EQ(0, fake_engine::LiveScorers());
    if (i == 9) after_warm_up = ResidentKib();
  }
  const long grown = ResidentKib() - after_warm_up;
  RecordProperty("grown_kib", std::to_string(grown));
  std::printf("100 times up and down: resident memory grew by %ld KiB\n",
              grown);
  EXPECT_LT(grown, 2048);
}

TEST(States, TenThousandFramesKeepNothing) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer keeps freed memory";
  const HarnessPtr harness = MakeHarness("model-file=fake: heatmap=true");
  long after_warm_up = 0;
  for (int i = 0; i < 10000; ++i) {
    if (i == 1000) after_warm_up = ResidentKib();
    BufferPtr buffer = PaintRgb(96, 80, [i](int, int) {
      return Rgb{static_cast<uint8_t>(i), 0, 0};
    });
    SetTimes(buffer.get(), i);
    ASSERT_EQ(GST_FLOW_OK, gst_harness_push(harness.get(), buffer.release()));
    const BufferPtr out(gst_harness_pull(harness.get()));
    ASSERT_TRUE(out);
  }
  const long grown = ResidentKib() - after_warm_up;
  std::printf("9000 frames: resident memory grew by %ld KiB\n", grown);
  EXPECT_LT(grown, 2048);
}

TEST(States, AModelNamedInReadyIsTheOneThatPlays) {
  Pipeline pipeline(
      "videotestsrc num-buffers=2 ! graphiqa model-file=fake: name=q ! "
      "fakesink name=s");
  int heads = 0;
  const Probe probe(pipeline, "s", "sink", [&](GstBuffer* buffer) {
    heads += gst_structure_has_field(FieldsOf(buffer), "level") ? 1 : 0;
  });
  ASSERT_EQ(GST_STATE_CHANGE_SUCCESS, pipeline.To(GST_STATE_READY));
  g_object_set(pipeline.Find("q").get(), "model-file", "fake:heads", nullptr);
  pipeline.Run();
  EXPECT_EQ(2, heads);
}

TEST(Errors, OpeningFailsWithOneClearMessage) {
  struct Case {
    const char* model;
    GQuark domain;
    int code;
  };
  const Case cases[] = {
      {"/does/not/exist", GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND},
      {"\"\"", GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND},
      {"fake:error=1", GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ},
      {"fake:error=2", GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_INIT},
      {"fake:error=3", GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_INIT},
      {"fake:error=4", GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_INIT},
      {"fake:error=5", GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_FAILED},
      {"fake:error=6", GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS},
  };
  for (const Case& item : cases) {
    Pipeline pipeline(std::string("videotestsrc ! graphiqa model-file=") +
                      item.model + " ! fakesink");
    EXPECT_EQ(GST_STATE_CHANGE_FAILURE, pipeline.To(GST_STATE_PLAYING));
    const BusError error = WaitForError(pipeline.bus());
    EXPECT_EQ(item.domain, error.domain) << item.model;
    EXPECT_EQ(item.code, error.code) << item.model;
    EXPECT_FALSE(error.text.empty());
    const MessagePtr second(
        gst_bus_pop_filtered(pipeline.bus(), GST_MESSAGE_ERROR));
    EXPECT_FALSE(second) << item.model;
  }
  EXPECT_EQ(0, fake_engine::LiveScorers());
}

TEST(Errors, AFailingFrameEndsTheStream) {
  for (const char* model : {"fake:fail-at=3", "fake:throw-at=3"}) {
    Pipeline pipeline(std::string("videotestsrc ! graphiqa model-file=") +
                      model + " ! fakesink name=s");
    int frames = 0;
    const Probe probe(pipeline, "s", "sink", [&](GstBuffer*) { ++frames; });
    const auto messages = pipeline.Run();
    ASSERT_EQ(GST_MESSAGE_ERROR, GST_MESSAGE_TYPE(messages.back().get()));
    GError* error = nullptr;
    gst_message_parse_error(messages.back().get(), &error, nullptr);
    EXPECT_TRUE(
        g_error_matches(error, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED))
        << error->message;
    EXPECT_NE(nullptr, strstr(error->message, "fake ")) << error->message;
    g_error_free(error);
    EXPECT_LE(frames, 2);
  }
}

TEST(Errors, TheLastFrameFailingAfterTheEndStillEnds) {
  Pipeline pipeline(
      "videotestsrc num-buffers=3 ! graphiqa "
      "model-file=fake:fail-at=3,delay-ms=50 ! fakesink");
  const auto messages = pipeline.Run();
  EXPECT_EQ(GST_MESSAGE_ERROR, GST_MESSAGE_TYPE(messages.back().get()));
}

}  // namespace
}  // namespace graphiqa::test
