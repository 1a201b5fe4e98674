// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// How strong the distortions are over photos, and whether that agrees with a
/// table of the official generator's strength.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "metrics.h"

namespace graphiqa {

/// Mean and range of each column over several outputs.
struct StrengthRow {
  int type = 0;
  int level = 0;
  Strength mean{};
  Strength low{};
  Strength high{};
};

/// Reads the table of official strength: columns `type`, `level` and, for each
/// name of kStrengthNames, `<name>_mean`, `_min`, `_max`; lines that start with
/// '#' are comments.
/// @throws Error naming the file and what is missing
std::vector<StrengthRow> ReadStrengthTable(const std::string& path);

struct StrengthOptions {
  std::string table;   ///< the official one
  std::string folder;  ///< of photos
  std::string output;  ///< CSV file; empty = stdout
  int photos = 0;      ///< how many to take, evenly spread; 0 = all
  uint64_t seed = 0;
  int jobs = 1;
};

/// Distorts photos with the types and levels of the table, in the official
/// frame, and writes one line for each: our mean and range, the official ones,
/// and whether our mean lies in the official range. The photos are brought to
/// 512x384 (large ones scaled, then the middle cut out); those that do not hold
/// both 0 and 255 then are left out, as their contrast would be stretched.
/// Types that choose places or directions get three draws a photo.
/// @returns number of means outside
int CompareStrength(const StrengthOptions& options);

}  // namespace graphiqa
