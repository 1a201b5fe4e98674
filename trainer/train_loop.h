// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <string>

#include "adamw.h"
#include "checkpoint.h"
#include "format/json.h"
#include "network/network.h"
#include "ranks/ranks.h"
#include "run_folder.h"

namespace graphiqa {

/// How long and how.
struct LoopOptions {
  std::string phase = "all";  ///< of the rows of metrics.csv
  int epochs = 1;
  size_t steps = 1;       ///< of an epoch
  bool constant = false;  ///< rate: constant, else warm-up and cosine
  double warmup = 0.1;    ///< part of all steps
  double clip = 5.0;      ///< gradient norm, 0 = off
  double ema = 0.0;       ///< decay of averaged weights, 0 = off
  int save_every = 200;   ///< steps between states to resume from
};

/// The steps of one epoch, from some step on.
class StepSource {
 public:
  virtual ~StepSource() = default;

  /// Makes the next batch's loss, with gradients recorded. With several ranks
  /// it is the loss of all ranks' pictures, through Ranks::Gather().
  virtual at::Tensor NextLoss() = 0;
};

/// What a kind of training fills in.
struct LoopHooks {
  /// @param epoch  from 0
  /// @param first  step to begin with
  std::function<std::unique_ptr<StepSource>(int epoch, size_t first)> begin;

  /// Measures the network as it is (averaged weights are in place) and fills
  /// the row's measures.
  std::function<void(EpochRow*)> validate;

  /// Writes the model under a name in the run folder.
  std::function<void(const EpochRow&, const std::string& file, bool best)> save;
};

/// Optimises until all epochs are done. Writes last.safetensors, a row of
/// metrics.csv and the state to resume from after each epoch,
/// best.safetensors when the row's Selection() is the highest so far, and the
/// state every `save_every` steps and when interrupted.
///
/// Ranks average the gradients of each step and stop at the same one when any
/// of them is interrupted; rank 0 validates and writes.
/// @param progress  where to begin; rows of earlier phases are kept
/// @throws Error(kCancelled) when interrupted, Error(kDevice) when a rank is
///   lost, each after the state is saved
void RunLoop(const LoopOptions& options, const LoopHooks& hooks,
             const Ranks& ranks, const RunFolder& folder, const Json& config,
             Network* network, AdamW* optimizer, WeightAverage* average,
             Progress* progress);

/// Whether the run folder of rank 0, which the others may not see, has a state
/// to go on from.
bool Resumes(const Ranks& ranks, const RunFolder& folder, bool wanted);

/// Makes all ranks start from the weights of rank 0.
void ShareWeights(const Ranks& ranks, const Network& network);

/// Makes all ranks go on from the state in the run folder of rank 0; see
/// LoadState().
Progress ResumeState(const Ranks& ranks, const RunFolder& folder,
                     const Json& config, Network* network, AdamW* optimizer,
                     WeightAverage* average);

/// Keeps the row, writes metrics.csv and curves.svg, logs it, and saves the
/// model when it is the best so far.
void RecordRow(const EpochRow& row, const LoopHooks& hooks,
               const RunFolder& folder, Progress* progress);

inline constexpr const char* kBestFile = "best.safetensors";
inline constexpr const char* kLastFile = "last.safetensors";
inline constexpr const char* kStateFile = "state.safetensors";

}  // namespace graphiqa
