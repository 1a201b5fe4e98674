// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "format.h"
#include "results.h"

namespace graphiqa {

/// Where the results go: a file, or stdout. Every Write() is flushed.
class Output {
 public:
  /// @param path        empty = stdout
  /// @param keep_bytes  how much of an earlier file stays
  /// @throws Error(kFile) when the file cannot be opened for writing
  Output(const std::string& path, uint64_t keep_bytes);
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  /// @throws Error(kFile)
  void Write(const std::string& text);

  /// Whether what was written can be taken back.
  bool CanCut() const { return regular_; }
  uint64_t size_bytes() const { return size_bytes_; }
  void CutTo(uint64_t size_bytes);

 private:
  [[noreturn]] void Throw(const char* verb) const;

  std::string path_;
  std::FILE* file_ = nullptr;
  bool regular_ = false;
  uint64_t size_bytes_ = 0;
};

/// Brings what several threads find out into the order of the files. The rows
/// of the first unfinished file are written as they come; those of later files
/// wait for their turn. A failed file leaves no rows where they can be taken
/// back. Thread-safe.
class Report : public Results {
 public:
  /// @param output  must outlive this; the header is written if it is empty
  Report(std::unique_ptr<Format> format, Output* output,
         std::vector<std::string> files, bool summary);

  void Add(size_t index, const FrameRow& row,
           const ThumbnailMaker& thumbnail) override;
  void Done(size_t index, const FileEnd& end) override;
  void Failed(size_t index, const std::string& message) override;
  void Stopped(size_t, const FileEnd&) override {}  // Close() sorts it out

  /// Writes what is left after an interruption: the files that are done behind
  /// an unfinished one. Unfinished rows stay only where they come last, so that
  /// --resume finds them.
  void Close();

 private:
  enum class State { kOpen, kDone, kFailed };
  struct Slot {
    State state = State::kOpen;
    std::string text;  ///< not yet written
    SummaryBuilder summary;
  };

  void Advance();

  const std::unique_ptr<Format> format_;
  Output* const output_;
  const std::vector<std::string> files_;
  const bool summary_;
  std::mutex mutex_;
  std::vector<Slot> slots_;
  size_t head_ = 0;          ///< first unfinished file
  uint64_t head_start_ = 0;  ///< of its rows in the output
};

}  // namespace graphiqa
