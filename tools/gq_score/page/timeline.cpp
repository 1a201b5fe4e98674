// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "page/timeline.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "page/html.h"
#include "program/chart/readout.h"
#include "program/markup.h"
#include "program/number.h"

namespace graphiqa {
namespace {

constexpr size_t kMostTypeLanes = 6;
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/// Stretches of the moments in which `count` is not 0.
template <typename Count>
std::vector<LaneSpan> Spans(const FileRecord& record, const Count& count) {
  const std::vector<Moment>& moments = record.moments();
  const double end_s = record.Axis().high();
  std::vector<LaneSpan> spans;
  for (size_t i = 0; i < moments.size(); ++i) {
    const double share = static_cast<double>(count(moments[i])) /
                         static_cast<double>(moments[i].score.count);
    if (share <= 0) continue;
    const double to_s = i + 1 < moments.size() ? moments[i + 1].first_s : end_s;
    const bool goes_on = !spans.empty() && spans.back().share == share &&
                         spans.back().to_s == moments[i].first_s;
    if (goes_on) {
      spans.back().to_s = to_s;
    } else {
      spans.push_back({moments[i].first_s, to_s, share});
    }
  }
  return spans;
}

uint64_t FramesOf(const Moment& moment, size_t type) {
  return type < moment.types.size() ? moment.types[type] : 0;
}

/// Frames of each type over the whole file.
std::vector<uint64_t> TypeTotals(const FileRecord& record) {
  std::vector<uint64_t> totals(record.types().size());
  for (const Moment& moment : record.moments()) {
    for (size_t i = 0; i < totals.size(); ++i) totals[i] += FramesOf(moment, i);
  }
  return totals;
}

Lane TypeLane(const FileRecord& record, const std::string& name,
              const std::vector<size_t>& types,
              const std::vector<uint64_t>& totals) {
  const auto sum = [&](const auto& of_type) {
    return std::accumulate(
        types.begin(), types.end(), uint64_t{0},
        [&](uint64_t so_far, size_t type) { return so_far + of_type(type); });
  };
  Lane lane;
  lane.name = name;
  lane.value = Percent(
      static_cast<double>(sum([&](size_t type) { return totals[type]; })) /
      static_cast<double>(record.frames()));
  lane.style = "gq-type";
  lane.spans = Spans(record, [&](const Moment& moment) {
    return sum([&](size_t type) { return FramesOf(moment, type); });
  });
  return lane;
}

/// The most frequent types, then all others together.
std::vector<Lane> TypeLanes(const FileRecord& record) {
  const std::vector<uint64_t> totals = TypeTotals(record);
  std::vector<size_t> order(totals.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return totals[a] > totals[b]; });
  // One lane more names the last type as well as "others" would.
  const size_t alone =
      order.size() <= kMostTypeLanes + 1 ? order.size() : kMostTypeLanes;
  std::vector<Lane> lanes;
  for (size_t i = 0; i < alone; ++i) {
    lanes.push_back(
        TypeLane(record, record.types()[order[i]], {order[i]}, totals));
  }
  const std::vector<size_t> rest(
      order.begin() + static_cast<std::ptrdiff_t>(alone), order.end());
  if (!rest.empty()) {
    lanes.push_back(TypeLane(
        record, std::to_string(rest.size()) + " other types", rest, totals));
  }
  return lanes;
}

std::vector<Lane> StateLanes(const FileRecord& record) {
  std::vector<Lane> lanes;
  for (size_t state = 1; state < kPictureStates; ++state) {
    if (record.runs().frames(state) == 0) continue;
    Lane lane;
    lane.name = std::string(PictureName(state)) + " picture";
    lane.value = Percent(static_cast<double>(record.runs().frames(state)) /
                         static_cast<double>(record.frames()));
    lane.style = std::string("gq-") + PictureName(state);
    lane.spans = Spans(record, [state](const Moment& moment) {
      return moment.pictures[state];
    });
    lanes.push_back(lane);
  }
  return lanes;
}

std::vector<PlotMark> WorstMarks(const std::string& id,
                                 const FileRecord& record) {
  std::vector<PlotMark> marks;
  for (const WorstFrame& frame : record.worst().ByScore()) {
    const size_t rank = marks.size() + 1;
    marks.push_back({frame.time_s, frame.row.score, std::to_string(rank),
                     "#" + WorstFrameId(id, rank),
                     "Worst frame " + std::to_string(rank) + ": score " +
                         FixedNumber(frame.row.score, 1) + " at " +
                         ClockTime(frame.time_s, 1)});
  }
  return marks;
}

CurvePlot ScorePlot(const std::string& id, const FileRecord& record) {
  const FileSummary summary = record.Summary();
  CurvePlot plot;
  plot.id = id + "-score";
  plot.name = "Score";
  plot.title = "Score over time of " + record.name();
  plot.description = "Mean " + FixedNumber(summary.score_mean, 1) +
                     ", 5th percentile " + FixedNumber(summary.score_p5, 1) +
                     ", lowest " + FixedNumber(summary.score_min, 1) +
                     " of 100. The table below the charts has the numbers.";
  plot.value = "⌀ " + FixedNumber(summary.score_mean, 1);
  plot.curves = {ScoreCurve(record, 0)};
  plot.bands = StateBands(record);
  plot.marks = WorstMarks(id, record);
  return plot;
}

std::string DrawLevel(const std::string& id, const FileRecord& record,
                      const TimeAxis& axis) {
  Curve curve = LevelCurve(record);
  if (curve.points.empty()) return "";
  CurvePlot plot;
  plot.id = id + "-level";
  plot.name = "Level";
  plot.title = "Level of the distortion over time";
  const double mean = record.Summary().level.value_or(0);
  plot.description = "Mean " + FixedNumber(mean, 1) + " of 5; 0 is none.";
  plot.value = "⌀ " + FixedNumber(mean, 1);
  plot.high = 5;
  plot.step = 1;
  plot.height_px = 84;
  plot.curves = {std::move(curve)};
  return DrawCurves(plot, axis);
}

/// One number of each moment.
template <typename Value>
std::vector<double> Each(const FileRecord& record, const Value& value) {
  std::vector<double> values;
  for (const Moment& moment : record.moments()) values.push_back(value(moment));
  return values;
}

/// @param names  by what `value` gives; nothing is added where all is `skip`
void AddNames(const std::string& title, const std::vector<std::string>& names,
              const std::vector<double>& values, ReadoutSet* set) {
  if (std::all_of(values.begin(), values.end(),
                  [](double value) { return !(value >= 0); })) {
    return;
  }
  ReadoutField field;
  field.name = title;
  field.decimals = 0;
  field.names = names;
  field.values = values;
  set->fields.push_back(field);
}

ReadoutSet Readout(const FileRecord& record) {
  ReadoutSet set;
  set.times_s = Each(record, [](const Moment& m) { return m.middle_s(); });
  ReadoutField score;
  score.name = "Score";
  score.values = Each(record, [](const Moment& m) { return m.score.mean(); });
  if (record.frames_per_moment() > 1) {
    score.lows = Each(record, [](const Moment& m) { return m.score.low; });
    score.highs = Each(record, [](const Moment& m) { return m.score.high; });
  }
  score.spreads =
      Each(record, [](const Moment& m) { return m.uncertainty.mean(); });
  set.fields.push_back(score);
  AddNames("Distortion", record.types(),
           Each(record,
                [](const Moment& m) {
                  return m.MainType() >= 0 ? m.MainType() : kUnknown;
                }),
           &set);
  if (record.Summary().level) {
    ReadoutField level;
    level.name = "Level";
    level.values = Each(record, [](const Moment& m) {
      return m.level.count > 0 ? m.level.mean() : kUnknown;
    });
    set.fields.push_back(level);
  }
  AddNames("Picture", {"normal", "black", "flat", "frozen"},
           Each(record,
                [](const Moment& m) {
                  return m.MainPicture() > 0
                             ? static_cast<double>(m.MainPicture())
                             : kUnknown;
                }),
           &set);
  return set;
}

}  // namespace

std::vector<PlotBand> StateBands(const FileRecord& record) {
  std::vector<PlotBand> bands;
  for (const StateRun& run : record.runs().runs()) {
    bands.push_back(
        {run.from_s, run.to_s, std::string("gq-") + PictureName(run.state)});
  }
  return bands;
}

std::string WorstFrameId(const std::string& id, size_t rank) {
  return id + "-w" + std::to_string(rank);
}

std::string DrawTimeline(const std::string& id, const FileRecord& record) {
  const TimeAxis axis = record.Axis();
  std::vector<Lane> lanes = TypeLanes(record);
  for (Lane& lane : StateLanes(record)) lanes.push_back(std::move(lane));
  return std::string("<div class=\"gq-tracks") +
         (lanes.empty() ? " gq-narrow" : "") +
         "\" role=\"group\" aria-label=\"Charts of " +
         EscapeMarkup(record.name()) + "\">\n" +
         DrawCurves(ScorePlot(id, record), axis) + DrawLevel(id, record, axis) +
         DrawLanes(lanes, axis) + axis.Draw() +
         DrawReadoutData(axis, {Readout(record)}) + "</div>\n";
}

}  // namespace graphiqa
