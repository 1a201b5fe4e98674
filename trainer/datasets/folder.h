// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "error.h"

namespace graphiqa {

/// ASCII letters made small.
std::string Lower(std::string text);

/// Whether the name ends like a picture (.jpg, .png, .bmp, …) in any case.
bool IsPictureName(const std::string& name);

/// ".jpg .jpeg …", for errors.
std::string PictureExtensions();

/// The folder that a file or folder lies in; a slash at the end does not count.
std::string ParentFolder(const std::string& path);

/// A whole file.
/// @throws Error(kNotFound|kFile|kFormat) naming it: none, not to be read,
///   larger than 64 MiB
std::string ReadBytes(const std::string& path);

/// The entries of one folder, listed once. Names are matched as they are, and
/// where that finds nothing, in any case: releases mix I25.BMP and i25.bmp,
/// Images and images.
class FolderIndex {
 public:
  /// @throws Error(kNotFound|kFile) naming the folder
  explicit FolderIndex(const std::string& path);

  const std::string& path() const { return path_; }

  /// Path of an entry, empty when there is none.
  std::string Find(const std::string& name) const;

  /// Path of the picture `stem` with whatever picture extension, or empty.
  std::string FindPicture(const std::string& stem) const;

 private:
  std::string path_;
  std::vector<std::pair<std::string, std::string>> names_;  ///< small, as is
};

/// The root folder of a data set whose layout is known.
class DatasetRoot {
 public:
  /// @param name    of the data set, for errors
  /// @param wanted  what the folder should hold, for errors
  /// @throws Error(kNotFound) "data set live: folder X does not exist (…)"
  DatasetRoot(const std::string& name, const std::string& path,
              const std::string& wanted);

  const std::string& path() const { return index_.path(); }

  /// Path of an entry, empty when there is none.
  std::string Find(const std::string& entry) const;

  /// Path of the first of these entries that is there.
  /// @throws Error(kNotFound) naming all of them and what is wanted
  std::string Require(const std::vector<std::string>& entries) const;

 private:
  FolderIndex Open(const std::string& path) const;

  std::string name_;
  std::string wanted_;
  FolderIndex index_;
};

}  // namespace graphiqa
