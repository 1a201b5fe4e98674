// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "page/section.h"

#include "page/html.h"
#include "page/timeline.h"
#include "program/markup.h"
#include "program/number.h"

namespace graphiqa {
namespace {

constexpr size_t kMostRows = 40;
constexpr size_t kMostRuns = 20;

std::string Tile(const std::string& name, const std::string& value,
                 const std::string& note = "", bool words = false) {
  return "<div><dt>" + EscapeMarkup(name) + "</dt><dd" +
         (words ? " class=\"words\"" : "") + ">" + EscapeMarkup(value) +
         (note.empty() ? "" : " <small>" + EscapeMarkup(note) + "</small>") +
         "</dd></div>";
}

std::string Tiles(const FileSummary& summary) {
  std::string html = "<dl class=\"tiles\">" +
                     Tile("Mean score", FixedNumber(summary.score_mean, 1),
                          "± " + FixedNumber(summary.uncertainty_mean, 1)) +
                     Tile("5th percentile", FixedNumber(summary.score_p5, 1)) +
                     Tile("Lowest", FixedNumber(summary.score_min, 1));
  if (summary.distortion) {
    html += Tile("Most frequent distortion", *summary.distortion,
                 "confidence " + FixedNumber(summary.confidence.value_or(0), 2),
                 true);
  }
  if (summary.level) {
    html += Tile("Mean level", FixedNumber(*summary.level, 1), "of 5");
  }
  return html + "</dl>\n";
}

std::string Facts(const FileRecord& record, const FileSummary& summary) {
  std::string facts = Plural(summary.frames, "frame", "frames") + " scored";
  if (summary.duration_s) {
    facts = ClockTime(*summary.duration_s, 1) + ", " + facts;
  }
  if (!record.picture().empty()) facts = record.picture() + ", " + facts;
  std::string html = "<p class=\"facts\">" + facts + "</p>\n";
  if (!record.whole()) {
    html +=
        "<p class=\"warn\">Partial: the run was stopped in this file.</p>\n";
  }
  if (!record.warning().empty()) {
    html += "<p class=\"warn\">Warning: " + EscapeMarkup(record.warning()) +
            "</p>\n";
  }
  return html;
}

std::string Key(const std::string& style, const std::string& sign,
                const std::string& meaning) {
  return "<span class=\"item\"><span class=\"" + style + "\">" + sign +
         "</span>" + meaning + "</span> ";
}

/// How to read the curve.
std::string Legend(const FileRecord& record) {
  const uint64_t frames = record.frames_per_moment();
  std::string html = "<p class=\"legend\">";
  if (frames > 1) {
    html += Key("key key-line", "",
                "score, the mean of " + GroupedNumber(frames) + " frames") +
            Key("key key-range", "", "lowest to highest of them");
  } else {
    html += Key("key key-line", "", "score of every scored frame");
  }
  html += Key("key key-spread", "", "± uncertainty");
  if (!record.worst().ByScore().empty()) {
    html += Key("key-mark", "1", "worst frames");
  }
  return html + "</p>\n";
}

std::string About(const FrameRow& row) {
  std::string text = "± " + FixedNumber(row.uncertainty, 1);
  if (row.distortion) text += ", " + *row.distortion;
  if (row.level) text += ", level " + FixedNumber(*row.level, 1);
  return text;
}

std::string WorstFigure(const std::string& id, size_t rank,
                        const WorstFrame& frame) {
  const std::string number = std::to_string(rank);
  const std::string when = ClockTime(frame.time_s, 1);
  return "<li id=\"" + WorstFrameId(id, rank) + "\"><figure>" +
         ImageHtml(frame.picture.jpeg, frame.picture.width,
                   frame.picture.height,
                   "Frame " + std::to_string(frame.row.frame) + " at " + when) +
         "<figcaption><span class=\"rank\">" + number + "</span> <b>" +
         FixedNumber(frame.row.score, 1) + "</b> " +
         EscapeMarkup(About(frame.row)) + "<br>" + when + ", frame " +
         GroupedNumber(frame.row.frame) + "</figcaption></figure></li>\n";
}

std::string Worst(const std::string& id, const FileRecord& record) {
  const std::vector<WorstFrame> frames = record.worst().ByScore();
  if (frames.empty()) return "";
  std::string html = "<h3>Worst frames</h3>\n<ol class=\"thumbs\">\n";
  for (size_t i = 0; i < frames.size(); ++i) {
    html += WorstFigure(id, i + 1, frames[i]);
  }
  return html + "</ol>\n";
}

std::string States(const FileRecord& record) {
  const std::vector<StateRun>& runs = record.runs().runs();
  if (runs.empty()) return "";
  Table table(
      "Black, flat and frozen pictures",
      {{"Picture", false}, {"From", true}, {"To", true}, {"Frames", true}},
      false);
  for (size_t i = 0; i < runs.size() && i < kMostRuns; ++i) {
    table.Row({TextCell(PictureName(runs[i].state)), ClockCell(runs[i].from_s),
               ClockCell(runs[i].to_s), CountCell(runs[i].frames)});
  }
  const uint64_t all = runs.size() + record.runs().dropped();
  std::string html = "<div><h3>Black, flat, frozen</h3>\n" + table.Html();
  if (all > kMostRuns) {
    html += "<p class=\"facts\">The first " + std::to_string(kMostRuns) +
            " of " + std::to_string(all) + ".</p>\n";
  }
  return html + "</div>\n";
}

std::string Distribution(const std::string& id, const FileRecord& record,
                         const FileSummary& summary) {
  return "<div><h3>Distribution of scores</h3>\n" +
         DrawHistogram(id + "-hist",
                       "Distribution of the scores of " + record.name(),
                       record.histogram(),
                       {{summary.score_p5, "p5", true},
                        {summary.score_mean, "mean", false}}) +
         "</div>\n";
}

std::string TypeText(const FileRecord& record, const Moment& moment) {
  const int type = moment.MainType();
  return type < 0 ? "" : record.types()[static_cast<size_t>(type)];
}

/// The charts as a table, for those who cannot see them.
std::string Numbers(const FileRecord& record) {
  Table table("Scores over time of " + record.name(),
              {{"From", true},
               {"To", true},
               {"Mean", true},
               {"Lowest", true},
               {"Highest", true},
               {"±", true},
               {"Distortion", false, true},
               {"Level", true, true},
               {"Picture", false}},
              false);
  for (const Moment& moment : Condense(record.moments(), kMostRows)) {
    table.Row({ClockCell(moment.first_s), ClockCell(moment.last_s),
               NumberCell(moment.score.mean(), 1),
               NumberCell(moment.score.low, 1),
               NumberCell(moment.score.high, 1),
               NumberCell(moment.uncertainty.mean(), 1),
               TextCell(TypeText(record, moment)),
               NumberCell(moment.level.count > 0
                              ? std::optional<double>(moment.level.mean())
                              : std::nullopt,
                          1),
               TextCell(PictureName(moment.MainPicture()))});
  }
  return "<details><summary>The charts as a table</summary>\n" + table.Html() +
         "</details>\n";
}

}  // namespace

std::string SectionId(size_t index) { return "f" + std::to_string(index + 1); }

std::string DrawSection(const FileRecord& record) {
  const std::string id = SectionId(record.index());
  const FileSummary summary = record.Summary();
  return "<section class=\"card\" id=\"" + id + "\" aria-labelledby=\"" + id +
         "-h\">\n<h2 id=\"" + id + "-h\">" + NameHtml(record.name()) +
         "</h2>\n" + Facts(record, summary) + Tiles(summary) +
         DrawTimeline(id, record) + Legend(record) + Worst(id, record) +
         "<div class=\"columns\">\n" + Distribution(id, record, summary) +
         States(record) + "</div>\n" + Numbers(record) + "</section>\n";
}

}  // namespace graphiqa
