// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "golden_draws.h"

#include <cmath>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace graphiqa {
namespace {

template <typename Make>
void FillColumns(cv::Mat* plane, const Make& make) {
  for (int x = 0; x < plane->cols; ++x) {
    for (int y = 0; y < plane->rows; ++y) {
      plane->at<float>(y, x) = static_cast<float>(make());
    }
  }
}

}  // namespace

void ListedDraws::FillUnit(cv::Mat* /*plane*/) {
  throw std::logic_error("a plane is wanted, a list was given");
}

void ListedDraws::FillNormal(cv::Mat* plane) { FillUnit(plane); }

double MinstdDraws::Unit() {
  return static_cast<double>(generator_()) / 2147483647.0;
}

void MinstdDraws::FillUnit(cv::Mat* plane) {
  FillColumns(plane, [this] { return Unit(); });
}

void MinstdDraws::FillNormal(cv::Mat* plane) {
  FillColumns(plane, [this] {
    const double radius = std::sqrt(-2 * std::log(Unit()));
    return radius * std::cos(2 * CV_PI * Unit());
  });
}

std::unique_ptr<Draws> GoldenDraws(const std::string& folder, int type,
                                   int level) {
  std::ifstream file(folder + "/draws.csv");
  if (!file) throw std::runtime_error(folder + "/draws.csv cannot be read");
  const std::string start =
      std::to_string(type) + "," + std::to_string(level) + ",";
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(start, 0) != 0) continue;
    std::istringstream fields(line.substr(start.size()));
    std::vector<double> numbers;
    for (std::string field; std::getline(fields, field, ',');) {
      numbers.push_back(std::stod(field));
    }
    return std::make_unique<ListedDraws>(numbers);
  }
  return std::make_unique<MinstdDraws>(
      static_cast<uint32_t>(12345600 + 100 * type + level));
}

}  // namespace graphiqa
