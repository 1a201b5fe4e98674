// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <ATen/Functions.h>
#include <gtest/gtest.h>

#include <limits>

#include "adamw.h"
#include "parameters.h"

namespace graphiqa {
namespace {

TEST(ClipGradients, BoundsTheNormOfAllTogether) {
  const std::vector<at::Tensor> gradients = {at::full({2, 2}, 3.0),
                                             at::full({4}, 4.0)};
  EXPECT_TRUE(ClipGradients(gradients, 11));
  EXPECT_EQ(gradients[0][0][0].item<float>(), 3) << "their norm is 10";
  EXPECT_TRUE(ClipGradients(gradients, 5));
  EXPECT_NEAR(gradients[0][0][0].item<float>(), 1.5, 1e-6);
  EXPECT_NEAR(gradients[1][0].item<float>(), 2, 1e-6);
  gradients[1][2] = std::numeric_limits<float>::infinity();
  EXPECT_FALSE(ClipGradients(gradients, 5));
}

/// Features and their gradient on a GPU against those on the CPU; without one,
/// the one clear error.
TEST(Device, BackboneTrainsOnCudaAsOnTheCpu) {
  at::manual_seed(3);
  Network network(
      MakeArchitecture("efficientnet_lite0", "multi", 16, 8, 8, {"a", "b"}));
  network.eval();
  const at::Tensor images = at::randn({2, 3, 64, 64});
  const auto gradient = [&] {
    network.zero_grad();
    const at::Tensor features = BackboneFeatures(&network, images, false);
    EXPECT_TRUE(features.device().is_cpu());
    features.square().mean().backward();
    return network.backbone().parameters().front().grad().to(at::kCPU);
  };
  const at::Tensor features = BackboneFeatures(&network, images, false);
  const at::Tensor wanted = gradient();
  try {
    RunOptions run;
    run.device = "cuda";
    MoveBackbone(run, 0, &network);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kDevice);
    EXPECT_EQ(std::string(error.what()).rfind("--device cuda: ", 0), 0u);
    GTEST_SKIP() << error.what();
  }
  EXPECT_TRUE(at::allclose(BackboneFeatures(&network, images, false), features,
                           1e-2, 1e-3));
  EXPECT_TRUE(at::allclose(gradient(), wanted, 5e-2, 1e-4));
}

}  // namespace
}  // namespace graphiqa
