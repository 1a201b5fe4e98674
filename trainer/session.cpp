// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "session.h"

#include <ATen/Functions.h>
#include <ATen/core/Generator.h>
#include <torch/utils.h>

#include <cmath>
#include <map>

#include "distortions/distortion.h"
#include "interrupt.h"
#include "ordered_queue.h"
#include "parameters.h"
#include "random.h"

namespace graphiqa {
namespace {

constexpr const char* kNoneType = "none";

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
  data->SetScale(data->mean, data->deviation);
}

void AppendPart(const std::vector<size_t>& from, size_t offset,
                std::vector<size_t>* to) {
  for (size_t i : from) to->push_back(offset + i);
}

/// Adds a set with its own split; ratings become scores.
void Merge(const Dataset& set, const Split& split, bool prefix,
           TrainingData* data) {
  Dataset& all = data->dataset;
  const size_t offset = all.samples.size();
  all.name += (all.name.empty() ? "" : "+") + set.name;
  all.rated = set.rated;
  all.mos_low = 0;
  all.mos_high = 100;
  for (Sample sample : set.samples) {
    if (set.rated) sample.mos = set.Score(sample);
    if (prefix) {
      sample.image = set.name + "/" + sample.image;
      sample.group = set.name + "/" + sample.group;
    }
    all.samples.push_back(std::move(sample));
    data->sets.push_back(static_cast<int>(data->set_names.size()));
  }
  data->set_names.push_back(set.name);
  data->licences.push_back(set.licence);
  AppendPart(split.train, offset, &data->split.train);
  AppendPart(split.val, offset, &data->split.val);
  AppendPart(split.test, offset, &data->split.test);
}

void Finish(const DataOptions& options, TrainingData* data) {
  std::vector<std::string> paths;
  for (const Sample& sample : data->dataset.samples) {
    paths.push_back(sample.path);
    data->names.push_back(sample.image);
  }
  data->pictures =
      std::make_unique<PictureCache>(std::move(paths), options.cache_mb << 20);
  if (data->dataset.rated && !data->empty()) Normalise(data);
}

/// Softmax averaged over the views, largest row.
std::vector<int> LargestTypes(const at::Tensor& logits, int64_t views) {
  const at::Tensor means =
      at::softmax(logits, 1).reshape({-1, views, logits.size(1)}).mean(1);
  const at::Tensor rows = means.argmax(1).contiguous();
  const int64_t* begin = rows.const_data_ptr<int64_t>();
  std::vector<int> types;
  for (int64_t i = 0; i < rows.size(0); ++i) {
    types.push_back(static_cast<int>(begin[i]));
  }
  return types;
}

void AppendMeans(const at::Tensor& values, int64_t views,
                 std::vector<double>* to) {
  const at::Tensor means =
      values.reshape({-1, views}).mean(1).to(at::kDouble).contiguous();
  to->insert(to->end(), means.data_ptr<double>(),
             means.data_ptr<double>() + means.numel());
}

void AppendPredictions(const HeadOutputs& outputs, int64_t views,
                       Predictions* predictions) {
  AppendMeans(outputs.mos_mu, views, &predictions->mu);
  AppendMeans(outputs.mos_s.abs(), views, &predictions->s);
  AppendMeans(outputs.level_mu, views, &predictions->level);
  const std::vector<int> types = LargestTypes(outputs.type_logits, views);
  predictions->type.insert(predictions->type.end(), types.begin(), types.end());
}

}  // namespace

void TrainingData::SetScale(double new_mean, double new_deviation) {
  mean = new_mean;
  deviation = new_deviation;
  targets.clear();
  for (const Sample& sample : dataset.samples) {
    targets.push_back(
        static_cast<float>((dataset.Score(sample) - mean) / deviation));
  }
}

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

AllData OpenData(const DataOptions& options) {
  AllData data;
  const bool prefix = options.sets.size() > 2;
  for (const SetOptions& set : options.sets) {
    const Dataset dataset = ReadDataset(set.name, set.source);
    const Split split =
        set.split_file.empty()
            ? MakeSplit(dataset, options.val_fraction, options.seed,
                        dataset.rated ? 0 : options.test_fraction)
            : ReadSplit(set.split_file, dataset);
    Merge(dataset, split, prefix,
          dataset.rated ? &data.rated : &data.distorted);
  }
  Finish(options, &data.rated);
  Finish(options, &data.distorted);
  return data;
}

