// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// What the trainer's loader delivers, as a Markdown table:
///
///   loader_speed FOLDER [SIDE] [SECONDS]
///
/// Pictures of FOLDER are decoded once (as after the first epoch), then
/// distorted by all types and levels in turn, cut to a native and a whole view
/// of SIDE pixels (default 224), normalised and batched by 26, on 1, 2, …, all
/// cores; for comparison undistorted, and decoded anew each time. Median of
/// three runs of SECONDS (default 10).
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "distortions/distortion.h"
#include "loader.h"
#include "network/backbone.h"
#include "ordered_queue.h"
#include "session.h"

namespace graphiqa {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kBatch = 26;
constexpr size_t kPictures = 128;
constexpr int kRuns = 3;

struct Work {
  const char* name;
  bool distorts;
  bool decodes;
};

std::vector<std::string> Photographs(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string extension = entry.path().extension().string();
    if (extension == ".jpg" || extension == ".png") {
      paths.push_back(entry.path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  if (paths.size() > kPictures) paths.resize(kPictures);
  if (paths.empty()) throw std::runtime_error(folder + ": no .jpg, no .png");
  return paths;
}

/// Batch `number` of an endless row of pictures.
std::vector<Item> Batch(PictureCache* pictures, size_t count, size_t number,
                        bool distorts) {
  std::vector<Item> items;
  for (size_t i = number * kBatch; i < (number + 1) * kBatch; ++i) {
    Item item;
    item.pictures = pictures;
    item.index = i % count;
    item.draw = item.place = i;
    if (distorts) {
      item.type = static_cast<int>(i % 25) + 1;
      item.level = static_cast<int>(i / 25 % 5) + 1;
    }
    items.push_back(item);
  }
  return items;
}

/// Pictures a second.
double Measure(const std::vector<std::string>& paths, const Work& work,
               const SampleOptions& sample, int threads, double seconds) {
  PictureCache pictures(paths, work.decodes ? 0 : size_t{1} << 32);
  if (!work.decodes) {
    for (size_t i = 0; i < paths.size(); ++i) pictures.Get(i);
  }
  OrderedQueue<at::Tensor> queue(
      [&](size_t number) {
        return MakeImages(Batch(&pictures, paths.size(), number, work.distorts),
                          sample);
      },
      0, size_t{1} << 40, threads, 3);
  at::Tensor images;
  queue.Next(&images);
  const auto start = Clock::now();
  size_t done = 0;
  double taken = 0;
  while (taken < seconds) {
    queue.Next(&images);
    done += kBatch;
    taken = std::chrono::duration<double>(Clock::now() - start).count();
  }
  return static_cast<double>(done) / taken;
}

int Run(const std::string& folder, int side, double seconds) {
  const std::vector<std::string> paths = Photographs(folder);
  const BackboneEntry& entry = FindBackbone("efficientnet_lite0");
  SampleOptions sample;
  sample.input.mean = entry.mean;
  sample.input.std = entry.std;
  sample.input.views.view_size_px = side;
  sample.views = ParseViews("native:1,whole@1.43:1", side);
  sample.augment = true;
  std::printf(
      "| threads | what | pictures a second | a core |\n"
      "| --- | --- | --- | --- |\n");
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  for (int threads = 1; threads <= cores; threads *= 2) {
    for (const Work& work :
         {Work{"distorted", true, false}, Work{"undistorted", false, false},
          Work{"decoded and distorted", true, true}}) {
      std::vector<double> rates;
      for (int run = 0; run < kRuns; ++run) {
        rates.push_back(Measure(paths, work, sample, threads, seconds));
      }
      std::sort(rates.begin(), rates.end());
      const double rate = rates[kRuns / 2];
      std::printf("| %d | %s | %.0f | %.0f |\n", threads, work.name, rate,
                  rate / threads);
      std::fflush(stdout);
    }
  }
  return 0;
}

}  // namespace
}  // namespace graphiqa

int main(int argc, char** argv) {
  if (argc < 2 || argc > 4) {
    std::fputs("usage: loader_speed FOLDER [SIDE] [SECONDS]\n", stderr);
    return 2;
  }
  try {
    return graphiqa::Run(argv[1], argc > 2 ? std::atoi(argv[2]) : 224,
                         argc > 3 ? std::atof(argv[3]) : 10);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "loader_speed: %s\n", error.what());
    return 1;
  }
}
