// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "report.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "error.h"

namespace graphiqa {

Output::Output(const std::string& path, uint64_t keep_bytes)
    : path_(path.empty() ? "standard output" : path) {
  file_ = path.empty() ? stdout
                       : std::fopen(path.c_str(), keep_bytes > 0 ? "r+" : "w");
  if (file_ == nullptr) Throw("written");
  struct stat status {};
  regular_ = !path.empty() && fstat(fileno(file_), &status) == 0 &&
             S_ISREG(status.st_mode);
  if (keep_bytes > 0) CutTo(keep_bytes);
}

Output::~Output() {
  if (file_ != nullptr && file_ != stdout) std::fclose(file_);
}

void Output::Throw(const char* verb) const {
  throw Error(ErrorCode::kFile,
              path_ + " cannot be " + verb + ": " + std::strerror(errno));
}

void Output::Write(const std::string& text) {
  if (text.empty()) return;
  if (std::fwrite(text.data(), 1, text.size(), file_) != text.size() ||
      std::fflush(file_) != 0) {
    Throw("written");
  }
  size_bytes_ += text.size();
}

void Output::CutTo(uint64_t size_bytes) {
  const auto offset = static_cast<off_t>(size_bytes);
  if (ftruncate(fileno(file_), offset) != 0 ||
      fseeko(file_, offset, SEEK_SET) != 0) {
    Throw("shortened");
  }
  size_bytes_ = size_bytes;
}

Report::Report(std::unique_ptr<Format> format, Output* output,
               std::vector<std::string> files, bool summary)
    : format_(std::move(format)),
      output_(output),
      files_(std::move(files)),
      summary_(summary),
      slots_(files_.size()) {
  if (output_->size_bytes() == 0) {
    output_->Write(summary_ ? format_->SummaryHeader() : format_->RowHeader());
  }
  head_start_ = output_->size_bytes();
}

void Report::Add(size_t index, const FrameRow& row,
                 const ThumbnailMaker& /*thumbnail*/) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Slot& slot = slots_[index];
  if (summary_) {
    slot.summary.Add(row);
  } else if (index == head_) {
    output_->Write(format_->Row(files_[index], row));
  } else {
    slot.text += format_->Row(files_[index], row);
  }
}

void Report::Done(size_t index, const FileEnd& end) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Slot& slot = slots_[index];
  slot.state = State::kDone;
  if (summary_) {
    slot.text =
        format_->Summary(files_[index], slot.summary.Build(end.duration_s));
    slot.summary = SummaryBuilder();
  }
  Advance();
}

void Report::Failed(size_t index, const std::string& /*message*/) {
  const std::lock_guard<std::mutex> lock(mutex_);
  slots_[index].state = State::kFailed;
  slots_[index].text.clear();
  if (index == head_ && output_->CanCut() &&
      output_->size_bytes() > head_start_) {
    output_->CutTo(head_start_);
  }
  Advance();
}

void Report::Advance() {
  while (head_ < slots_.size()) {
    Slot& slot = slots_[head_];
    output_->Write(slot.text);
    std::string().swap(slot.text);
    if (slot.state == State::kOpen) return;
    ++head_;
    head_start_ = output_->size_bytes();
  }
}

void Report::Close() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (head_ >= slots_.size()) return;
  const bool waiting = std::any_of(
      slots_.begin() + static_cast<std::ptrdiff_t>(head_), slots_.end(),
      [](const Slot& slot) { return slot.state == State::kDone; });
  if (!waiting) return;
  if (output_->CanCut()) output_->CutTo(head_start_);
  for (; head_ < slots_.size(); ++head_) {
    if (slots_[head_].state == State::kDone) output_->Write(slots_[head_].text);
  }
}

}  // namespace graphiqa