std::string Fingerprint(const AllData& data) {
  std::string text;
  for (const TrainingData* set : {&data.rated, &data.distorted}) {
    for (const char* part : {"train", "val"}) {
      for (size_t index : set->split.Part(part)) {
        text += set->names[index] + '\n';
      }
      text += std::string(part) + '\n';
    }
  }
  return text;
}

void WriteSplits(const AllData& data, const RunFolder& folder) {
  if (!folder.writes()) return;
  if (!data.rated.empty()) {
    WriteSplit(folder.File("split.csv"), data.rated.dataset, data.rated.split);
  }
  if (!data.distorted.empty()) {
    WriteSplit(folder.File("split-distorted.csv"), data.distorted.dataset,
               data.distorted.split);
  }
}

Model BuildModel(const NetworkOptions& options, const ViewPlan& views,
                 uint64_t seed) {
  Model model;
  if (!options.checkpoint.empty()) {
    model = LoadModel(options.checkpoint);
  } else {
    torch::manual_seed(seed);
    ArchitectureInfo& architecture = model.info.architecture;
    std::vector<std::string> types = KadidTypeNames();
    if (options.none_type) types.push_back(kNoneType);
    architecture =
        MakeArchitecture(options.backbone, options.features,
                         options.features == kLast ? 0 : options.node_size,
                         options.edge_size, options.code_size, types);
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

int NoneRow(const ArchitectureInfo& architecture) {
  const auto& types = architecture.types;
  return !types.empty() && types.back() == kNoneType
             ? static_cast<int>(types.size()) - 1
             : -1;
}

Predictions Predict(Network* network, const std::vector<Item>& items,
                    const SampleOptions& sample, int batch, int workers) {
  const at::NoGradGuard no_grad;
  SampleOptions plain = sample;
  plain.augment = false;
  const auto batches = ItemBatches(items, batch);
  OrderedQueue<at::Tensor> queue(
      [&](size_t i) { return MakeImages(batches[i], plain); }, 0,
      batches.size(), workers, 3);
  const int64_t views = CountViews(plain.views);
  Predictions predictions;
  for (at::Tensor images; queue.Next(&images);) {
    ThrowIfInterrupted();
    AppendPredictions(network->Heads(Encode(network, images, sample.bf16),
                                     GraphForm::kRow, EdgeSummary::kDiagonal),
                      views, &predictions);
  }
  return predictions;
}

Predictions PredictFeatures(Network* network, const at::Tensor& features) {
  const at::NoGradGuard no_grad;
  Predictions predictions;
  for (const at::Tensor& part : features.split(256)) {
    const at::Tensor x = network->Project(part.flatten(0, 1).to(at::kFloat));
    AppendPredictions(
        network->Heads(x, GraphForm::kRow, EdgeSummary::kDiagonal),
        features.size(1), &predictions);
  }
  return predictions;
}

Agreement MeasureScores(const std::vector<double>& mu, const TrainingData& data,
                        const std::vector<size_t>& indices) {
  std::vector<double> scores;
  for (double value : mu) scores.push_back(data.mean + data.deviation * value);
  return Measure(scores, data.Scores(indices));
}

std::vector<LabelledItem> ValidationTasks(const TrainingData& data,
                                          const TaskSource& source,
                                          uint64_t seed, size_t limit) {
  const std::vector<size_t>& part = data.split.val;
  std::vector<LabelledItem> tasks;
  if (!source.online()) {
    for (int type : source.types()) {
      const auto some = source.Draw(type, limit / source.types().size() + 1,
                                    Random{seed, 0x7A5C}.Next());
      tasks.insert(tasks.end(), some.begin(), some.end());
    }
    return tasks;
  }
  const size_t versions =
      std::max<size_t>(limit / std::max<size_t>(part.size(), 1), 1);
  for (size_t photo : part) {
    const auto family =
        source.Family(photo, versions, Random{seed, photo, 0x7A5D}.Next());
    tasks.insert(tasks.end(), family.begin(), family.end());
  }
  return tasks;
}

void MeasureTasks(const Predictions& said,
                  const std::vector<LabelledItem>& tasks, EpochRow* row) {
  size_t right = 0;
  std::vector<double> levels;
  for (size_t i = 0; i < tasks.size(); ++i) {
    right += said.type[i] == tasks[i].type;
    levels.push_back(tasks[i].level);
  }
  row->type_accuracy =
      static_cast<double>(right) / static_cast<double>(tasks.size());
  row->level_srocc = Srocc(said.level, levels);
}

std::vector<Item> ItemsOf(const std::vector<LabelledItem>& tasks) {
  std::vector<Item> items;
  for (const LabelledItem& task : tasks) items.push_back(task.item);
  return items;
}

}  // namespace graphiqa
