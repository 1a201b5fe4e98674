// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Pictures with mean opinion scores. A new data set is a reader and a row of
/// kDatasets.
#pragma once

#include <string>
#include <vector>

#include "error.h"

namespace graphiqa {

/// One rated picture.
struct Sample {
  std::string image;  ///< name as listed
  std::string path;   ///< file to read
  double mos = 0;     ///< in the data set's own units
  std::string group;  ///< pictures of one group stay on one side of a split
  std::string part;   ///< "train", "val", "test" as the list says, or empty
};

struct Dataset {
  std::string name;
  std::string licence;  ///< of the pictures, for the model file
  double mos_low = 0;   ///< becomes score 0
  double mos_high = 1;  ///< becomes score 100
  std::vector<Sample> samples;

  /// The rating of a sample as a score.
  /// @returns 0-100 when the rating is inside [mos_low, mos_high]
  double Score(const Sample& sample) const {
    return 100.0 * (sample.mos - mos_low) / (mos_high - mos_low);
  }
};

/// What the command line says about a data set.
struct DatasetOptions {
  std::string data;       ///< folder or list, see the table
  std::string image_dir;  ///< csv: folder of the pictures, empty = the list's
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
/// @throws Error(kUsage) for an unknown name, Error(kNotFound|kFormat) naming
///   file, line and column or the missing picture
Dataset ReadDataset(const std::string& name, const DatasetOptions& options);

}  // namespace graphiqa
