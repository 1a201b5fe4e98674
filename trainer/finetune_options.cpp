// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "finetune_options.h"

namespace graphiqa {
namespace {

Json DataJson(const DataOptions& data) {
  return Json::Object{{"dataset", data.dataset},
                      {"val_fraction", data.val_fraction},
                      {"seed", static_cast<int64_t>(data.seed)}};
}

Json NetworkJson(const NetworkOptions& network) {
  return Json::Object{{"backbone", network.backbone},
                      {"features", network.features},
                      {"node_size", network.node_size},
                      {"edge_size", network.edge_size},
                      {"code_size", network.code_size}};
}

Json HeadJson(const HeadOptions& head) {
  return Json::Object{{"epochs", head.epochs},
                      {"batch", head.batch},
                      {"draws", head.draws},
                      {"rate", head.rate},
                      {"weight_decay", head.weight_decay},
                      {"dropout", head.dropout},
                      {"init", head.ridge ? "ridge" : "random"}};
}

Json TuneJson(const TuneOptions& tune) {
  return Json::Object{{"epochs", tune.epochs},
                      {"batch", tune.batch},
                      {"rate", tune.rate},
                      {"backbone_rate", tune.backbone_rate},
                      {"weight_decay", tune.weight_decay},
                      {"warmup", tune.warmup},
                      {"clip", tune.clip},
                      {"ema", tune.ema},
                      {"freeze_stages", tune.freeze_stages},
                      {"form", tune.batch_graph ? "batch" : "row"},
                      {"degrade", tune.degrade}};
}

Json LossJson(const LossOptions& loss) {
  return Json::Object{{"smooth_l1", loss.smooth_l1},
                      {"plcc", loss.plcc},
                      {"scale", loss.scale},
                      {"rank", loss.rank},
                      {"margin", loss.margin}};
}

}  // namespace

Json ToJson(const FinetuneOptions& options) {
  return Json::Object{{"data", DataJson(options.data)},
                      {"network", NetworkJson(options.network)},
                      {"view_size", options.views.view_size_px},
                      {"views", FormatViews(options.views)},
                      {"train_views", FormatViews(options.train_views)},
                      {"head", HeadJson(options.head)},
                      {"all", TuneJson(options.tune)},
                      {"loss", LossJson(options.loss)}};
}

}  // namespace graphiqa
