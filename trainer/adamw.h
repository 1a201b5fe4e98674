// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace graphiqa {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

/// A group of parameters with a rate of its own.
struct ParameterGroup {
  NamedTensors parameters;
  double rate = 1e-3;          ///< peak learning rate
  double weight_decay = 0.01;  ///< of tensors with two or more dimensions
};

/// LibTorch's AdamW (betas 0.9 and 0.999, eps 1e-8) with clipping and a state
/// that can be written and read by name.
class AdamW {
 public:
  explicit AdamW(const std::vector<ParameterGroup>& groups);
  ~AdamW();
  AdamW(const AdamW&) = delete;
  AdamW& operator=(const AdamW&) = delete;

  void ZeroGrad();

  /// Of the parameters that have one; shared, not copied.
  std::vector<at::Tensor> Gradients() const;

  /// @param scale  times the peak rate of each group
  /// @param clip   largest norm over all gradients, 0 = none
  /// @throws Error(kNumeric) when the gradient is not finite
  void Step(double scale, double clip);

  /// Tensors "NAME.exp_avg", "NAME.exp_avg_sq", "NAME.step" of the parameters
  /// that have taken a step.
  NamedTensors State() const;

  /// The inverse: parameters that are not mentioned start anew.
  void LoadState(const std::map<std::string, at::Tensor>& state);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Scales gradients, which may be on several devices, to a norm of at most
/// `limit` in all.
/// @returns whether they are finite; else they are left as they are
bool ClipGradients(const std::vector<at::Tensor>& gradients, double limit);

/// Warm-up from a tenth, then half a cosine down to zero.
/// @param progress  done part of all steps, [0, 1]
/// @param warmup    part of the steps that warm up, [0, 1)
double CosineSchedule(double progress, double warmup);

}  // namespace graphiqa
