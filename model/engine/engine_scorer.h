// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "batcher.h"
#include "format/model_info.h"
#include "scorer.h"

namespace graphiqa {

/// A loaded model with the batcher that runs it; shared by the scorers of a
/// process.
class Engine {
 public:
  using Factory = Batcher::BackendFactory;

  /// @param max_views  most views in one pass, 0 = what the backend prefers
  Engine(const ModelInfo& info, const Factory& make_backend, int max_views);

  const ModelInfo& info() const { return info_; }
  const ModelDescription& description() const { return description_; }
  const std::shared_ptr<Batcher>& batcher() const { return batcher_; }

 private:
  ModelInfo info_;
  std::shared_ptr<Batcher> batcher_;
  ModelDescription description_;
};

/// A handle on an engine.
/// @param queue_depth  jobs that may wait before Submit() blocks, >= 1
std::shared_ptr<Scorer> MakeEngineScorer(std::shared_ptr<Engine> engine,
                                         int queue_depth);

}  // namespace graphiqa
