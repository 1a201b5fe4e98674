// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Small real models for tests. Most tests need no more than the files that
/// the build makes with them: depend on the meson target `tiny_models` and
/// take the folder from the environment:
///
///     test('x', x_test, depends: tiny_models, env: tiny_models_env)
///
/// which sets GRAPHIQA_TEST_MODELS to `<build>/tests/models`. See
/// make_models.cpp for the files in it.
#pragma once

#include <cstdint>
#include <string>

#include "network/network.h"

namespace graphiqa {

/// What MakeTinyModel() makes.
struct TinyModelOptions {
  std::string name = "tiny";
  std::string backbone = "efficientnet_lite0";
  std::string features = "multi";
  int64_t node_size = 32;  ///< ignored for features "last"
  int64_t edge_size = 4;
  int64_t code_size = 8;
  int view_size_px = 64;
  int native_views = 2;
  int whole_views = 1;         ///< at scale 1; 0 = none
  bool level_trained = false;  ///< what the file claims; weights are random
  bool type_trained = false;
  bool half = true;  ///< matrices in half precision
  uint64_t seed = 1;
};

/// Writes a model with seeded random weights, the 25 KADID types and a trained
/// MOS head (as far as the file says). The statistics of its norms and its
/// feature standardisation are taken from noise pictures, so that scores are
/// finite, differ between pictures and lie around 50.
void MakeTinyModel(const std::string& path, const TinyModelOptions& options);

}  // namespace graphiqa
