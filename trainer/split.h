// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dataset.h"

namespace graphiqa {

/// Indices into Dataset::samples, each part in the data set's order.
struct Split {
  std::vector<size_t> train;
  std::vector<size_t> val;
  std::vector<size_t> test;

  /// @throws Error(kUsage) unless `part` is train, val, test
  const std::vector<size_t>& Part(const std::string& part) const;
};

/// Splits by group: groups are shuffled by the seed, then whole groups go to
/// validation until it holds at least the fraction, and of the rest to the test
/// part. A data set that names its own parts keeps them; what it does not name
/// is held out of its training part.
/// @param val_fraction   (0, 1)
/// @param test_fraction  [0, 1)
/// @throws Error(kFormat) when nothing is left to train or to validate
Split MakeSplit(const Dataset& dataset, double val_fraction, uint64_t seed,
                double test_fraction = 0);

/// Consecutive parts of `order`; a last part shorter than `size` is kept only
/// when `keep_rest` or when it is the only one.
std::vector<std::vector<size_t>> Chunks(const std::vector<size_t>& order,
                                        size_t size, bool keep_rest);

/// Writes `image,split` lines.
/// @throws Error(kFile)
void WriteSplit(const std::string& path, const Dataset& dataset,
                const Split& split);

/// Reads what WriteSplit() wrote. Pictures of the data set that the file does
/// not list belong to no part.
/// @throws Error(kFormat) for a picture that the data set has not or another
///   part name
Split ReadSplit(const std::string& path, const Dataset& dataset);

}  // namespace graphiqa
