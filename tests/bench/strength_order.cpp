// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Does a model's score fall as a distortion grows? Scores clean photos and
/// copies with Gaussian blur, JPEG and white noise at five rising strengths
/// and prints the mean scores as a Markdown table.
/// Usage: strength_order MODEL PHOTO_FOLDER [COUNT]
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "scorer.h"

namespace graphiqa {
namespace {

using Distortion = std::function<cv::Mat(const cv::Mat& bgr, double strength)>;

struct Series {
  const char* name;
  const char* unit;
  std::vector<double> strengths;  // rising
  Distortion apply;
};

cv::Mat Blur(const cv::Mat& bgr, double sigma) {
  cv::Mat out;
  const int side = 2 * static_cast<int>(std::ceil(2 * sigma)) + 1;
  cv::GaussianBlur(bgr, out, {side, side}, sigma, sigma, cv::BORDER_REPLICATE);
  return out;
}

cv::Mat Jpeg(const cv::Mat& bgr, double quality) {
  std::vector<uchar> bytes;
  cv::imencode(".jpg", bgr, bytes,
               {cv::IMWRITE_JPEG_QUALITY, static_cast<int>(quality)});
  return cv::imdecode(bytes, cv::IMREAD_COLOR);
}

cv::Mat Noise(const cv::Mat& bgr, double variance) {
  cv::RNG random(1);
  cv::Mat noise(bgr.size(), CV_32FC3);
  random.fill(noise, cv::RNG::NORMAL, 0, 255 * std::sqrt(variance));
  cv::Mat sum;
  bgr.convertTo(sum, CV_32FC3);
  sum += noise;
  cv::Mat out;
  sum.convertTo(out, CV_8UC3);
  return out;
}

const std::vector<Series>& AllSeries() {
  static const std::vector<Series> series = {
      {"Gaussian blur", "sigma, px", {0.5, 1, 2, 3, 5}, Blur},
      {"JPEG", "quality", {43, 36, 24, 7, 4}, Jpeg},
      {"white noise", "variance", {0.001, 0.002, 0.003, 0.005, 0.01}, Noise},
  };
  return series;
}

double Score(Scorer* scorer, const cv::Mat& bgr) {
  cv::Mat rgb;
  cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
  return scorer->ScorePicture(rgb.data, rgb.cols, rgb.rows, rgb.step).score;
}

/// `count` photos, evenly spread over the sorted folder.
std::vector<std::string> PickPhotos(const std::string& folder, size_t count) {
  std::vector<std::string> all;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string ending = entry.path().extension();
    if (ending == ".jpg" || ending == ".png") all.push_back(entry.path());
  }
  std::sort(all.begin(), all.end());
  count = std::min(count, all.size());
  std::vector<std::string> picked;
  for (size_t i = 0; i < count; ++i) {
    picked.push_back(all[i * all.size() / count]);
  }
  return picked;
}

/// Prints one row; true when the mean falls at each step.
bool Report(const Series& series, Scorer* scorer,
            const std::vector<cv::Mat>& photos,
            const std::vector<double>& clean) {
  std::vector<double> means(series.strengths.size(), 0.0);
  int above = 0;
  for (size_t i = 0; i < photos.size(); ++i) {
    double last = 0;
    for (size_t k = 0; k < means.size(); ++k) {
      last = Score(scorer, series.apply(photos[i], series.strengths[k]));
      means[k] += last / static_cast<double>(photos.size());
    }
    above += clean[i] > last;
  }
  double before = 0;
  for (double value : clean)
    before += value / static_cast<double>(clean.size());
  std::printf("| %s (%s) | %.1f |", series.name, series.unit, before);
  bool falls = true;
  for (size_t k = 0; k < means.size(); ++k) {
    std::printf(" %g: %.1f |", series.strengths[k], means[k]);
    falls = falls && means[k] < before;
    before = means[k];
  }
  const double share =
      100.0 * above / static_cast<double>(std::max<size_t>(photos.size(), 1));
  std::printf(" %s | %.0f %% |\n", falls ? "yes" : "NO", share);
  std::fflush(stdout);
  return falls && share >= 80;
}

int Run(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: strength_order MODEL PHOTO_FOLDER [COUNT]\n");
    return 2;
  }
  ScorerOptions options;
  options.model_file = argv[1];
  const auto scorer = OpenScorer(options);
  std::vector<cv::Mat> photos;
  std::vector<double> clean;
  const size_t count = argc > 3 ? std::stoul(argv[3]) : 50;
  for (const std::string& path : PickPhotos(argv[2], count)) {
    photos.push_back(cv::imread(path));
    clean.push_back(Score(scorer.get(), photos.back()));
  }
  std::printf("%zu photos, model %s (%s)\n\n", photos.size(),
              scorer->model().name.c_str(), scorer->model().short_hash.c_str());
  std::printf(
      "| distortion | clean | 1 | 2 | 3 | 4 | 5 | falls at each step | clean "
      "above strongest |\n|---|---|---|---|---|---|---|---|---|\n");
  bool good = !photos.empty();
  for (const Series& series : AllSeries()) {
    good = Report(series, scorer.get(), photos, clean) && good;
  }
  return good ? 0 : 1;
}

}  // namespace
}  // namespace graphiqa

int main(int argc, char** argv) {
  try {
    return graphiqa::Run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "strength_order: %s\n", e.what());
    return 1;
  }
}
