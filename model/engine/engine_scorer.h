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

  /// @param max_views  most views in one pass whatever users ask for, 0 = no
  ///   limit
  Engine(const ModelInfo& info, const Factory& make_backend, int max_views);

  const ModelInfo& info() const { return info_; }
  const ModelDescription& description() const { return description_; }
  const std::shared_ptr<Batcher>& batcher() const { return batcher_; }
  /// Whether the device failed last time; a new engine may do better.
  bool lost() const { return batcher_->lost(); }

 private:
  ModelInfo info_;
  std::shared_ptr<Batcher> batcher_;
  ModelDescription description_;
};

/// A handle on an engine.
std::shared_ptr<Scorer> MakeEngineScorer(std::shared_ptr<Engine> engine,
                                         const ClientOptions& options);

}  // namespace graphiqa
