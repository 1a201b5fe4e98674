// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "engine_scorer.h"

#include <string>
#include <utility>

#include "combine.h"
#include "view_pixels.h"

namespace graphiqa {
namespace {

ModelDescription Describe(const ModelInfo& info, const Batcher& batcher) {
  ModelDescription description;
  description.name = info.name;
  description.short_hash = info.sha256.substr(0, 8);
  description.backbone = info.architecture.backbone;
  description.types = info.architecture.types;
  description.mos_trained = info.heads.mos;
  description.level_trained = info.heads.level;
  description.type_trained = info.heads.type;
  description.plan = info.input.views;
  description.device = batcher.device();
  description.precision = batcher.precision();
  return description;
}

/// A bad view is refused here, where its owner learns of it at once.
void CheckViews(const std::vector<ViewPixels>& views, int size) {
  if (views.empty()) {
    throw Error(ErrorCode::kUsage, "a picture needs at least one view");
  }
  for (const ViewPixels& pixels : views) CheckPixels(pixels, size);
}

class EngineScorer : public Scorer {
 public:
  EngineScorer(std::shared_ptr<Engine> engine, const ClientOptions& options)
      : engine_(std::move(engine)), client_(engine_->batcher(), options) {}

  const ModelDescription& model() const override {
    return engine_->description();
  }

  void Submit(std::vector<ViewPixels> pixels, Callback done) override {
    CheckViews(pixels, model().plan.view_size_px);
    std::vector<View> views;
    for (const ViewPixels& one : pixels) views.push_back(one.view);
    // The engine outlives its clients, and these their jobs.
    client_.Submit(std::move(pixels),
                   [engine = engine_.get(), views = std::move(views),
                    done = std::move(done)](JobOutcome outcome) {
                     Deliver(engine->info(), views, outcome, done);
                   });
  }

  ScorerStatistics statistics() const override {
    return engine_->batcher()->statistics();
  }

  void Cancel() override { client_.Cancel(); }

 private:
  static void Deliver(const ModelInfo& info, const std::vector<View>& views,
                      const JobOutcome& outcome, const Callback& done) {
    if (outcome.error) {
      done(nullptr, &*outcome.error);
      return;
    }
    QualityResult result = CombineViews(info, views, outcome.values);
    result.queue_ns = outcome.queue_ns;
    result.inference_ns = outcome.inference_ns;
    done(&result, nullptr);
  }

  const std::shared_ptr<Engine> engine_;
  Batcher::Client client_;
};

}  // namespace

Engine::Engine(const ModelInfo& info, const Factory& make_backend,
               int max_views)
    : info_(info),
      batcher_(std::make_shared<Batcher>(make_backend, max_views)),
      description_(Describe(info_, *batcher_)) {}

std::shared_ptr<Scorer> MakeEngineScorer(std::shared_ptr<Engine> engine,
                                         const ClientOptions& options) {
  return std::make_shared<EngineScorer>(std::move(engine), options);
}

}  // namespace graphiqa
