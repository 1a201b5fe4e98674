// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Trains what names and grades distortions by the statistics of a view.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "network/namer.h"

namespace graphiqa {

struct NamingOptions {
  std::vector<int64_t> hidden{512, 256};  ///< units of the hidden layers
  int epochs = 40;
  int batch = 1024;  ///< views
  double rate = 2e-3;
  double weight_decay = 0.02;
  double dropout = 0.3;     ///< of hidden units
  double smoothing = 0.02;  ///< of the types' labels
  double level = 0.3;       ///< weight of the levels' squared error
  double ema = 0.999;       ///< decay of the averaged weights, which are kept
  bool bf16 = false;        ///< hidden layers compute in bfloat16
};

/// Views with what was done to them.
struct NamingData {
  at::Tensor statistics;  ///< [n, kPictureStatistics] floating
  at::Tensor types;       ///< [n] int64, rows of the type head
  at::Tensor levels;      ///< [n] float, 0 = undistorted
};

/// Called after each epoch with its number from 1 and the mean loss; the namer
/// then has the averaged weights.
using NamingEpoch = std::function<void(int epoch, double loss)>;

/// Trains a new namer; its statistics are those of the data. Deterministic for
/// a number of threads.
void TrainNamer(const NamingData& data, const NamingOptions& options,
                uint64_t seed, Namer* namer, const NamingEpoch& on_epoch);

/// What a namer says of pictures, as the engine combines their views.
struct NamedPictures {
  at::Tensor probabilities;  ///< [n, T]
  at::Tensor types;          ///< [n] int64, the largest
  at::Tensor levels;         ///< [n] in [0, 5]
};

/// @param features  [n, V, F] floating, statistics last
NamedPictures NamePictures(Namer* namer, const at::Tensor& features);

}  // namespace graphiqa
