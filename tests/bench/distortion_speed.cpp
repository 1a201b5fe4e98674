// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// Time that each distortion takes on one core, as a table in CSV:
//
//   distortion_speed PICTURE [ROUNDS]
//
// The picture is scaled to 512x384. Each type runs ROUNDS times (default 5) at
// each level; the columns are milliseconds of processor time of the thread:
// the median per level, and over all levels.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "distortions/distortion.h"

namespace graphiqa {
namespace {

double ThreadMilliseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) +
         1e-6 * static_cast<double>(now.tv_nsec);
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double Measure(const cv::Mat& rgb, int type, int level, uint64_t seed) {
  const double start = ThreadMilliseconds();
  Distort(rgb, type, level, seed);
  return ThreadMilliseconds() - start;
}

void PrintType(const cv::Mat& rgb, const DistortionEntry& entry, int rounds) {
  Measure(rgb, entry.number, 1, 0);
  std::vector<double> all;
  std::printf("%d,%s", entry.number, entry.name);
  for (int level = 1; level <= kDistortionLevels; ++level) {
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) {
      times.push_back(
          Measure(rgb, entry.number, level, static_cast<uint64_t>(i)));
    }
    std::printf(",%.1f", Median(times));
    all.insert(all.end(), times.begin(), times.end());
  }
  std::printf(",%.1f\n", Median(all));
}

int Run(const std::string& path, int rounds) {
  cv::setNumThreads(1);
  cv::Mat picture = cv::imread(path, cv::IMREAD_COLOR);
  if (picture.empty()) {
    std::fprintf(stderr, "distortion_speed: %s cannot be read\n", path.c_str());
    return 1;
  }
  cv::cvtColor(picture, picture, cv::COLOR_BGR2RGB);
  cv::resize(picture, picture, cv::Size(512, 384), 0, 0, cv::INTER_AREA);
  std::printf("type,name,l1_ms,l2_ms,l3_ms,l4_ms,l5_ms,all_ms\n");
  for (const DistortionEntry* entry = kDistortions; entry->name; ++entry) {
    PrintType(picture, *entry, rounds);
  }
  return 0;
}

}  // namespace
}  // namespace graphiqa

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::fprintf(stderr, "usage: distortion_speed PICTURE [ROUNDS]\n");
    return 2;
  }
  return graphiqa::Run(argv[1],
                       argc == 3 ? std::max(1, std::atoi(argv[2])) : 5);
}
