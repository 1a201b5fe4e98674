// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// The first phase of finetuning: everything outside the backbone, on features
/// that are computed once and kept.
#pragma once

#include <functional>
#include <vector>

#include "frozen_features.h"
#include "options.h"
#include "run_folder.h"
#include "session.h"

namespace graphiqa {

/// Whether the phase trains all heads.
/// @param source  null without distorted pictures
bool MixesHeads(const FinetuneOptions& options, const TaskSource* source);

/// What the phase works on. Pointers are not owned.
struct FirstPhase {
  const FinetuneOptions* options = nullptr;
  AllData* data = nullptr;
  Model* model = nullptr;
  bool widened = false;  ///< a restored model whose features want statistics
  const TaskSource* source = nullptr;  ///< null without distorted pictures
  const std::vector<LabelledItem>* tasks = nullptr;  ///< to validate on
  FeatureOptions features;                           ///< of the planned views
  std::function<void(const Agreement& probe, double seconds)> on_probe;
  std::function<void(const EpochRow& row)> on_epoch;
};

/// Fits the linear probe, starts the MOS head from it and trains the heads: all
/// of them where there are distorted pictures and HeadOptions::versions is
/// above 0: MixesHeads().
void RunFirstPhase(const FirstPhase& phase);

}  // namespace graphiqa
