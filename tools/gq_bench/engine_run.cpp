// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "engine_run.h"

#include <deque>
#include <future>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "common/precision.h"
#include "common/signals.h"
#include "machine.h"
#include "samples.h"
#include "scorer.h"

namespace graphiqa {
namespace {

constexpr size_t kBusyDepth = 2;
constexpr int kLeastRequests = 3;  ///< in a round, however short

/// Noise: no picture is faster or slower than another.
std::vector<ViewPixels> NoiseViews(int size_px, int count) {
  std::minstd_rand random(1);
  std::vector<ViewPixels> views(static_cast<size_t>(count));
  const auto bytes = static_cast<size_t>(size_px) * size_px * 3;
  for (ViewPixels& view : views) {
    view.view = {ViewKind::kNative, 0, 0, size_px, size_px};
    view.rgb.resize(bytes);
    for (uint8_t& value : view.rgb) value = random() & 0xff;
  }
  return views;
}

class EngineRun {
 public:
  EngineRun(Scorer* scorer, std::vector<ViewPixels> views)
      : scorer_(*scorer), views_(std::move(views)) {}

  /// Requests per second with `depth` of them waiting at a time.
  /// @param latencies  gets one per request, seconds; may be null
  double Run(double seconds, size_t depth, std::vector<double>* latencies) {
    const double begin = Now();
    std::deque<std::pair<double, std::future<QualityResult>>> waiting;
    int done = 0;
    while (!waiting.empty() || done < kLeastRequests ||
           Now() - begin < seconds) {
      if (StopFlag()) throw Error(ErrorCode::kCancelled, "interrupted");
      const bool more =
          done + static_cast<int>(waiting.size()) < kLeastRequests ||
          Now() - begin < seconds;
      if (more && waiting.size() < depth) {
        const double submitted = Now();
        waiting.emplace_back(submitted, scorer_.Submit(views_));
        continue;
      }
      waiting.front().second.get();
      if (latencies != nullptr) {
        latencies->push_back(Now() - waiting.front().first);
      }
      waiting.pop_front();
      ++done;
    }
    return done / (Now() - begin);
  }

 private:
  Scorer& scorer_;
  const std::vector<ViewPixels> views_;
};

double MeanBatch(const ScorerStatistics& before,
                 const ScorerStatistics& after) {
  const auto views = static_cast<double>(after.views - before.views);
  const auto batches = static_cast<double>(after.batches - before.batches);
  return batches > 0 ? views / batches : 0;
}

ScorerOptions OptionsOf(const EngineSetup& setup) {
  ScorerOptions options;
  options.model_file = setup.model_file;
  options.device = setup.device;
  options.precision = PrecisionFrom(setup.precision);
  options.batch_size = setup.batch;
  options.threads = setup.threads;
  return options;
}

}  // namespace

Json MeasureEngine(const EngineSetup& setup) {
  const double begin = Now();
  const std::shared_ptr<Scorer> scorer = OpenScorer(OptionsOf(setup));
  const double open_s = Now() - begin;
  const ModelDescription& model = scorer->model();
  EngineRun run(scorer.get(), NoiseViews(model.plan.view_size_px, setup.batch));
  run.Run(setup.warmup_s, kBusyDepth, nullptr);
  const ScorerStatistics before = scorer->statistics();
  std::vector<double> rates;
  std::vector<double> latencies;
  for (int round = 0; round < setup.rounds; ++round) {
    rates.push_back(setup.batch * run.Run(setup.round_s, kBusyDepth, nullptr));
    run.Run(setup.round_s, 1, &latencies);
  }
  return Json::Object{{"name", model.name},
                      {"hash", model.short_hash},
                      {"backbone", model.backbone},
                      {"view_size_px", model.plan.view_size_px},
                      {"runs_on", model.device},
                      {"computes_in", NameOf(model.precision)},
                      {"open_s", open_s},
                      {"crops_per_s", RoundsJson(rates)},
                      {"latency_ms", LatencyJson(latencies)},
                      {"mean_batch", MeanBatch(before, scorer->statistics())},
                      {"peak_memory_mib", PeakMemoryMib()}};
}

}  // namespace graphiqa
