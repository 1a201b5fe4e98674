// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "first_phase.h"

#include <torch/utils.h>

#include <chrono>
#include <memory>

#include "head_phase.h"
#include "mixed_head.h"
#include "parameters.h"
#include "pretrain_head.h"
#include "ridge.h"

namespace graphiqa {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

bool Mixes(const FirstPhase& phase) {
  return MixesHeads(*phase.options, phase.source);
}

/// Empty where heads are trained on rated pictures alone.
MixedHeadData MixedData(const FirstPhase& phase) {
  MixedHeadData mixed;
  if (!Mixes(phase)) return mixed;
  const FinetuneOptions& options = *phase.options;
  mixed.train.tasks =
      HeadTasks(*phase.source, options.head.versions, options.data.seed);
  FeatureOptions augmented = phase.features;
  augmented.sample.augment = true;
  Network& network = *phase.model->network;
  const std::vector<std::string>& names = phase.data->distorted.names;
  mixed.train.features =
      FrozenFeatures(network, ItemsOf(mixed.train.tasks), names, augmented);
  mixed.held =
      FrozenFeatures(network, ItemsOf(*phase.tasks), names, phase.features);
  return mixed;
}

/// What features are standardised with: of the distorted pictures where heads
/// learn them. A restored model stays the same function.
/// @returns undefined = those of the rated pictures
FeatureStatistics StartStatistics(const FirstPhase& phase,
                                  const HeadData& rated,
                                  const MixedHeadData& mixed) {
  FeatureStatistics statistics;
  if (Mixes(phase)) statistics = StatisticsOf(mixed.train.features);
  if (phase.options->network.checkpoint.empty()) return statistics;
  Network* network = phase.model->network.get();
  const HeadsInfo& heads = phase.model->info.heads;
  const bool anew =
      phase.widened || (Mixes(phase) && !heads.type && !heads.level);
  if (anew && network->architecture().features != kLast) {
    if (!Mixes(phase)) statistics = StatisticsOf(rated.train);
    network->Restandardise(statistics.mean, statistics.deviation);
  }
  return StoredStatistics(*network);
}

/// A restored model whose other heads are trained keeps what they stand on,
/// unless they are trained along.
NamedTensors HeadParameters(const FirstPhase& phase) {
  Network* network = phase.model->network.get();
  const HeadsInfo& heads = phase.model->info.heads;
  return (heads.type || heads.level) && !Mixes(phase)
             ? MosParameters(network)
             : ParametersOf(network, false);
}

MoreLoss MakeMoreLoss(const FirstPhase& phase, int64_t first_dropped,
                      MixedHeadData* mixed) {
  if (!Mixes(phase)) return {};
  const FinetuneOptions& options = *phase.options;
  const TrainingData& rated = phase.data->rated;
  Network* network = phase.model->network.get();
  if (phase.source->online()) {
    mixed->anchors = AnchorsOf(network, mixed->train, options.head.versions,
                               phase.data->distorted.dataset.samples.size());
  }
  return MixedHeadLoss(network, *mixed, options,
                       (options.tune.floor - rated.mean) / rated.deviation,
                       NoneRow(phase.model->info.architecture), first_dropped);
}

void TrainHeads(const FirstPhase& phase, const HeadData& data,
                MixedHeadData* mixed) {
  const FinetuneOptions& options = *phase.options;
  const TrainingData& rated = phase.data->rated;
  Network* network = phase.model->network.get();
  std::unique_ptr<SideNodes> side;
  if (options.head.side_nodes > 0) {
    side = std::make_unique<SideNodes>(network, options.head.side_nodes);
    torch::manual_seed(options.data.seed);
    side->Initialise();
  }
  const MoreLoss more = MakeMoreLoss(phase, side ? side->first() : 0, mixed);
  auto epoch_start = Clock::now();
  TrainHead(network, side ? side->Parameters() : HeadParameters(phase),
            side.get(), data, options.head, options.loss, options.data.seed,
            more, [&](int epoch, double loss, const std::vector<double>& mu) {
              EpochRow row;
              row.phase = "head";
              row.epoch = epoch;
              row.loss = loss;
              row.val = MeasureScores(mu, rated, rated.split.val);
              if (Mixes(phase)) {
                MeasureTasks(PredictFeatures(network, mixed->held),
                             *phase.tasks, &row);
              }
              row.seconds = SecondsSince(epoch_start);
              phase.on_epoch(row);
              epoch_start = Clock::now();
            });
}

}  // namespace

bool MixesHeads(const FinetuneOptions& options, const TaskSource* source) {
  return source && options.head.versions > 0;
}

void RunFirstPhase(const FirstPhase& phase) {
  const FinetuneOptions& options = *phase.options;
  TrainingData* rated = &phase.data->rated;
  Network* network = phase.model->network.get();
  const auto start = Clock::now();
  const HeadData data = MakeHeadData(*network, rated, phase.features,
                                     options.head.draws, options.data.seed);
  MixedHeadData mixed = MixedData(phase);
  const Probe probe = FitProbe(data, StartStatistics(phase, data, mixed));
  phase.on_probe(MeasureScores(probe.val, *rated, rated->split.val),
                 SecondsSince(start));
  if (network->architecture().features != kLast) {
    network->SetFeatureStatistics(probe.statistics.mean,
                                  probe.statistics.deviation);
  }
  if (options.head.ridge && options.head.side_nodes == 0) {
    StartFromProbe(probe, network);
  }
  TrainHeads(phase, data, &mixed);
}

}  // namespace graphiqa
