// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "format.h"

#include <glib.h>

#include <algorithm>

#include "program/csv_line.h"
#include "program/number.h"

namespace graphiqa {
namespace {

std::string Number(const std::optional<double>& value, int decimals,
                   const char* absent) {
  return value ? FixedNumber(*value, decimals) : absent;
}

/// CSV, RFC 4180 but for the line ends, which are LF.
class CsvFormat : public Format {
 public:
  std::string RowHeader() const override { return kCsvRowHeader; }
  std::string SummaryHeader() const override { return kCsvSummaryHeader; }

  std::string Row(const std::string& file, const FrameRow& row) const override {
    return CsvField(file) + "," + std::to_string(row.frame) + "," +
           Number(row.pts_s, 3, "") + "," + FixedNumber(row.score, 3) + "," +
           FixedNumber(row.uncertainty, 3) + "," +
           CsvField(row.distortion.value_or("")) + "," +
           Number(row.confidence, 4, "") + "," + Number(row.level, 3, "") +
           "," + row.picture + "," + row.state + "\n";
  }

  std::string Summary(const std::string& file,
                      const FileSummary& summary) const override {
    return CsvField(file) + "," + std::to_string(summary.frames) + "," +
           Number(summary.duration_s, 3, "") + "," +
           FixedNumber(summary.score_mean, 3) + "," +
           FixedNumber(summary.score_p5, 3) + "," +
           FixedNumber(summary.score_min, 3) + "," +
           FixedNumber(summary.uncertainty_mean, 3) + "," +
           CsvField(summary.distortion.value_or("")) + "," +
           Number(summary.confidence, 4, "") + "," +
           Number(summary.level, 3, "") + "\n";
  }
};

/// One JSON object per line; what is not known is not there.
class JsonLinesFormat : public Format {
 public:
  std::string RowHeader() const override { return ""; }
  std::string SummaryHeader() const override { return ""; }

  std::string Row(const std::string& file, const FrameRow& row) const override {
    return Start(file) + ",\"frame\":" + std::to_string(row.frame) +
           Pair("pts_s", row.pts_s, 3) + Pair("score", row.score, 3) +
           Pair("uncertainty", row.uncertainty, 3) +
           Pair("distortion", row.distortion) +
           Pair("confidence", row.confidence, 4) + Pair("level", row.level, 3) +
           Pair("picture", row.picture) + Pair("state", row.state) + "}\n";
  }

  std::string Summary(const std::string& file,
                      const FileSummary& summary) const override {
    return Start(file) + ",\"frames\":" + std::to_string(summary.frames) +
           Pair("duration_s", summary.duration_s, 3) +
           Pair("score_mean", summary.score_mean, 3) +
           Pair("score_p5", summary.score_p5, 3) +
           Pair("score_min", summary.score_min, 3) +
           Pair("uncertainty_mean", summary.uncertainty_mean, 3) +
           Pair("distortion", summary.distortion) +
           Pair("confidence", summary.confidence, 4) +
           Pair("level", summary.level, 3) + "}\n";
  }

 private:
  static std::string Start(const std::string& file) {
    return "{\"file\":\"" + JsonEscape(file) + "\"";
  }

  static std::string Pair(const char* key, const std::optional<double>& value,
                          int decimals) {
    if (!value) return "";
    return std::string(",\"") + key + "\":" + FixedNumber(*value, decimals);
  }

  static std::string Pair(const char* key,
                          const std::optional<std::string>& value) {
    if (!value) return "";
    return std::string(",\"") + key + "\":\"" + JsonEscape(*value) + "\"";
  }
};

/// For people.
class TableFormat : public Format {
 public:
  explicit TableFormat(size_t name_width) : name_width_(name_width) {}

  std::string RowHeader() const override {
    return Left("file", name_width_) + Right("frame", 8) + Right("time", 10) +
           Right("score", 8) + Right("±", 7) + "  " + Left("distortion", 20) +
           Right("conf", 6) + Right("level", 7) + "  " + Left("picture", 8) +
           "state\n";
  }

  std::string SummaryHeader() const override {
    return Left("file", name_width_) + Right("frames", 8) +
           Right("seconds", 10) + Right("score", 8) + Right("p5", 8) +
           Right("min", 8) + Right("±", 7) + "  " + Left("distortion", 20) +
           Right("conf", 6) + Right("level", 7) + "\n";
  }

  std::string Row(const std::string& file, const FrameRow& row) const override {
    return Left(file, name_width_) + Right(std::to_string(row.frame), 8) +
           Right(Number(row.pts_s, 3, kAbsent), 10) +
           Right(FixedNumber(row.score, 1), 8) +
           Right(FixedNumber(row.uncertainty, 1), 7) + "  " +
           Left(row.distortion.value_or(kAbsent), 20) +
           Right(Number(row.confidence, 2, kAbsent), 6) +
           Right(Number(row.level, 1, kAbsent), 7) + "  " +
           Left(row.picture, 8) + row.state + "\n";
  }

  std::string Summary(const std::string& file,
                      const FileSummary& summary) const override {
    return Left(file, name_width_) + Right(std::to_string(summary.frames), 8) +
           Right(Number(summary.duration_s, 2, kAbsent), 10) +
           Right(FixedNumber(summary.score_mean, 1), 8) +
           Right(FixedNumber(summary.score_p5, 1), 8) +
           Right(FixedNumber(summary.score_min, 1), 8) +
           Right(FixedNumber(summary.uncertainty_mean, 1), 7) + "  " +
           Left(summary.distortion.value_or(kAbsent), 20) +
           Right(Number(summary.confidence, 2, kAbsent), 6) +
           Right(Number(summary.level, 1, kAbsent), 7) + "\n";
  }

 private:
  static constexpr const char* kAbsent = "–";

  static std::string Padding(const std::string& text, size_t width) {
    return std::string(width - std::min(width, CharacterCount(text)), ' ');
  }
  static std::string Left(const std::string& text, size_t width) {
    return text + Padding(text, width);
  }
  static std::string Right(const std::string& text, size_t width) {
    return Padding(text, width) + text;
  }

  const size_t name_width_;
};

}  // namespace

size_t CharacterCount(const std::string& text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(),
      [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string JsonEscape(const std::string& text) {
  gchar* valid = g_utf8_make_valid(text.c_str(), -1);
  std::string escaped;
  for (const gchar* at = valid; *at != '\0'; ++at) {
    const auto c = static_cast<unsigned char>(*at);
    if (c == '"' || c == '\\') {
      escaped += '\\';
      escaped += *at;
    } else if (c < 0x20) {
      constexpr const char* kHex = "0123456789abcdef";
      escaped += std::string("\\u00") + kHex[c >> 4] + kHex[c & 15];
    } else {
      escaped += *at;
    }
  }
  g_free(valid);
  return escaped;
}

std::unique_ptr<Format> MakeFormat(FormatKind kind, size_t name_width) {
  switch (kind) {
    case FormatKind::kCsv:
      return std::make_unique<CsvFormat>();
    case FormatKind::kJsonLines:
      return std::make_unique<JsonLinesFormat>();
    case FormatKind::kTable:
      break;
  }
  return std::make_unique<TableFormat>(name_width);
}

}  // namespace graphiqa
