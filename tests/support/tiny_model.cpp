// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "tiny_model.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>
#include <torch/nn/modules/batchnorm.h>

#include <algorithm>

#include "network/model_file.h"

namespace graphiqa {
namespace {

ModelInfo MakeInfo(const TinyModelOptions& options) {
  const BackboneEntry& backbone = FindBackbone(options.backbone);
  ModelInfo info;
  info.name = options.name;
  info.architecture =
      MakeArchitecture(options.backbone, options.features,
                       options.features == "last" ? 0 : options.node_size,
                       options.edge_size, options.code_size, KadidTypeNames());
  info.input.mean = backbone.mean;
  info.input.std = backbone.std;
  info.input.views.view_size_px = options.view_size_px;
  info.input.views.native = options.native_views;
  if (options.whole_views > 0) {
    info.input.views.whole = {{1.0, options.whole_views}};
  }
  info.heads.mos = true;
  info.heads.level = options.level_trained;
  info.heads.type = options.type_trained;
  info.training = "{\"note\": \"random weights for tests\"}";
  return info;
}

/// Noise of several grain sizes, contrasts and brightnesses, [16,3,S,S] in
/// [-1,1]: wide enough for any picture to lie near one of them.
at::Tensor NoisePictures(int side) {
  std::vector<at::Tensor> pictures;
  for (int i = 0; i < 16; ++i) {
    const int64_t cells = std::max(1, side >> (i % 4));
    const double contrast = 0.1 + 0.3 * (i / 4);
    const double brightness = (1 - contrast) * (i % 2 == 0 ? 0.5 : -0.5);
    const at::Tensor coarse =
        (at::rand({1, 3, cells, cells}) * 2 - 1) * contrast + brightness;
    pictures.push_back(at::upsample_nearest2d(coarse, {side, side}));
  }
  return at::cat(pictures);
}

/// One pass in training mode with momentum 1: running statistics become those
/// of the noise pictures.
void SettleStatistics(Network& network, const at::Tensor& pictures) {
  for (const auto& module : network.modules(false)) {
    auto* norm = module->as<torch::nn::BatchNorm2d>();
    if (norm != nullptr) norm->options.momentum(1.0);
  }
  network.train();
  network.Features(pictures);
  network.eval();
  if (network.architecture().features == kLast) return;
  const at::Tensor features = network.Features(pictures);
  network.SetFeatureStatistics(features.mean(0), features.std(0));
}

/// Scores of the noise pictures get the mean 50 and the deviation 5.
ScoreInfo SettleScores(Network& network, const at::Tensor& pictures) {
  const at::Tensor mu =
      network.Forward(pictures, GraphForm::kRow, EdgeSummary::kDiagonal).mos_mu;
  ScoreInfo score;
  score.gain = 5 / std::max(mu.std().item<double>(), 1e-3);
  score.offset = 50 - score.gain * mu.mean().item<double>();
  return score;
}

}  // namespace

void MakeTinyModel(const std::string& path, const TinyModelOptions& options) {
  const at::NoGradGuard no_grad;
  at::manual_seed(options.seed);
  ModelInfo info = MakeInfo(options);
  Network network(info.architecture);
  const at::Tensor pictures = NoisePictures(options.view_size_px);
  SettleStatistics(network, pictures);
  info.score = SettleScores(network, pictures);
  SaveModel(path, info, network,
            options.half ? StorageType::kFloat16 : StorageType::kFloat32);
}

}  // namespace graphiqa
