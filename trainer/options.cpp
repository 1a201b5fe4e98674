// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "options.h"

namespace graphiqa {
namespace {

Json DataJson(const DataOptions& data) {
  Json::Array sets;
  for (const SetOptions& set : data.sets) sets.push_back(set.name);
  return Json::Object{{"datasets", sets},
                      {"val_fraction", data.val_fraction},
                      {"test_fraction", data.test_fraction},
                      {"val_tasks", data.val_tasks},
                      {"seed", static_cast<int64_t>(data.seed)}};
}

Json NetworkJson(const NetworkOptions& network) {
  return Json::Object{
      {"backbone", network.backbone},   {"features", network.features},
      {"node_size", network.node_size}, {"edge_size", network.edge_size},
      {"code_size", network.code_size}, {"none_type", network.none_type}};
}

Json HeadJson(const HeadOptions& head) {
  return Json::Object{{"epochs", head.epochs},
                      {"batch", head.batch},
                      {"draws", head.draws},
                      {"rate", head.rate},
                      {"weight_decay", head.weight_decay},
                      {"dropout", head.dropout},
                      {"versions", head.versions},
                      {"tasks", head.tasks},
                      {"side_nodes", head.side_nodes},
                      {"init", head.ridge ? "ridge" : "random"}};
}

const char* NameOf(BackboneMode mode) {
  switch (mode) {
    case BackboneMode::kWhole:
      return "whole";
    case BackboneMode::kNorm:
      return "norm";
    case BackboneMode::kNone:
      return "none";
  }
  return "";
}

Json OptimiserJson(const OptimiserOptions& options) {
  return Json::Object{
      {"rate", options.rate},
      {"backbone_rate", options.backbone_rate},
      {"weight_decay", options.weight_decay},
      {"schedule", options.constant_rate ? "constant" : "cosine"},
      {"warmup", options.warmup},
      {"clip", options.clip},
      {"ema", options.ema},
      {"chroma", options.chroma},
      {"freeze_stages", options.freeze_stages},
      {"backbone", NameOf(options.backbone)},
      {"norm", options.norm == NormMode::kFrozen ? "frozen" : "train"},
      {"precision", options.bf16 ? "bf16" : "fp32"}};
}

Json TuneJson(const TuneOptions& tune) {
  return Json::Object{{"epochs", tune.epochs},
                      {"batch", tune.batch},
                      {"form", tune.batch_graph ? "batch" : "row"},
                      {"noise", tune.noise},
                      {"raw_scores", tune.raw_scores},
                      {"photos", tune.photos},
                      {"versions", tune.versions},
                      {"floor", tune.floor}};
}

Json LossJson(const LossOptions& loss) {
  return Json::Object{{"smooth_l1", loss.smooth_l1}, {"mse", loss.mse},
                      {"plcc", loss.plcc},           {"pair", loss.pair},
                      {"scale", loss.scale},         {"nll", loss.nll},
                      {"relative", loss.relative},   {"rank", loss.rank},
                      {"margin", loss.margin},       {"type", loss.type},
                      {"level", loss.level},         {"none", loss.none}};
}

Json TaskJson(const TaskOptions& task) {
  return Json::Object{{"tasks", task.tasks},
                      {"batch", task.batch},
                      {"epochs", task.epochs},
                      {"steps", task.steps},
                      {"gradient", task.all_branches ? "all" : "anchor"},
                      {"form", task.batch_graph ? "batch" : "row"},
                      {"protocol", task.released ? "released" : "own"}};
}

Json TaskHeadJson(const TaskHeadOptions& head) {
  return Json::Object{{"epochs", head.epochs},
                      {"versions", head.versions},
                      {"batch", head.batch},
                      {"rate", head.rate},
                      {"weight_decay", head.weight_decay}};
}

}  // namespace

Json ToJson(const FinetuneOptions& options) {
  return Json::Object{{"data", DataJson(options.data)},
                      {"network", NetworkJson(options.network)},
                      {"view_size", options.views.view_size_px},
                      {"views", FormatViews(options.views)},
                      {"train_views", FormatViews(options.train_views)},
                      {"task_views", FormatViews(options.task_views)},
                      {"task_view_size", options.task_views.view_size_px},
                      {"head", HeadJson(options.head)},
                      {"all", TuneJson(options.tune)},
                      {"optimiser", OptimiserJson(options.optimiser)},
                      {"loss", LossJson(options.loss)}};
}

Json ToJson(const PretrainOptions& options) {
  const PretrainWeights& weights = options.weights;
  return Json::Object{{"data", DataJson(options.data)},
                      {"network", NetworkJson(options.network)},
                      {"view_size", options.views.view_size_px},
                      {"views", FormatViews(options.views)},
                      {"train_views", FormatViews(options.train_views)},
                      {"head", TaskHeadJson(options.head)},
                      {"task", TaskJson(options.task)},
                      {"optimiser", OptimiserJson(options.optimiser)},
                      {"loss", Json::Object{{"triplet", weights.triplet},
                                            {"level", weights.level},
                                            {"type", weights.type},
                                            {"margin", weights.margin},
                                            {"none", options.none}}}};
}

}  // namespace graphiqa
