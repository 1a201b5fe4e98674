// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "page/file_record.h"
#include "page/frame.h"
#include "page/image_list.h"
#include "page/video_list.h"
#include "results.h"

namespace graphiqa {

/// The report of a run as one HTML page that needs nothing else: no network,
/// no other file, no script. Memory is bounded whatever the number and length
/// of the files: of very many, those with the lowest scores are kept.
/// Thread-safe.
class Page : public Results {
 public:
  /// @param files    names, in the order of their numbers
  /// @param compare  the files are versions of one content
  Page(std::vector<std::string> files, bool compare);

  void Add(size_t index, const FrameRow& row,
           const ThumbnailMaker& thumbnail) override;
  void Done(size_t index, const FileEnd& end) override;
  void Failed(size_t index, const std::string& message) override;
  void Stopped(size_t index, const FileEnd& end) override;

  /// A file or folder that could not even be numbered.
  void AddFailure(const std::string& name, const std::string& message);

  /// @param interrupted  the run was stopped before its end
  /// @param earlier      files that were done in an earlier run
  std::string Html(const Settings& settings, bool interrupted,
                   size_t earlier) const;

 private:
  struct Failure {
    std::string name;
    std::string message;
  };
  struct Still {
    FrameRow row;
    Thumbnail picture;
  };

  std::shared_ptr<FileRecord> RecordOf(size_t index);
  std::shared_ptr<FileRecord> TakeRecord(size_t index);
  void Finish(size_t index, const FileEnd& end, bool whole);
  uint64_t Left() const;
  std::string DrawNotes(bool interrupted, size_t earlier) const;
  std::string DrawTotals() const;
  std::string DrawCompared() const;
  std::string DrawFailures() const;
  std::string Title() const;

  std::vector<std::string> files_;  ///< as they are shown
  const bool compare_;
  mutable std::mutex mutex_;
  std::map<size_t, std::shared_ptr<FileRecord>> open_;
  std::map<size_t, Still> stills_;  ///< images that are not done yet
  std::map<size_t, std::shared_ptr<const FileRecord>> compared_;
  VideoList videos_;
  ImageList images_;
  std::vector<Failure> failures_;
  uint64_t failed_ = 0;
  uint64_t partial_ = 0;
  uint64_t failed_files_ = 0;  ///< of `failed_`, those with a number
};

}  // namespace graphiqa
