// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "page/compare.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "page/html.h"
#include "page/section.h"
#include "program/chart/readout.h"
#include "program/markup.h"
#include "program/number.h"

namespace graphiqa {
namespace {

using Records = std::vector<std::shared_ptr<const FileRecord>>;

std::string ShortName(const FileRecord& record) {
  const std::string name =
      std::filesystem::path(record.name()).filename().string();
  return name.empty() ? record.name() : name;
}

/// The curve's mean at a time, between its points linearly.
/// @pre the curve has points
double At(const Curve& curve, double time_s) {
  const auto& points = curve.points;
  const auto above = std::lower_bound(
      points.begin(), points.end(), time_s,
      [](const CurvePoint& p, double time) { return p.time_s < time; });
  if (above == points.begin()) return above->mean;
  if (above == points.end()) return points.back().mean;
  const auto below = above - 1;
  const double span = above->time_s - below->time_s;
  const double part = span > 0 ? (time_s - below->time_s) / span : 1;
  return below->mean + part * (above->mean - below->mean);
}

/// One curve against another, moment by moment, where both have some.
struct Difference {
  double below = 0;    ///< share of the moments with a lower score, 0-1
  double largest = 0;  ///< the difference that is furthest below
  double at_s = 0;
};

Difference Compare(const Curve& curve, const Curve& reference) {
  Difference result;
  size_t moments = 0;
  size_t lower = 0;
  for (const CurvePoint& point : curve.points) {
    if (point.time_s > reference.points.back().time_s) break;
    const double difference = point.mean - At(reference, point.time_s);
    if (moments == 0 || difference < result.largest) {
      result.largest = difference;
      result.at_s = point.time_s;
    }
    ++moments;
    lower += difference < 0 ? 1 : 0;
  }
  if (moments > 0) {
    result.below = static_cast<double>(lower) / static_cast<double>(moments);
  }
  return result;
}

Cell DifferenceCell(double value, double reference) {
  return {FixedNumber(value, 1) + " <span class=\"diff\">" +
              Signed(value - reference, 1) + "</span>",
          FixedNumber(value, 6)};
}

/// The file's name behind a piece of its line.
Cell KeyCell(const FileRecord& record, size_t style) {
  return {"<svg class=\"key-curve gq-s" + std::to_string(style) +
              "\" viewBox=\"0 0 40 10\" aria-hidden=\"true\"><path "
              "class=\"gq-line\" d=\"M0,5H40\"/></svg>" +
              NameHtml(record.name()),
          ""};
}

std::string DrawTable(const Records& records, bool curves) {
  std::vector<Column> columns = {
      {"File", false},      {"Mean", true}, {"p5", true},
      {"Lowest", true},     {"±", true},    {"Distortion", false, true},
      {"Level", true, true}};
  if (curves) {
    columns.push_back({"Time below the first", true});
    columns.push_back({"Furthest below", true});
  }
  Table table("Differences to the first file", columns, true);
  const FileSummary first = records.front()->Summary();
  const Curve reference = ScoreCurve(*records.front(), 0);
  for (size_t i = 0; i < records.size(); ++i) {
    const FileSummary summary = records[i]->Summary();
    const auto cell = [i](double value, double base) {
      return i == 0 ? NumberCell(value, 1) : DifferenceCell(value, base);
    };
    std::vector<Cell> cells = {KeyCell(*records[i], i),
                               cell(summary.score_mean, first.score_mean),
                               cell(summary.score_p5, first.score_p5),
                               cell(summary.score_min, first.score_min),
                               NumberCell(summary.uncertainty_mean, 1),
                               TextCell(summary.distortion.value_or("")),
                               NumberCell(summary.level, 1)};
    if (curves && i == 0) {
      cells.insert(cells.end(), {{"–", "0"}, {"–", "0"}});
    } else if (curves) {
      const Difference difference =
          Compare(ScoreCurve(*records[i], 0), reference);
      cells.push_back(
          {Percent(difference.below), FixedNumber(difference.below, 6)});
      cells.push_back({Signed(difference.largest, 1) + " at " +
                           ClockTime(difference.at_s, 1),
                       FixedNumber(difference.largest, 6)});
    }
    table.Row(cells);
  }
  return table.Html();
}

TimeAxis CommonAxis(const Records& records) {
  double high = 0;
  for (const auto& record : records)
    high = std::max(high, record->Axis().high());
  return {0, high};
}

ReadoutSet Readout(const FileRecord& record) {
  ReadoutSet set;
  set.name = ShortName(record);
  ReadoutField field;
  field.name = "Score";
  for (const Moment& moment : record.moments()) {
    set.times_s.push_back(moment.middle_s());
    field.values.push_back(moment.score.mean());
  }
  set.fields.push_back(field);
  return set;
}

std::string DrawOverlay(const Records& records) {
  const TimeAxis axis = CommonAxis(records);
  CurvePlot plot;
  plot.id = "compare-score";
  plot.name = "Score";
  plot.title = "Scores of the compared files over time";
  plot.description = "The table has the differences to the first file.";
  plot.height_px = 300;
  std::vector<ReadoutSet> sets;
  for (size_t i = 0; i < records.size(); ++i) {
    Curve curve = ScoreCurve(*records[i], static_cast<int>(i));
    for (CurvePoint& point : curve.points) point.spread = 0;
    plot.curves.push_back(std::move(curve));
    sets.push_back(Readout(*records[i]));
  }
  return "<div class=\"gq-tracks gq-narrow\" role=\"group\" "
         "aria-label=\"Scores of the "
         "compared files\">\n" +
         DrawCurves(plot, axis) + axis.Draw() + DrawReadoutData(axis, sets) +
         "</div>\n";
}

}  // namespace

std::string DrawComparison(const Records& records) {
  const bool curves = std::all_of(
      records.begin(), records.end(),
      [](const auto& record) { return record->Summary().duration_s; });
  return "<section class=\"card\" id=\"compare\" "
         "aria-labelledby=\"compare-h\">\n<h2 "
         "id=\"compare-h\">Comparison</h2>\n<p class=\"facts\">Differences are "
         "to the first file, " +
         NameHtml(records.front()->name()) + ".</p>\n" +
         (curves ? DrawOverlay(records) : "") + DrawTable(records, curves) +
         "</section>\n";
}

}  // namespace graphiqa
