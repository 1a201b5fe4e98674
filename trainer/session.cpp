// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "session.h"

#include <ATen/Functions.h>
#include <ATen/core/Generator.h>
#include <torch/utils.h>

#include <cmath>
#include <map>

#include "interrupt.h"
#include "random.h"

namespace graphiqa {
namespace {

void Normalise(TrainingData* data) {
  const std::vector<double> scores = data->Scores(data->split.train);
  double sum = 0;
  double squares = 0;
  for (double score : scores) sum += score;
  data->mean = sum / static_cast<double>(scores.size());
  for (double score : scores) {
    squares += (score - data->mean) * (score - data->mean);
  }
  data->deviation = std::sqrt(squares / static_cast<double>(scores.size()));
  if (data->deviation < 1e-6) {
    throw Error(ErrorCode::kFormat, "data set " + data->dataset.name +
                                        ": all training ratings are equal");
  }
  for (const Sample& sample : data->dataset.samples) {
    data->targets.push_back(static_cast<float>(
        (data->dataset.Score(sample) - data->mean) / data->deviation));
  }
}

}  // namespace

std::vector<double> TrainingData::Scores(
    const std::vector<size_t>& indices) const {
  std::vector<double> scores;
  for (size_t i : indices) scores.push_back(dataset.Score(dataset.samples[i]));
  return scores;
}

at::Tensor TrainingData::Targets(const std::vector<size_t>& indices) const {
  std::vector<float> values;
  for (size_t i : indices) values.push_back(targets[i]);
  return at::tensor(values);
}

std::vector<int64_t> TrainingData::Folds(const std::vector<size_t>& indices,
                                         int count) const {
  std::map<std::string, int64_t> fold_of;
  std::vector<std::string> groups;
  for (size_t i : indices) {
    const std::string& group = dataset.samples[i].group;
    if (fold_of.emplace(group, 0).second) groups.push_back(group);
  }
  Random random{0xF01D};
  Shuffle(&groups, &random);
  for (size_t i = 0; i < groups.size(); ++i) {
    fold_of[groups[i]] = static_cast<int64_t>(i % static_cast<size_t>(count));
  }
  std::vector<int64_t> folds;
  for (size_t i : indices) folds.push_back(fold_of[dataset.samples[i].group]);
  return folds;
}

TrainingData OpenData(const DataOptions& options) {
  TrainingData data;
  data.dataset = ReadDataset(options.dataset, options.source);
  RequireRatings(data.dataset);
  data.split = options.split_file.empty()
                   ? MakeSplit(data.dataset, options.val_fraction, options.seed)
                   : ReadSplit(options.split_file, data.dataset);
  std::vector<std::string> paths;
  for (const Sample& sample : data.dataset.samples) {
    paths.push_back(sample.path);
    data.names.push_back(sample.image);
  }
  data.pictures =
      std::make_unique<PictureCache>(std::move(paths), options.cache_mb << 20);
  Normalise(&data);
  return data;
}

Model BuildModel(const NetworkOptions& options, const ViewPlan& views,
                 uint64_t seed) {
  Model model;
  if (!options.checkpoint.empty()) {
    model = LoadModel(options.checkpoint);
  } else {
    torch::manual_seed(seed);
    ArchitectureInfo& architecture = model.info.architecture;
    architecture = MakeArchitecture(
        options.backbone, options.features,
        options.features == "last" ? 0 : options.node_size, options.edge_size,
        options.code_size, KadidTypeNames());
    model.network = std::make_shared<Network>(architecture);
    if (!options.weights.empty()) {
      LoadBackboneWeights(*model.network, options.weights);
    }
    const BackboneEntry& entry = FindBackbone(options.backbone);
    model.info.input.mean = entry.mean;
    model.info.input.std = entry.std;
  }
  model.info.input.views = views;
  model.network->eval();
  UseChannelsLast(model.network.get());
  return model;
}

void UseChannelsLast(Network* network) {
  for (at::Tensor& parameter : network->parameters()) {
    if (parameter.dim() != 4) continue;
    parameter.set_data(
        parameter.detach().contiguous(at::MemoryFormat::ChannelsLast));
  }
}

Predictions Predict(Network* network, TrainingData* data,
                    const std::vector<size_t>& indices,
                    const SampleOptions& sample, int batch, int workers) {
  const at::NoGradGuard no_grad;
  SampleOptions plain = sample;
  plain.augment = false;
  plain.degrade = 0;
  const auto chunks = Chunks(indices, static_cast<size_t>(batch), true);
  BatchQueue queue(
      [&](size_t i) {
        return MakeBatch(data->pictures.get(), data->targets, plain, 0,
                         chunks[i]);
      },
      0, chunks.size(), workers, 3);
  const int64_t views = CountViews(plain.views);
  Predictions predictions;
  const auto append = [views](const at::Tensor& values,
                              std::vector<double>* to) {
    const at::Tensor means =
        values.reshape({-1, views}).mean(1).to(at::kDouble).contiguous();
    to->insert(to->end(), means.data_ptr<double>(),
               means.data_ptr<double>() + means.numel());
  };
  for (Batch part; queue.Next(&part);) {
    ThrowIfInterrupted();
    const HeadOutputs outputs =
        network->Forward(part.images, GraphForm::kRow, EdgeSummary::kDiagonal);
    append(outputs.mos_mu, &predictions.mu);
    append(outputs.mos_s.abs(), &predictions.s);
  }
  return predictions;
}

Agreement MeasureScores(const std::vector<double>& mu, const TrainingData& data,
                        const std::vector<size_t>& indices) {
  std::vector<double> scores;
  for (double value : mu) scores.push_back(data.mean + data.deviation * value);
  return Measure(scores, data.Scores(indices));
}

}  // namespace graphiqa
