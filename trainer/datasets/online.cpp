// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Good pictures in a folder and the folders below it, to be distorted while
/// training.

#include <algorithm>
#include <filesystem>

#include "datasets/builder.h"
#include "datasets/readers.h"

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

/// The photograph that a picture was cut from: `lake-b.jpg` is the second
/// cut-out of `lake`.
std::string SourceOf(const std::string& path) {
  std::string stem = Stem(path);
  const size_t size = stem.size();
  if (size > 2 && stem[size - 2] == '-' && stem[size - 1] >= 'a' &&
      stem[size - 1] <= 'z') {
    stem.resize(size - 2);
  }
  return stem;
}

std::vector<std::string> FindPictures(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  while (!error && entry != fs::recursive_directory_iterator()) {
    const std::string path = entry->path().string();
    if (IsPictureName(path) && entry->is_regular_file()) paths.push_back(path);
    entry.increment(error);
  }
  if (error) {
    throw Error(ErrorCode::kFile, "data set online: folder " + folder +
                                      " cannot be read: " + error.message());
  }
  if (paths.empty()) {
    throw Error(ErrorCode::kNotFound, "data set online: folder " + folder +
                                          " and those in it hold no picture (" +
                                          PictureExtensions() + ")");
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

Dataset ReadOnline(const DatasetOptions& options) {
  const std::string folder =
      DatasetRoot("online", options.data, "good pictures").path();
  DatasetBuilder builder(folder, "unknown", 0, 100);
  const Place place{folder, "picture", 0};
  for (const std::string& path : FindPictures(folder)) {
    Sample sample;
    sample.image = fs::path(path).lexically_relative(folder).string();
    sample.path = path;
    sample.group = SourceOf(path);
    sample.distortion = 0;
    builder.Add(std::move(sample), place, "");
  }
  return builder.Take();
}

}  // namespace graphiqa
