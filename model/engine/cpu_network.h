// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "backbone_plan.h"
#include "network/network.h"

namespace graphiqa {

/// A network as the CPU engine runs it: its backbone as a plan and, where that
/// computes in bfloat16 and the CPU has kernels for it, heads whose weights are
/// kept in half precision. Not thread-safe.
class CpuNetwork {
 public:
  /// @param network  evaluation mode, CPU
  /// @param size_px  side of its input
  /// @param dtype    kFloat or kBFloat16, of the backbone
  /// @throws as MakeCpuPlan()
  CpuNetwork(const std::shared_ptr<Network>& network, int64_t size_px,
             at::ScalarType dtype);

  /// @param images  as for BackbonePlan::Features()
  /// @returns at least mos_mu, mos_s, level_mu, level_s and type_logits of the
  ///   row form
  HeadOutputs Infer(const at::Tensor& images);

 private:
  const std::unique_ptr<BackbonePlan> plan_;
  const std::function<HeadOutputs(const at::Tensor& features)> heads_;
};

}  // namespace graphiqa
