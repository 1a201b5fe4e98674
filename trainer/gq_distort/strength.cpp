// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "strength.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <mutex>
#include <opencv2/core.hpp>

#include "csv.h"
#include "distortions/distortion.h"
#include "format/atomic_file.h"
#include "interrupt.h"
#include "lanczos.h"
#include "parallel.h"
#include "pictures.h"

namespace graphiqa {
namespace {

constexpr int kWidth = 512;
constexpr int kHeight = 384;
constexpr int kCells = kDistortionTypes * kDistortionLevels;

/// Whole pictures (longer than 600 pixels) are scaled to cover 512x384,
/// cut-outs are not; then the middle.
cv::Mat ToTableSize(const cv::Mat& picture) {
  constexpr int kWhole = 600;
  cv::Mat scaled = picture;
  if (std::max(picture.cols, picture.rows) > kWhole) {
    const double scale = std::max(static_cast<double>(kWidth) / picture.cols,
                                  static_cast<double>(kHeight) / picture.rows);
    scaled = LanczosResize(
        picture, {static_cast<int>(std::lround(picture.cols * scale)),
                  static_cast<int>(std::lround(picture.rows * scale))});
  }
  if (scaled.cols < kWidth || scaled.rows < kHeight) return {};
  return scaled(cv::Rect((scaled.cols - kWidth) / 2,
                         (scaled.rows - kHeight) / 2, kWidth, kHeight))
      .clone();
}

bool FillsRange(const cv::Mat& picture) {
  if (picture.empty()) return false;
  double low = 0;
  double high = 0;
  cv::minMaxIdx(picture.reshape(1), &low, &high);
  return low == 0 && high == 255;
}

/// `count` of the names, evenly spread.
std::vector<std::string> Spread(const std::vector<std::string>& names,
                                int count) {
  const size_t wanted = static_cast<size_t>(count);
  if (count == 0 || wanted >= names.size()) return names;
  std::vector<std::string> chosen;
  for (size_t i = 0; i < wanted; ++i) {
    chosen.push_back(names[i * names.size() / wanted]);
  }
  return chosen;
}

int DrawsOf(const DistortionEntry& entry) {
  return entry.random && std::string(entry.family) != "noise" ? 3 : 1;
}

/// Outputs of each type and level, and photos.
class Collector {
 public:
  void Add(int type, int level, const Strength& strength) {
    const std::lock_guard<std::mutex> lock(mutex_);
    cells_[Cell(type, level)].push_back(strength);
  }

  StrengthRow Row(int type, int level) const {
    const std::vector<Strength>& values = cells_[Cell(type, level)];
    StrengthRow row;
    row.type = type;
    row.level = level;
    row.low.fill(std::numeric_limits<double>::infinity());
    row.high.fill(-std::numeric_limits<double>::infinity());
    for (const Strength& value : values) {
      for (size_t c = 0; c < kStrengthColumns; ++c) {
        row.mean[c] += value[c] / static_cast<double>(values.size());
        row.low[c] = std::min(row.low[c], value[c]);
        row.high[c] = std::max(row.high[c], value[c]);
      }
    }
    return row;
  }

 private:
  static size_t Cell(int type, int level) {
    return static_cast<size_t>((type - 1) * kDistortionLevels + level - 1);
  }

