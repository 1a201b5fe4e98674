// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "backbone.h"

#include "efficientnet_lite.h"
#include "error.h"
#include "resnet.h"

namespace graphiqa {
namespace {

constexpr std::array<float, 3> kImageNetMean{0.485f, 0.456f, 0.406f};
constexpr std::array<float, 3> kImageNetStd{0.229f, 0.224f, 0.225f};
// (RGB - 127) / 128 of bytes, written for RGB in [0,1].
constexpr float kLiteMean = 127.0f / 255.0f;
constexpr float kLiteStd = 128.0f / 255.0f;

}  // namespace

const BackboneEntry kBackbones[] = {
    {"resnet50", "ResNet-50, the paper's backbone (25.6 M parameters)",
     kImageNetMean, kImageNetStd, 2048, 7680, MakeResNet50},
    {"resnet34", "ResNet-34 (21.8 M parameters)", kImageNetMean, kImageNetStd,
     512, 1920, MakeResNet34},
    {"resnet18", "ResNet-18 (11.7 M parameters)", kImageNetMean, kImageNetStd,
     512, 1920, MakeResNet18},
    {"efficientnet_lite0",
     "EfficientNet-Lite0, fast on CPUs (3.4 M parameters)",
     {kLiteMean, kLiteMean, kLiteMean},
     {kLiteStd, kLiteStd, kLiteStd},
     1280,
     3552,
     MakeEfficientNetLite0},
    {nullptr, nullptr, {}, {}, 0, 0, nullptr},
};

const BackboneEntry& FindBackbone(const std::string& name) {
  std::string known;
  for (const BackboneEntry* entry = kBackbones; entry->name; ++entry) {
    if (name == entry->name) return *entry;
    known += (known.empty() ? "" : ", ") + std::string(entry->name);
  }
  throw Error(ErrorCode::kUsage,
              "unknown backbone '" + name + "'; known: " + known);
}

}  // namespace graphiqa
