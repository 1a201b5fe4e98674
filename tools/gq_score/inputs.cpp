// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "inputs.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

/// What a folder is searched for; files that are named are always tried.
constexpr const char* kExtensions[] = {
    // images
    "bmp", "dib", "exr", "gif", "hdr", "jp2", "jpe", "jpeg", "jpg", "pbm",
    "pgm", "pic", "png", "pnm", "ppm", "ras", "sr", "tif", "tiff", "webp",
    // videos
    "3gp", "asf", "avi", "flv", "h264", "h265", "hevc", "ivf", "m2t", "m2ts",
    "m2v", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "mts", "mxf", "ogv", "ts",
    "vob", "webm", "wmv", "y4m"};

bool HasKnownExtension(const fs::path& path) {
  std::string extension = path.extension().string();
  if (extension.empty()) return false;
  extension.erase(0, 1);
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return std::find(std::begin(kExtensions), std::end(kExtensions), extension) !=
         std::end(kExtensions);
}

std::vector<std::string> FilesBelow(const std::string& folder,
                                    std::error_code* error) {
  std::vector<std::string> files;
  fs::recursive_directory_iterator at(
      folder, fs::directory_options::skip_permission_denied, *error);
  while (!*error && at != fs::recursive_directory_iterator()) {
    std::error_code unreadable;
    if (at->is_regular_file(unreadable) && HasKnownExtension(at->path())) {
      files.push_back(at->path().string());
    }
    at.increment(*error);
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

bool IsUri(const std::string& name) {
  const size_t colon = name.find("://");
  if (colon == std::string::npos || colon < 2) return false;
  return std::all_of(
      name.begin(), name.begin() + static_cast<std::ptrdiff_t>(colon),
      [](unsigned char c) {
        return std::isalnum(c) || c == '+' || c == '-' || c == '.';
      });
}

std::vector<std::string> ExpandInputs(
    const std::vector<std::string>& arguments,
    const std::function<void(const std::string& folder,
                             const std::string& reason)>& complain) {
  std::vector<std::string> inputs;
  for (const std::string& argument : arguments) {
    std::error_code error;
    if (IsUri(argument) || !fs::is_directory(argument, error)) {
      inputs.push_back(argument);
      continue;
    }
    const std::vector<std::string> files = FilesBelow(argument, &error);
    if (error) {
      complain(argument, error.message());
    } else if (files.empty()) {
      complain(argument, "no images or videos in this folder");
    }
    inputs.insert(inputs.end(), files.begin(), files.end());
  }
  return inputs;
}

void KeepShard(const Shard& shard, std::vector<std::string>* files) {
  files->erase(std::remove_if(files->begin(), files->end(),
                              [&](const std::string& file) {
                                return !InShard(shard, file);
                              }),
               files->end());
}

std::string HideCredentials(const std::string& text) {
  std::string hidden = text;
  for (size_t at = 0; (at = hidden.find("://", at)) != std::string::npos;) {
    at += 3;
    const size_t end = hidden.find_first_of("/?# \t\n\"'", at);
    const size_t sign = hidden.rfind('@', end);
    if (sign != std::string::npos && sign >= at) {
      hidden.replace(at, sign - at, "…");
    }
  }
  return hidden;
}

}  // namespace graphiqa