  std::mutex mutex_;
  std::array<std::vector<Strength>, kCells> cells_;
};

/// The types and levels of the table's rows.
void MeasurePhoto(const cv::Mat& photo, const std::vector<StrengthRow>& table,
                  uint64_t seed, Collector* collector) {
  DistortOptions options;
  options.stretch = true;
  for (const StrengthRow& row : table) {
    const int draws = DrawsOf(kDistortions[row.type - 1]);
    for (int draw = 0; draw < draws; ++draw) {
      if (Interrupted()) return;
      const uint64_t own = seed + static_cast<uint64_t>(draw);
      const cv::Mat output = Distort(photo, row.type, row.level, own, options);
      collector->Add(row.type, row.level, MeasureStrength(photo, output));
    }
  }
}

bool Inside(double value, double low, double high) {
  // The table is rounded to the last digit it shows.
  constexpr double kSlack = 0.005;
  return value >= low - kSlack && value <= high + kSlack;
}

/// @returns number of means outside
int AppendLine(const StrengthRow& official, const StrengthRow& ours,
               std::string* text) {
  int outside = 0;
  std::string marks;
  *text += std::to_string(ours.type) + "," + std::to_string(ours.level) + "," +
           kDistortions[ours.type - 1].name;
  for (size_t c = 0; c < kStrengthColumns; ++c) {
    const int digits = c == 1 ? 4 : 2;
    *text += cv::format(",%.*f,%.*f,%.*f,%.*f,%.*f,%.*f", digits, ours.mean[c],
                        digits, ours.low[c], digits, ours.high[c], digits,
                        official.mean[c], digits, official.low[c], digits,
                        official.high[c]);
    if (Inside(ours.mean[c], official.low[c], official.high[c])) continue;
    ++outside;
    marks += (marks.empty() ? "" : " ") + std::string(kStrengthNames[c]);
  }
  *text += "," + (marks.empty() ? std::string("yes") : "not " + marks) + "\n";
  return outside;
}

std::string Header() {
  std::string header = "type,level,name";
  for (const char* name : kStrengthNames) {
    for (const char* part :
         {"", "_min", "_max", "_official", "_official_min", "_official_max"}) {
      header += std::string(",") + name + part;
    }
  }
  return header + ",in_range\n";
}

}  // namespace

std::vector<StrengthRow> ReadStrengthTable(const std::string& path) {
  const CsvTable csv = ReadCsv(path);
  const auto type = static_cast<size_t>(csv.Require("type"));
  const auto level = static_cast<size_t>(csv.Require("level"));
  std::vector<StrengthRow> rows;
  for (size_t i = 0; i < csv.rows.size(); ++i) {
    const std::string place = path + ", line " + std::to_string(csv.lines[i]);
    const auto number = [&](size_t column) {
      return ParseNumber(csv.rows[i][column], place);
    };
    const auto named = [&](size_t c, const char* part) {
      return number(static_cast<size_t>(
          csv.Require(std::string(kStrengthNames[c]) + part)));
    };
    StrengthRow row;
    row.type = static_cast<int>(number(type));
    row.level = static_cast<int>(number(level));
    if (row.type < 1 || row.type > kDistortionTypes || row.level < 1 ||
        row.level > kDistortionLevels) {
      throw Error(ErrorCode::kFormat, place + ": no such type and level");
    }
    for (size_t c = 0; c < kStrengthColumns; ++c) {
      row.mean[c] = named(c, "_mean");
      row.low[c] = named(c, "_min");
      row.high[c] = named(c, "_max");
    }
    rows.push_back(row);
  }
  return rows;
}

int CompareStrength(const StrengthOptions& options) {
  const std::vector<StrengthRow> table = ReadStrengthTable(options.table);
  std::vector<std::string> usable;
  for (const std::string& name : ListPictures(options.folder)) {
    if (FillsRange(ToTableSize(ReadRgb(options.folder + "/" + name)))) {
      usable.push_back(name);
    }
  }
  const std::vector<std::string> photos = Spread(usable, options.photos);
  if (photos.empty()) {
    throw Error(ErrorCode::kFormat,
                options.folder +
                    ": no picture of at least 512x384 that holds "
                    "both 0 and 255");
  }
  Collector collector;
  std::string failure;
  ForEachParallel(
      photos.size(), options.jobs, "photos",
      [&](size_t i) {
        MeasurePhoto(ToTableSize(ReadRgb(options.folder + "/" + photos[i])),
                     table, options.seed + 1000 * i, &collector);
      },
      [&](size_t i, const std::string& message) {
        failure = photos[i] + ": " + message;
      });
  if (!failure.empty()) throw Error(ErrorCode::kFormat, failure);
  ThrowIfInterrupted();

  int outside = 0;
  std::string text = "# " + std::to_string(photos.size()) + " photos of " +
                     std::to_string(usable.size()) + " that can be used\n" +
                     Header();
  for (const StrengthRow& row : table) {
    outside += AppendLine(row, collector.Row(row.type, row.level), &text);
  }
  if (options.output.empty()) {
    std::fputs(text.c_str(), stdout);
  } else {
    WriteFileAtomically(options.output, text);
  }
  return outside;
}

}  // namespace graphiqa
