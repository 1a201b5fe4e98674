// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// The element with the real engine and small models: the same picture gets the
// same score in every format, and bad models are refused.
#include <gtest/gtest.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <string>

#include "gst_support.h"

namespace graphiqa::test {
namespace {

std::string Model(const std::string& name) {
  return std::string(std::getenv("GRAPHIQA_TEST_MODELS")) + "/" + name +
         ".safetensors";
}

std::string Options(const std::string& model) {
  return "device=cpu precision=fp32 model-file=" + model;
}

/// Keeps an engine open, so that elements after it share it.
class KeptEngine {
 public:
  explicit KeptEngine(const std::string& model)
      : element_(
            gst_parse_launch(("graphiqa " + Options(model)).c_str(), nullptr)) {
    EXPECT_EQ(GST_STATE_CHANGE_SUCCESS,
              gst_element_set_state(element_.get(), GST_STATE_READY));
  }
  ~KeptEngine() { gst_element_set_state(element_.get(), GST_STATE_NULL); }
  KeptEngine(const KeptEngine&) = delete;
  KeptEngine& operator=(const KeptEngine&) = delete;

 private:
  ElementPtr element_;
};

/// Score of one frame of the smooth picture in some format.
double ScoreIn(const std::string& model, const std::string& format,
               const std::string& more = "") {
  const std::string caps = "video/x-raw,format=" + format +
                           ",width=640,height=480,framerate=25/1" + more;
  const HarnessPtr harness = MakeHarness(Options(model), caps);
  BufferPtr buffer = Paint(InfoFromCaps(caps), Smooth);
  SetTimes(buffer.get(), 0);
  EXPECT_EQ(GST_FLOW_OK, gst_harness_push(harness.get(), buffer.release()));
  const BufferPtr out(gst_harness_pull(harness.get()));
  return DoubleField(out.get(), "score");
}

/// A number from the environment, for runs longer than a test run should be.
int CountFrom(const char* variable, int otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::atoi(text) : otherwise;
}

TEST(Engine, RgbScoresTheSameInEveryOrderOfBytes) {
  const KeptEngine kept(Model("tiny"));
  const double wanted = ScoreIn(Model("tiny"), "RGB");
  for (const char* format :
       {"BGR", "RGBA", "BGRA", "RGBx", "BGRx", "ARGB", "ABGR"}) {
    EXPECT_NEAR(wanted, ScoreIn(Model("tiny"), format), 0.1) << format;
  }
}

// A model with random weights takes a rounded pixel for another picture, so
// this needs the trained one.
TEST(Engine, YuvScoresAsRgbWithTheDefaultModel) {
  const std::string model = std::getenv("GRAPHIQA_DEFAULT_MODEL");
  if (access(model.c_str(), R_OK) != 0) {
    GTEST_SKIP() << "no default model at " << model;
  }
  const KeptEngine kept(model);
  const double wanted = ScoreIn(model, "RGB");
  std::printf("RGB %.3f\n", wanted);
  for (const char* format : {"NV12", "NV21", "I420", "YV12", "Y42B", "Y444",
                             "P010_10LE", "I420_10LE", "YUY2", "UYVY"}) {
    for (const char* colors : {"bt601", "bt709", "1:4:0:0"}) {
      const double score =
          ScoreIn(model, format, std::string(",colorimetry=") + colors);
      std::printf("%s %s %.3f\n", format, colors, score);
      EXPECT_NEAR(wanted, score, 1.0) << format << " " << colors;
    }
  }
}

TEST(Engine, SmallFramesAreScored) {
  for (const char* size : {"16", "17", "33"}) {
    const std::string caps = std::string("video/x-raw,format=I420,width=") +
                             size + ",height=" + size + ",framerate=25/1";
    const HarnessPtr harness = MakeHarness("model-file=" + Model("tiny"), caps);
    BufferPtr buffer = Paint(InfoFromCaps(caps), Smooth);
    ASSERT_EQ(GST_FLOW_OK, gst_harness_push(harness.get(), buffer.release()));
    const BufferPtr out(gst_harness_pull(harness.get()));
    const double score = DoubleField(out.get(), "score");
    EXPECT_GE(score, 0) << size;
    EXPECT_LE(score, 100) << size;
  }
}

TEST(Engine, AllHeadsAreReportedWhereTrained) {
  const HarnessPtr harness =
      MakeHarness("model-file=" + Model("tiny_all_heads"));
  PushGrey(harness.get(), 96, 80, 1);
  const BufferPtr out(gst_harness_pull(harness.get()));
  const GstStructure* fields = FieldsOf(out.get());
  double confidence = 0;
  EXPECT_NE(nullptr,
            gst_graphiqa_meta_get_distortion(fields, nullptr, &confidence));
  double sum = 0;
  double largest = 0;
  const guint types = gst_graphiqa_meta_get_n_probabilities(fields);
  for (guint i = 0; i < types; ++i) {
    double share = 0;
    EXPECT_TRUE(gst_graphiqa_meta_get_probability(fields, i, &share));
    sum += share;
    largest = std::max(largest, share);
  }
  EXPECT_NEAR(1, sum, 1e-3);
  EXPECT_NEAR(largest, confidence, 1e-9);
}

class BadModel : public testing::TestWithParam<const char*> {};

TEST_P(BadModel, GivesOneClearError) {
  const std::string launch =
      "videotestsrc ! graphiqa model-file=" + Model(GetParam()) + " ! fakesink";
  const ElementPtr pipeline(gst_parse_launch(launch.c_str(), nullptr));
  ASSERT_TRUE(pipeline);
  EXPECT_EQ(GST_STATE_CHANGE_FAILURE,
            gst_element_set_state(pipeline.get(), GST_STATE_PAUSED));
  const std::unique_ptr<GstBus, UnrefObject> bus(
      gst_element_get_bus(pipeline.get()));
  const BusError error = WaitForError(bus.get());
  std::printf("%s: %s\n", GetParam(), error.text.c_str());
  EXPECT_FALSE(error.text.empty());
  const bool missing = std::string(GetParam()) == "no_such_file";
  EXPECT_EQ(missing ? GST_RESOURCE_ERROR : GST_LIBRARY_ERROR, error.domain);
  EXPECT_FALSE(MessagePtr(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR)));
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadModel,
    testing::Values("no_such_file", "empty", "truncated", "corrupt_magic",
                    "huge_header", "foreign", "future_version",
                    "missing_tensor", "surplus_tensor", "wrong_shape",
                    "wrong_sizes", "nan_weights", "negative_variance",
                    "wrong_hash"),
    [](const auto& model) { return std::string(model.param); });

/// Resident memory without what the allocator keeps for later: a freed model
/// that it has not given back yet is no leak.
long TrimmedKib() {
  malloc_trim(0);
  return ResidentKib();
}

/// Lowest trimmed memory over ten times up and down.
long LowestOfTen(GstElement* pipeline) {
  long lowest = LONG_MAX;
  for (int i = 0; i < 10; ++i) {
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    gst_element_get_state(pipeline, nullptr, nullptr, 10 * GST_SECOND);
    gst_element_set_state(pipeline, GST_STATE_NULL);
    lowest = std::min(lowest, TrimmedKib());
  }
  return lowest;
}

/// What a cycle keeps, every ten cycles keep ten times. The allocator, too,
/// holds on to 12 MiB and more now and then, but not each time: the least
/// growth from ten cycles to the next ten is that of a leak alone.
TEST(Engine, StatesUpAndDownKeepNothing) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer keeps freed memory";
  const int blocks = CountFrom("GRAPHIQA_TEST_CYCLES", 50) / 10;
  const std::string launch =
      "videotestsrc num-buffers=2 ! video/x-raw,width=96,height=80 ! graphiqa "
      "model-file=" +
      Model("tiny") + " ! fakesink";
  const ElementPtr pipeline(gst_parse_launch(launch.c_str(), nullptr));
  long least = LONG_MAX;
  long before = LowestOfTen(pipeline.get());
  for (int i = 1; i < blocks; ++i) {
    const long after = LowestOfTen(pipeline.get());
    std::printf("%d times up and down: %ld KiB, grew by %ld KiB\n", 10 * i + 10,
                after, after - before);
    least = std::min(least, after - before);
    before = after;
  }
  EXPECT_LT(least, 4 * 1024);
}

TEST(Engine, ManyFramesKeepNothing) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer keeps freed memory";
  const int frames = CountFrom("GRAPHIQA_TEST_FRAMES", 1000);
  const HarnessPtr harness = MakeHarness("model-file=" + Model("tiny"));
  long after_warm_up = 0;
  for (int i = 0; i < frames; ++i) {
    if (i == frames / 10) after_warm_up = TrimmedKib();
    BufferPtr buffer = PaintRgb(96, 80, [i](int x, int y) {
      return Rgb{static_cast<uint8_t>(i + x), static_cast<uint8_t>(y), 0};
    });
    SetTimes(buffer.get(), i);
    ASSERT_EQ(GST_FLOW_OK, gst_harness_push(harness.get(), buffer.release()));
    ASSERT_TRUE(BufferPtr(gst_harness_pull(harness.get())));
  }
  const long grown = TrimmedKib() - after_warm_up;
  std::printf("%d frames: %ld KiB, grew by %ld KiB\n", frames, ResidentKib(),
              grown);
  EXPECT_LT(grown, 16 * 1024);
}

}  // namespace
}  // namespace graphiqa::test
