// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "datasets/folder.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPictureExtensions[] = {".jpg", ".jpeg", ".png",  ".bmp",
                                              ".tif", ".tiff", ".webp", ".jp2",
                                              ".ppm", ".pgm"};

constexpr size_t kMaxFileBytes = size_t{1} << 26;

/// Without std::filesystem, which parses what it joins: KADIS-700k has 840,000
/// pictures.
std::string Join(const std::string& folder, const std::string& name) {
  return folder.back() == '/' ? folder + name : folder + '/' + name;
}

}  // namespace

std::string Lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool IsPictureName(const std::string& name) {
  const std::string small = Lower(name);
  return std::any_of(std::begin(kPictureExtensions),
                     std::end(kPictureExtensions),
                     [&small](const std::string& extension) {
                       return small.size() > extension.size() &&
                              small.compare(small.size() - extension.size(),
                                            extension.size(), extension) == 0;
                     });
}

std::string PictureExtensions() {
  std::string text;
  for (const char* extension : kPictureExtensions) {
    text += (text.empty() ? "" : " ") + std::string(extension);
  }
  return text;
}

std::string ParentFolder(const std::string& path) {
  fs::path normal = fs::path(path).lexically_normal();
  if (!normal.has_filename()) normal = normal.parent_path();
  const fs::path parent = normal.parent_path();
  return parent.empty() ? "." : parent.string();
}

std::string ReadBytes(const std::string& path) {
  std::error_code error;
  const auto bytes = fs::file_size(path, error);
  if (error == std::errc::no_such_file_or_directory) {
    throw Error(ErrorCode::kNotFound, path + ": no such file");
  }
  std::ifstream file(path, std::ios::binary);
  if (error || !file) throw Error(ErrorCode::kFile, path + ": cannot be read");
  if (bytes > kMaxFileBytes) {
    throw Error(ErrorCode::kFormat, path + ": is larger than 64 MiB");
  }
  std::string data(bytes, '\0');
  file.read(data.data(), static_cast<std::streamsize>(bytes));
  if (!file) throw Error(ErrorCode::kFile, path + ": cannot be read");
  return data;
}

FolderIndex::FolderIndex(const std::string& path) : path_(path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    throw Error(ErrorCode::kNotFound, "folder " + path + " does not exist");
  }
  fs::directory_iterator entry(path, error);
  while (!error && entry != fs::directory_iterator()) {
    const std::string name = entry->path().filename().string();
    names_.emplace_back(Lower(name), name);
    entry.increment(error);
  }
  if (error) {
    throw Error(ErrorCode::kFile,
                "folder " + path + " cannot be read: " + error.message());
  }
  std::sort(names_.begin(), names_.end());
}

std::string FolderIndex::Find(const std::string& name) const {
  const std::string small = Lower(name);
  const auto first = std::lower_bound(names_.begin(), names_.end(),
                                      std::make_pair(small, std::string()));
  std::string found;
  for (auto at = first; at != names_.end() && at->first == small; ++at) {
    if (found.empty() || at->second == name) found = at->second;
  }
  return found.empty() ? "" : Join(path_, found);
}

std::string FolderIndex::FindPicture(const std::string& stem) const {
  const std::string begin = Lower(stem) + '.';
  auto at = std::lower_bound(names_.begin(), names_.end(),
                             std::make_pair(begin, std::string()));
  for (; at != names_.end(); ++at) {
    if (at->first.compare(0, begin.size(), begin) != 0) break;
    const bool whole = at->first.find('.', begin.size()) == std::string::npos;
    if (whole && IsPictureName(at->first)) {
      return Join(path_, at->second);
    }
  }
  return "";
}

FolderIndex DatasetRoot::Open(const std::string& path) const {
  try {
    return FolderIndex(path);
  } catch (const Error& error) {
    throw Error(error.code(), "data set " + name_ + ": " + error.what() +
                                  " (wanted in it: " + wanted_ + ")");
  }
}

DatasetRoot::DatasetRoot(const std::string& name, const std::string& path,
                         const std::string& wanted)
    : name_(name), wanted_(wanted), index_(Open(path)) {}

std::string DatasetRoot::Find(const std::string& entry) const {
  return index_.Find(entry);
}

std::string DatasetRoot::Require(
    const std::vector<std::string>& entries) const {
  std::string names;
  for (const std::string& entry : entries) {
    std::string path = index_.Find(entry);
    if (!path.empty()) return path;
    names += (names.empty() ? "" : " nor ") + entry;
  }
  throw Error(ErrorCode::kNotFound, "data set " + name_ + ": folder " +
                                        index_.path() + " has no " + names +
                                        " (wanted in it: " + wanted_ + ")");
}

}  // namespace graphiqa
