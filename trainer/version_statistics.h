// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Statistics of many versions, made once and kept in files of some thousand
/// versions each, so that making them can be interrupted at any time.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>
#include <vector>

#include "network/colour_scale.h"
#include "version_source.h"

namespace graphiqa {

/// Which versions, and where their statistics are kept.
struct StatisticsOptions {
  VersionOptions versions;
  uint64_t count = 0;        ///< of versions, rounded up to whole files
  uint64_t per_file = 2000;  ///< versions
  InputInfo input;
  ColourScale scale;
  std::string folder;
  int workers = 1;
  std::function<void(uint64_t done)> progress;  ///< in versions; may be empty
};

/// What naming learns from.
struct VersionSet {
  std::vector<Version> versions;
  at::Tensor statistics;  ///< [n, views, kPictureStatistics] float32
};

/// Reads what the folder holds and makes the rest.
/// @throws Error(kFormat) for a file that is none of these; what
///   ThrowIfInterrupted() throws, with whole files kept
VersionSet MakeVersionSet(const std::vector<Content>& contents,
                          const StatisticsOptions& options);

}  // namespace graphiqa
