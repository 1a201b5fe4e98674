// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adamw.h"
#include "network/network.h"
#include "options.h"

namespace graphiqa {

/// Parameters outside the backbone, or those of it.
NamedTensors ParametersOf(Network* network, bool backbone);

/// Takes what the options leave alone out of training (requires_grad) and puts
/// the batch norms into their mode. Parameters that touch no output, as the
/// released checkpoints hold, keep no gradient and are left as they are.
/// @throws Error(kUsage) when there are fewer stages than are to be frozen
void Freeze(const OptimiserOptions& options, Network* network);

/// The optimiser over everything that is still trained.
std::unique_ptr<AdamW> MakeOptimiser(const OptimiserOptions& options,
                                     Network* network);

/// What is still trained, heads first.
NamedTensors TrainedParameters(Network* network);

/// Puts a network into evaluation mode for as long as it lives.
class EvaluationMode {
 public:
  explicit EvaluationMode(Network* network);
  ~EvaluationMode();
  EvaluationMode(const EvaluationMode&) = delete;
  EvaluationMode& operator=(const EvaluationMode&) = delete;

 private:
  Network* network_;
  bool trains_;  ///< the backbone did
};

/// Moves the backbone to the run's device, with several ranks each to a GPU of
/// its own; projection, heads and losses, which are small, stay on the CPU.
/// @param local_rank  among the ranks of this machine
/// @throws Error(kDevice) when there is no such CUDA device, or a LibTorch
///   without CUDA
void MoveBackbone(const RunOptions& run, int local_rank, Network* network);

/// @throws Error(kDevice) when one of RunOptions::gpus is not there
void RequireGpus(const RunOptions& run);

/// Features of images: the backbone on its device and in bfloat16 when asked.
/// @param images  [N,3,S,S] float on the CPU
/// @returns [N,F] float on the CPU
at::Tensor BackboneFeatures(Network* network, const at::Tensor& images,
                            bool bf16);

/// Forward pass of training: BackboneFeatures(), then the projection.
/// @param images  [N,3,S,S] float; [N,C,h,w] for a network without backbone
/// @returns x, [N,C]
at::Tensor Encode(Network* network, const at::Tensor& images, bool bf16);

}  // namespace graphiqa
