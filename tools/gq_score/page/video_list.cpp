// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "page/video_list.h"

#include <set>

#include "page/html.h"
#include "page/section.h"
#include "program/number.h"

namespace graphiqa {
namespace {

constexpr size_t kMostRows = 2000;
constexpr size_t kMostSections = 100;
constexpr size_t kSparkPoints = 80;

std::string Sparkline(const FileRecord& record) {
  Curve curve;
  for (const Moment& moment : Condense(record.moments(), kSparkPoints)) {
    curve.points.push_back({moment.middle_s(), moment.score.mean(),
                            moment.score.low, moment.score.high, 0});
  }
  return DrawSparkline(curve, 0, 100);
}

std::string StatesText(const StateRuns& runs) {
  std::string text;
  for (size_t state = 1; state < kPictureStates; ++state) {
    if (runs.frames(state) == 0) continue;
    if (!text.empty()) text += ", ";
    text += PictureName(state);
    text += " " + ClockTime(runs.seconds(state), 1);
  }
  return text;
}

std::string Remark(const FileRecord& record) {
  if (!record.whole()) return "partial";
  return record.warning().empty() ? "" : "warning";
}

std::string DistortionText(const FileSummary& summary) {
  if (!summary.distortion) return "";
  return *summary.distortion + " (" +
         FixedNumber(summary.confidence.value_or(0), 2) + ")";
}

}  // namespace

VideoList::VideoList() : videos_(kMostRows), sections_(kMostSections) {}

void VideoList::Add(const FileRecord& record) {
  const FileSummary summary = record.Summary();
  seconds_ += summary.duration_s.value_or(0);
  videos_.Add({summary.score_mean, record.index(), record.name(), summary,
               Sparkline(record), StatesText(record.runs()), Remark(record)});
  sections_.Add({summary.score_mean, record.index(), DrawSection(record)});
}

std::string VideoList::DrawTable() const {
  if (videos_.seen() == 0) return "";
  Table table("Videos",
              {{"File", false},
               {"Score over time", false},
               {"Length", true},
               {"Frames", true},
               {"Mean", true},
               {"p5", true},
               {"Lowest", true},
               {"±", true},
               {"Distortion", false, true},
               {"Level", true, true},
               {"Picture", false, true},
               {"Remark", false, true}},
              true);
  std::set<size_t> shown;
  for (const Section* section : sections_.ByIndex()) {
    shown.insert(section->index);
  }
  for (const Video* video : videos_.ByIndex()) {
    const std::string name = NameHtml(video->name);
    table.Row(
        {{shown.count(video->index) == 0
              ? name
              : "<a href=\"#" + SectionId(video->index) + "\">" + name + "</a>",
          ""},
         {video->curve, FixedNumber(video->score, 6)},
         ClockCell(video->summary.duration_s),
         CountCell(video->summary.frames),
         NumberCell(video->summary.score_mean, 1),
         NumberCell(video->summary.score_p5, 1),
         NumberCell(video->summary.score_min, 1),
         NumberCell(video->summary.uncertainty_mean, 1),
         TextCell(DistortionText(video->summary)),
         NumberCell(video->summary.level, 1),
         TextCell(video->states),
         TextCell(video->remark)});
  }
  std::string note;
  if (videos_.seen() > kMostRows) {
    note = "<p class=\"facts\">These are the " + GroupedNumber(kMostRows) +
           " with the lowest mean score of " + GroupedNumber(videos_.seen()) +
           ".</p>\n";
  }
  if (videos_.seen() > kMostSections) {
    note += "<p class=\"facts\">The " + GroupedNumber(kMostSections) +
            " with the lowest mean score have a section of their own.</p>\n";
  }
  return "<section class=\"card\" id=\"videos\">\n<h2>Videos</h2>\n" + note +
         table.Html() + "</section>\n";
}

std::string VideoList::DrawSections() const {
  std::string html;
  for (const Section* section : sections_.ByIndex()) html += section->html;
  return html;
}

}  // namespace graphiqa
