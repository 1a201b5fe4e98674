// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "fake_shared_engine.h"

#include <chrono>
#include <numeric>
#include <thread>
#include <vector>

#include "engine/engine_registry.h"
#include "engine/engine_scorer.h"
#include "fake_engine_controls.h"

namespace graphiqa {
namespace {

class FakeSharedBackend final : public Backend {
 public:
  explicit FakeSharedBackend(int delay_ms) : delay_(delay_ms) {}

  std::vector<HeadValues> Run(
      const std::vector<const ViewPixels*>& views) override {
    Controls().Compute();
    std::this_thread::sleep_for(delay_);
    std::vector<HeadValues> all;
    for (const ViewPixels* view : views) {
      const double sum =
          std::accumulate(view->rgb.begin(), view->rgb.end(), 0.0);
      const double mean = sum / static_cast<double>(view->rgb.size());
      all.push_back({static_cast<float>(mean / 2.55), 1, 0, {0, 0, 0}});
    }
    return all;
  }

  std::string device() const override { return "cpu"; }
  Precision precision() const override { return Precision::kFp32; }
  int preferred_batch() const override { return 4; }

 private:
  const std::chrono::milliseconds delay_;
};

}  // namespace

std::shared_ptr<Scorer> OpenFakeShared(const ScorerOptions& options,
                                       const ViewPlan& plan, int delay_ms) {
  static EngineRegistry& registry = *new EngineRegistry;
  ModelInfo info;
  info.name = "fake";
  info.sha256 = "0123abcd";
  info.architecture.types = {"blur", "jpeg", "noise"};
  info.input.views = plan;
  info.score.gain = 1;
  info.score.offset = 0;
  info.heads = {true, false, false};
  return MakeEngineScorer(
      registry.Open(options.model_file,
                    [&] {
                      return std::make_shared<Engine>(
                          info,
                          [delay_ms] {
                            return std::make_unique<FakeSharedBackend>(
                                delay_ms);
                          },
                          0);
                    }),
      {options.queue_depth, options.batch_size,
       std::chrono::nanoseconds(options.batch_timeout_ns)});
}

}  // namespace graphiqa
