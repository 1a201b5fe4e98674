// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Teaches a trained model to name and grade distortions by the statistics of
/// the picture alone, and to let its score fall as people said.
#pragma once

#include <string>

#include "naming_net.h"
#include "options.h"
#include "score_drops.h"
#include "version_source.h"

namespace graphiqa {

/// Everything that naming depends on.
struct NameOptions {
  DataOptions data;
  std::string checkpoint;  ///< the model that learns to name
  int64_t nodes = 0;       ///< the first of its graph that it keeps, 0 = all
  VersionOptions versions;
  uint64_t count = 150'000;  ///< of versions
  uint64_t per_file = 2000;  ///< versions whose statistics are kept together
  int contents = 1300;       ///< rated pictures that are distorted too
  std::string statistics;    ///< folder that keeps them; empty = the run's
  bool bf16 = false;         ///< the backbone when it scores
  NamingOptions naming;
  DropOptions drops;
  RunOptions run;
};

/// What decides the result.
Json ToJson(const NameOptions& options);

/// Writes best.safetensors, log.txt, config.json and the splits into the run's
/// folder. With no epochs it makes the statistics alone, or of a model that
/// names already the drops alone.
void Name(const NameOptions& options);

}  // namespace graphiqa
