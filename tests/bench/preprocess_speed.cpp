// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// usage: preprocess_speed MODEL
///
/// Times on one thread what comes before the network, for a frame of 1080p NV12
/// with the model's own views, beside the network itself, and prints a Markdown
/// table: medians of many rounds, ms a frame, and the share of the network.
#include <ATen/Parallel.h>
#include <gst/video/video.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "engine/cpu_info.h"
#include "engine/cpu_network.h"
#include "gstgraphiqaframe.h"
#include "network/model_file.h"
#include "network/preprocess.h"

namespace graphiqa {
namespace {

constexpr int kWidth = 1920;
constexpr int kHeight = 1080;
constexpr int kRounds = 400;

double MsOf(const std::function<void()>& what) {
  const auto start = std::chrono::steady_clock::now();
  what();
  return std::chrono::duration<double, std::milli>(
             std::chrono::steady_clock::now() - start)
      .count();
}

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<long>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Times of one step, round by round.
struct Step {
  std::string name;
  std::vector<double> ms;
};

/// Waves and a little noise.
GstBuffer* MakeFrame(const GstVideoInfo& info) {
  GstBuffer* const buffer =
      gst_buffer_new_allocate(nullptr, info.size, nullptr);
  GstMapInfo map;
  gst_buffer_map(buffer, &map, GST_MAP_WRITE);
  std::mt19937 random(1);
  for (size_t i = 0; i < map.size; ++i) {
    const double wave = std::sin(static_cast<double>(i % kWidth) / 40) +
                        std::cos(static_cast<double>(i / kWidth) / 30);
    map.data[i] = static_cast<uint8_t>(120 + 40 * wave +
                                       static_cast<double>(random() % 8));
  }
  gst_buffer_unmap(buffer, &map);
  return buffer;
}

const char* NameOf(const View& view) {
  return view.kind == ViewKind::kWhole ? "whole" : "native";
}

/// Shares are of the network's time in the same round, so that a machine that
/// is slower for a while does not count.
void PrintRow(const Step& step, const Step& network) {
  std::vector<double> shares;
  for (size_t i = 0; i < step.ms.size(); ++i) {
    shares.push_back(100 * step.ms[i] / network.ms[i]);
  }
  std::printf("| %s | %.3f | %.1f %% |\n", step.name.c_str(), Median(step.ms),
              Median(shares));
}

void Measure(const std::string& path) {
  at::set_num_threads(1);
  const Model model = LoadModel(path);
  const InputInfo& input = model.info.input;
  const int size = input.views.view_size_px;
  const Precision precision = ResolveCpuPrecision(Precision::kAuto);
  CpuNetwork network(
      model.network, input.views.view_size_px,
      precision == Precision::kBf16 ? at::kBFloat16 : at::kFloat);
  GstVideoInfo info;
  gst_video_info_set_format(&info, GST_VIDEO_FORMAT_NV12, kWidth, kHeight);
  GstBuffer* const frame = MakeFrame(info);
  ViewCutter cutter;
  cutter.SetInfo(info);
  std::vector<Step> steps;
  Step all{"all of that", {}};
  Step infer{"network", {}};
  at::Tensor batch;
  for (int round = 0; round < kRounds; ++round) {
    // Native views lie elsewhere in each frame.
    const std::vector<View> views = PlanViews(input.views, kWidth, kHeight,
                                              static_cast<uint64_t>(round), 0);
    if (steps.empty()) {
      for (const View& view : views) {
        steps.push_back({std::string("cut, ") + NameOf(view), {}});
      }
      steps.push_back({"scale and standardise", {}});
    }
    std::vector<ViewPixels> pixels;
    double sum = 0;
    const auto take = [&sum](Step* step, const std::function<void()>& what) {
      step->ms.push_back(MsOf(what));
      sum += step->ms.back();
    };
    for (size_t i = 0; i < views.size(); ++i) {
      take(&steps[i], [&] {
        pixels.push_back(
            cutter.Cut(MappedPicture(info, frame), {views[i]}, size)[0]);
      });
    }
    std::vector<const ViewPixels*> pointers;
    for (const ViewPixels& one : pixels) pointers.push_back(&one);
    take(&steps.back(), [&] { PreprocessViews(pointers, input, &batch); });
    all.ms.push_back(sum);
    infer.ms.push_back(MsOf([&] { network.Infer(batch); }));
  }
  std::printf("%zu views of %d pixels, %s\n\n", steps.size() - 1, size,
              precision == Precision::kBf16 ? "bf16" : "fp32");
  std::printf("| step | ms a frame | of the network |\n| --- | --- | --- |\n");
  for (const Step& step : steps) PrintRow(step, infer);
  PrintRow(all, infer);
  PrintRow(infer, infer);
  gst_buffer_unref(frame);
}

}  // namespace
}  // namespace graphiqa

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: preprocess_speed MODEL\n");
    return 2;
  }
  gst_init(nullptr, nullptr);
  try {
    graphiqa::Measure(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "preprocess_speed: %s\n", error.what());
    return 1;
  }
  return 0;
}
