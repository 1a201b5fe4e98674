// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace graphiqa {

/// A file of the status page, built into the program.
struct Asset {
  const char* path;  ///< of the URL
  const char* type;  ///< media type
  std::string body;
};

/// @returns null when there is none
const Asset* FindAsset(const std::string& path);

}  // namespace graphiqa
