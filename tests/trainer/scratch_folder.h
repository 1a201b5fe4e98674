// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "error.h"

namespace graphiqa {

/// A folder to write files into.
class Folder {
 public:
  explicit Folder(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }

  std::string File(const std::string& name) const {
    return (std::filesystem::path(path_) / name).string();
  }

  void Write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(
        std::filesystem::path(File(name)).parent_path());
    std::ofstream(File(name), std::ios::binary) << text;
  }

  void Remove(const std::string& name) const {
    std::filesystem::remove_all(File(name));
  }

 private:
  std::string path_;
};

/// A folder that goes with the test.
class ScratchFolder : public Folder {
 public:
  ScratchFolder() : Folder(Make()) {}
  ~ScratchFolder() { std::filesystem::remove_all(path()); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

 private:
  static std::string Make() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "gq-trainer-XXXXXX").string();
    return mkdtemp(pattern.data());
  }
};

/// The message of the Error that a call throws, empty when it does not.
template <typename Call>
std::string MessageOf(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace graphiqa
