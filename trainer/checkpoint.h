// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "adamw.h"
#include "format/json.h"
#include "network/network.h"
#include "run_folder.h"

namespace graphiqa {

/// Where the second phase stands.
struct Progress {
  int epoch = 0;        ///< done
  size_t step = 0;      ///< done within the running epoch
  double loss_sum = 0;  ///< over those steps
  double seconds = 0;   ///< spent on them
  double best = -2;     ///< highest validation SROCC so far, both phases
  std::vector<EpochRow> rows;
};

/// Averaged weights: shadow = decay * shadow + (1 - decay) * weight, with a
/// smaller decay in the first steps.
class WeightAverage {
 public:
  /// @param decay  0 = off: then Swap() does nothing
  WeightAverage(double decay, const NamedTensors& parameters);

  void Update();

  /// Exchanges weights and averages.
  void Swap();

  NamedTensors State() const;
  void LoadState(const std::map<std::string, at::Tensor>& state);

 private:
  double decay_;
  int64_t updates_ = 0;
  NamedTensors parameters_;
  std::vector<at::Tensor> shadows_;
};

/// Writes one file that holds all that resuming needs: weights, averages,
/// optimiser state, progress, and the options that must be the same.
/// @throws Error(kFile)
void SaveState(const std::string& path, const Network& network,
               const AdamW& optimizer, const WeightAverage& average,
               const Progress& progress, const Json& config);

/// The inverse, into objects built alike.
/// @param bytes  what the file holds
/// @param path   of it, for errors
/// @throws Error(kUsage) naming the option that differs, Error(kFormat)
Progress LoadState(const std::string& bytes, const std::string& path,
                   Network* network, AdamW* optimizer, WeightAverage* average,
                   const Json& config);

}  // namespace graphiqa
