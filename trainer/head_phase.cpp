// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "head_phase.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Functions.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "adamw.h"
#include "interrupt.h"
#include "random.h"
#include "split.h"

namespace graphiqa {
namespace {

constexpr int kFolds = 5;

at::Tensor Rows(const std::vector<size_t>& positions) {
  std::vector<int64_t> rows(positions.begin(), positions.end());
  return at::tensor(rows);
}

/// Positions of `wanted` within the sorted `all`.
at::Tensor PositionsIn(const std::vector<size_t>& all,
                       const std::vector<size_t>& wanted) {
  std::vector<size_t> positions;
  for (size_t index : wanted) {
    positions.push_back(static_cast<size_t>(
        std::lower_bound(all.begin(), all.end(), index) - all.begin()));
  }
  return Rows(positions);
}

/// Weights and biases of the linear layers under a prefix, in order.
std::vector<at::Tensor> Layers(Network* network, const std::string& prefix) {
  std::vector<at::Tensor> layers;
  for (const auto& item : network->named_parameters()) {
    if (item.key().rfind(prefix, 0) == 0) layers.push_back(item.value());
  }
  return layers;
}

/// Sets row `row` of a layer: weights zero but for some, and the bias.
void SetRow(at::Tensor weight, at::Tensor bias, int64_t row,
            const std::map<int64_t, double>& weights, double bias_value = 0) {
  weight[row].zero_();
  for (const auto& [column, value] : weights) weight[row][column] = value;
  bias[row] = bias_value;
}

/// The layer that reads the features: its first row becomes the probe.
void WriteProbe(const Probe& probe, Network* network,
                std::vector<at::Tensor>* fc) {
  const at::Tensor weights = probe.ridge.weights.to(at::kFloat);
  if (network->architecture().features != kLast) {
    std::vector<at::Tensor> projector = Layers(network, "extractor.projector.");
    projector[0][0].copy_(weights);
    projector[1][0] = probe.ridge.bias;
    SetRow((*fc)[0], (*fc)[1], 0, {{0, 1}});
    SetRow((*fc)[0], (*fc)[1], 1, {{0, -1}});
    return;
  }
  const at::Tensor raw = weights / probe.statistics.deviation;
  const double bias =
      probe.ridge.bias - (raw * probe.statistics.mean).sum().item<double>();
  for (int64_t row : {0, 1}) {
    const double sign = row == 0 ? 1 : -1;
    (*fc)[0][row].copy_(sign * raw);
    (*fc)[1][row] = sign * bias;
  }
}

/// One step's inputs: random draws of some pictures.
at::Tensor PickFeatures(const HeadData& data, const std::vector<size_t>& chunk,
                        uint64_t seed, int epoch) {
  std::vector<int64_t> flat;
  const int64_t draws = data.train.size(1);
  for (size_t i : chunk) {
    Random random{seed, static_cast<uint64_t>(epoch), i, 3};
    flat.push_back(
        static_cast<int64_t>(i) * draws +
        static_cast<int64_t>(random.Below(static_cast<uint64_t>(draws))));
  }
  return data.train.flatten(0, 1)
      .index_select(0, at::tensor(flat))
      .to(at::kFloat);
}

at::Tensor RatedHeadLoss(Network* network, const HeadData& data,
                         const std::vector<size_t>& chunk,
                         const at::Tensor& features, double dropout,
                         int64_t first_dropped, const LossOptions& options,
                         const at::Generator& generator) {
  const int64_t views = features.size(1);
  const at::Tensor x = Dropout(network->Project(features.flatten(0, 1)),
                               dropout, first_dropped, generator);
  const HeadOutputs outputs =
      network->Heads(x, GraphForm::kRow, EdgeSummary::kDiagonal);
  RatedOutputs rated;
  rated.mu = outputs.mos_mu.reshape({-1, views});
  rated.s = outputs.mos_s.reshape({-1, views});
  rated.targets = data.train_targets.index_select(0, Rows(chunk));
  for (size_t i : chunk) rated.sets.push_back(data.sets[i]);
  return RatedLoss(rated, options);
}

}  // namespace

at::Tensor Dropout(const at::Tensor& x, double probability, int64_t first,
                   const at::Generator& generator) {
  if (probability <= 0) return x;
  at::Tensor kept = at::ones_like(x);
  kept.slice(1, first)
      .bernoulli_(1 - probability, generator)
      .div_(1 - probability);
  return x * kept;
}

NamedTensors MosParameters(Network* network) {
  NamedTensors parameters;
  for (auto& item : ParametersOf(network, false)) {
    if (item.first.rfind("hyperpredmos.", 0) == 0) {
      parameters.push_back(std::move(item));
    }
  }
  return parameters;
}

FeatureStatistics StoredStatistics(const Network& network) {
  FeatureStatistics statistics;
  for (const auto& item : network.named_buffers()) {
    if (item.key() == "extractor.projector.mean")
      statistics.mean = item.value();
    if (item.key() == "extractor.projector.std") {
      statistics.deviation = item.value();
    }
  }
  return statistics;
}

HeadData MakeHeadData(Network& network, TrainingData* data,
                      const FeatureOptions& options, int draws, uint64_t seed) {
  const std::vector<size_t>& train = data->split.train;
  const std::vector<size_t>& val = data->split.val;
  std::vector<size_t> both = train;
  both.insert(both.end(), val.begin(), val.end());
  std::sort(both.begin(), both.end());
  PictureCache* pictures = data->pictures.get();
  const at::Tensor planned = FrozenFeatures(
      network, PlainItems(pictures, both, 0, 0), data->names, options);
  std::vector<at::Tensor> parts{
      planned.index_select(0, PositionsIn(both, train))};
  FeatureOptions augmented = options;
  augmented.sample.augment = true;
  for (int draw = 1; draw < draws; ++draw) {
    parts.push_back(FrozenFeatures(
        network, PlainItems(pictures, train, seed, static_cast<uint64_t>(draw)),
        data->names, augmented));
  }
  std::vector<int> sets;
  for (size_t index : train) sets.push_back(data->sets[index]);
  return {at::stack(parts, 1), planned.index_select(0, PositionsIn(both, val)),
          data->Targets(train), data->Folds(train, kFolds), std::move(sets)};
}

Probe FitProbe(const HeadData& data, const FeatureStatistics& statistics) {
  const at::NoGradGuard no_grad;
  Probe probe;
  const at::Tensor first = data.train.select(1, 0).to(at::kFloat);
  probe.statistics =
      statistics.mean.defined() ? statistics : StatisticsOf(first);
  probe.ridge = FitRidge(probe.statistics.Standardise(first).mean(1),
                         data.train_targets, data.folds);
  const at::Tensor val =
      probe.statistics.Standardise(data.val.to(at::kFloat)).mean(1);
  const at::Tensor predicted = probe.ridge.Predict(val).contiguous();
  probe.val.assign(predicted.data_ptr<double>(),
                   predicted.data_ptr<double>() + predicted.numel());
  return probe;
}

void StartFromProbe(const Probe& probe, Network* network) {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> fc = Layers(network, "domainlevelgraph.gcn_v.fc.");
  std::vector<at::Tensor> mos = Layers(network, "hyperpredmos.fc.");
  WriteProbe(probe, network, &fc);
  SetRow(fc[2], fc[3], 0, {{0, 1}});
  SetRow(fc[2], fc[3], 1, {{1, 1}});
  SetRow(fc[4], fc[5], 0, {{0, 1}, {1, -1}});
  SetRow(mos[0], mos[1], 0, {{0, 1}});
  SetRow(mos[0], mos[1], 1, {{0, -1}});
  SetRow(mos[2], mos[3], 0, {{0, 1}, {1, -1}});
  SetRow(mos[2], mos[3], 1, {}, probe.ridge.residual);
}

void TrainHead(Network* network, const NamedTensors& parameters,
               const SideNodes* side, const HeadData& data,
               const HeadOptions& options, const LossOptions& loss_options,
               uint64_t seed, const MoreLoss& more, const HeadEpoch& on_epoch) {
  AdamW optimizer({{parameters, options.rate, options.weight_decay}});
  at::Generator generator = at::detail::createCPUGenerator(seed);
  std::vector<size_t> order(static_cast<size_t>(data.train.size(0)));
  for (int epoch = 0; epoch < options.epochs; ++epoch) {
    std::iota(order.begin(), order.end(), size_t{0});
    Random random{seed, static_cast<uint64_t>(epoch), 4};
    Shuffle(&order, &random);
    const auto chunks =
        Chunks(order, static_cast<size_t>(options.batch), false);
    double sum = 0;
    for (size_t i = 0; i < chunks.size(); ++i) {
      ThrowIfInterrupted();
      at::Tensor loss = RatedHeadLoss(
          network, data, chunks[i], PickFeatures(data, chunks[i], seed, epoch),
          options.dropout, side ? side->first() : 0, loss_options, generator);
      if (more) loss = loss + more(epoch, i, generator);
      optimizer.ZeroGrad();
      loss.backward();
      sum += loss.item<double>();
      const double done =
          epoch + static_cast<double>(i) / static_cast<double>(chunks.size());
      if (side) side->MaskGradients();
      optimizer.Step(CosineSchedule(done / options.epochs, 0.1), 5.0);
      if (side) side->RestoreOthers();
    }
    on_epoch(epoch + 1, sum / static_cast<double>(chunks.size()),
             PredictFeatures(network, data.val).mu);
  }
  network->zero_grad();
}

}  // namespace graphiqa
