// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "datasets/builder.h"

namespace graphiqa {

/// What the name of a picture of KADID-10k or KADIS-700k says:
/// `I01_10_05.png` is original I01, type 10, level 5.
struct KadidName {
  std::string original;  ///< without extension
  int type = 0;          ///< 1-25
  int level = 0;         ///< 1-5
};

/// Reads the two numbers from the right: originals of KADIS-700k have digits,
/// dashes and underscores in their names.
/// @throws Error(kFormat) with place and column when it has no such form
KadidName ParseKadidName(const std::string& name, const Place& place,
                         const std::string& column);

/// "01" for 1: how the two sets write types and levels.
std::string TwoDigits(int number);

/// A sample of a distorted picture: name, type and level filled in, its group
/// the original.
Sample KadidSample(const std::string& image, const KadidName& name);

/// The undistorted original of a group.
Sample OriginalSample(const std::string& image, const std::string& path);

}  // namespace graphiqa
