// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Features of the frozen backbone, computed once and kept in files, so that
/// heads can be trained on them in seconds.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>
#include <vector>

#include "loader.h"
#include "network/network.h"

namespace graphiqa {

/// How features are computed and where they are kept.
struct FeatureOptions {
  SampleOptions sample;
  std::string folder;  ///< of the cache files; empty = none
  int batch = 16;      ///< pictures per pass
  int workers = 1;     ///< loader threads
  std::function<void(size_t done, size_t total)> progress;  ///< may be empty
  std::function<void()> check;  ///< called between batches, may throw
};

/// Features of pictures.
/// @param names  of all pictures of the items' cache; they go into the file's
///   key
/// @returns [n, V, F] half precision; read from the folder when a file of the
///   same key (backbone weights, views, pictures, what is done to them) is
///   there
at::Tensor FrozenFeatures(Network& network, const std::vector<Item>& items,
                          const std::vector<std::string>& names,
                          const FeatureOptions& options);

}  // namespace graphiqa
