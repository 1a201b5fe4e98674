// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "page/page.h"

#include <utility>

#include "inputs.h"
#include "page/compare.h"
#include "page/frame.h"
#include "page/html.h"
#include "program/markup.h"
#include "program/number.h"

namespace graphiqa {
namespace {

constexpr size_t kMostFailures = 500;

std::string Note(const std::string& text) {
  return "<p class=\"warn\" role=\"note\">" + text + "</p>\n";
}

/// When and with what: the settings that say it.
std::string Subtitle(const Settings& settings) {
  std::string text;
  for (const auto& [name, value] : settings) {
    if (name != "Date" && name != "Model") continue;
    text += (text.empty() ? "" : " · ") + value;
  }
  return text;
}

std::string Total(const std::string& name, const std::string& value) {
  return "<div><dt>" + name + "</dt><dd>" + value + "</dd></div>";
}

}  // namespace

Page::Page(std::vector<std::string> files, bool compare)
    : files_(std::move(files)), compare_(compare) {
  // Whoever gets the page need not get into the camera.
  for (std::string& file : files_) {
    if (IsUri(file)) file = HideCredentials(file);
  }
}

std::shared_ptr<FileRecord> Page::RecordOf(size_t index) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::shared_ptr<FileRecord>& record = open_[index];
  if (!record) record = std::make_shared<FileRecord>(index, files_[index]);
  return record;
}

std::shared_ptr<FileRecord> Page::TakeRecord(size_t index) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = open_.find(index);
  if (found == open_.end()) return nullptr;
  const std::shared_ptr<FileRecord> record = found->second;
  open_.erase(found);
  return record;
}

void Page::Add(size_t index, const FrameRow& row,
               const ThumbnailMaker& thumbnail) {
  // Outside the lock: only this file's thread touches its record.
  RecordOf(index)->Add(row, thumbnail);
  if (row.pts_s) return;
  Still still{row, thumbnail()};
  const std::lock_guard<std::mutex> lock(mutex_);
  stills_.emplace(index, std::move(still));
}

void Page::Finish(size_t index, const FileEnd& end, bool whole) {
  const std::shared_ptr<FileRecord> record = TakeRecord(index);
  if (!record) return;  // stopped before its first frame
  record->Finish(end, whole);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (end.duration_s) {
    videos_.Add(*record);
  } else {
    Still& still = stills_[index];
    images_.Add(index, files_[index], still.row, std::move(still.picture),
                end.picture);
  }
  stills_.erase(index);
  if (!whole) ++partial_;
  if (compare_) compared_[index] = record;
}

void Page::Done(size_t index, const FileEnd& end) { Finish(index, end, true); }

void Page::Stopped(size_t index, const FileEnd& end) {
  Finish(index, end, false);
}

void Page::Failed(size_t index, const std::string& message) {
  TakeRecord(index);
  AddFailure(files_[index], message);
  const std::lock_guard<std::mutex> lock(mutex_);
  stills_.erase(index);
  ++failed_files_;
}

void Page::AddFailure(const std::string& name, const std::string& message) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++failed_;
  if (failures_.size() < kMostFailures) {
    failures_.push_back({name, HideCredentials(message)});
  }
}

uint64_t Page::Left() const {
  return files_.size() - videos_.count() - images_.count() - failed_files_;
}

std::string Page::DrawNotes(bool interrupted, size_t earlier) const {
  std::string html;
  if (interrupted) {
    html += Note("Partial: the run was stopped. " +
                 Plural(partial_, "file is", "files are") + " here in part, " +
                 Plural(Left(), "file is", "files are") + " missing.");
  }
  if (earlier > 0) {
    html += Note(Plural(earlier, "file was", "files were") +
                 " scored by an earlier run: taken from its output, without "
                 "pictures.");
  }
  return html;
}

std::string Page::DrawTotals() const {
  std::string html = "<dl class=\"tiles\">";
  if (videos_.count() > 0) {
    html += Total("Videos", GroupedNumber(videos_.count())) +
            Total("Length", ClockTime(videos_.seconds(), 1));
  }
  if (images_.count() > 0) {
    html += Total("Images", GroupedNumber(images_.count()));
  }
  if (failed_ > 0) {
    html += Total("Failed",
                  "<a href=\"#failed\">" + GroupedNumber(failed_) + "</a>");
  }
  return html + "</dl>\n";
}

std::string Page::DrawCompared() const {
  if (!compare_) return "";
  std::vector<std::shared_ptr<const FileRecord>> records;
  for (const auto& [index, record] : compared_) records.push_back(record);
  if (records.size() < 2) {
    return Note(
        "There is nothing to compare: fewer than two files were "
        "scored.");
  }
  return DrawComparison(records);
}

std::string Page::DrawFailures() const {
  if (failures_.empty()) return "";
  Table table("Files that failed", {{"File", false}, {"Reason", false}}, false);
  for (const Failure& failure : failures_) {
    table.Row({{NameHtml(failure.name), ""}, TextCell(failure.message)});
  }
  std::string html =
      "<section class=\"card\" id=\"failed\">\n<h2>Failed</h2>\n" +
      table.Html();
  if (failed_ > failures_.size()) {
    html += "<p class=\"facts\">And " +
            GroupedNumber(failed_ - failures_.size()) + " more.</p>\n";
  }
  return html + "</section>\n";
}

std::string Page::Title() const {
  if (files_.empty()) return "Picture quality";
  std::string title = "Picture quality of " + files_.front();
  if (files_.size() > 1) {
    title += " and " + std::to_string(files_.size() - 1) + " more";
  }
  return title;
}

std::string Page::Html(const Settings& settings, bool interrupted,
                       size_t earlier) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return PageStart(Title(), Subtitle(settings)) +
         DrawNotes(interrupted, earlier) + DrawTotals() + DrawCompared() +
         videos_.DrawTable() + DrawFailures() + images_.Draw() +
         videos_.DrawSections() + DrawSettings(settings) + PageEnd();
}

}  // namespace graphiqa
