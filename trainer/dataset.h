// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Pictures with mean opinion scores, distortion types and levels. A new data
/// set is a reader in datasets/ and a row of kDatasets. docs/datasets.md says
/// what each one wants on disk and what is made of it.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "error.h"

namespace graphiqa {

/// One picture.
struct Sample {
  std::string image;  ///< name as listed, unique in its data set
  std::string path;   ///< file to read
  /// In the data set's own units; NaN = not rated.
  double mos = std::numeric_limits<double>::quiet_NaN();
  std::string group;  ///< pictures of one group stay on one side of a split
  std::string part;   ///< "train", "val", "test" as the list says, or empty

  /// The data set's own name of the distortion ("jpeg", "01"), for results
  /// by type; empty = none.
  std::string subset{};
  int distortion = -1;  ///< KADID's number 1-25, 0 undistorted, -1 unknown
  int level = 0;        ///< 1-5 as the data set numbers it, 0 = none, unknown
  std::string reference{};  ///< path of the undistorted original, or empty
};

struct Dataset {
  std::string name;
  std::string licence;  ///< of the pictures, for the model file
  double mos_low = 0;   ///< becomes score 0; above mos_high where a low
  double mos_high = 1;  ///< rating is a good one (DMOS). Becomes score 100
  std::vector<Sample> samples;
  bool rated = true;  ///< every sample has a rating

  /// The rating of a sample as a score.
  /// @returns 0-100 when the rating lies between mos_low and mos_high; NaN
  ///   when the sample is not rated
  double Score(const Sample& sample) const {
    return 100.0 * (sample.mos - mos_low) / (mos_high - mos_low);
  }
};

/// What the command line says about a data set.
struct DatasetOptions {
  std::string data;       ///< folder or list, see the table
  std::string image_dir;  ///< folder of the pictures, empty = the usual one
  std::string mos_range;  ///< csv: "LOW,HIGH"
};

/// One row of the data set table.
struct DatasetEntry {
  const char* name;
  const char* description;  ///< one line for --help
  Dataset (*read)(const DatasetOptions& options);
};

/// All data sets; ends with an entry whose name is nullptr.
extern const DatasetEntry kDatasets[];

/// Reads and checks a data set: every picture exists, every rating is a number
/// inside the range, no picture is listed twice.
/// @throws Error(kUsage) for an unknown name or option, Error(kNotFound|kFile|
///   kFormat) naming file, line (or row, entry) and column, or the missing
///   folder or picture
Dataset ReadDataset(const std::string& name, const DatasetOptions& options);

/// @throws Error(kUsage) when not every sample has a rating
void RequireRatings(const Dataset& dataset);

}  // namespace graphiqa
