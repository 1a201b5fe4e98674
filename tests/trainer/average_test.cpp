// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "average.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scratch_folder.h"
#include "tiny_model.h"

namespace graphiqa {
namespace {

std::string Make(const Folder& folder, const std::string& name, uint64_t seed,
                 int64_t node_size = 32) {
  TinyModelOptions options;
  options.seed = seed;
  options.node_size = node_size;
  options.half = false;
  MakeTinyModel(folder.File(name), options);
  return folder.File(name);
}

/// Makes what the statements say the same in both; only the weights differ.
void TakeInfo(const std::string& from, const std::string& to) {
  Model model = LoadModel(to);
  const std::string name = model.info.name;
  model.info = LoadModel(from).info;
  model.info.name = name;
  SaveModel(to, model.info, *model.network, StorageType::kFloat32);
}

TEST(AverageTest, IsTheMeanOfTheWeights) {
  const ScratchFolder folder;
  const std::string a = Make(folder, "a", 1);
  const std::string b = Make(folder, "b", 2);
  TakeInfo(a, b);
  const Model mean = AverageModels({a, b});
  const auto of_a = StateDict(*LoadModel(a).network);
  const auto of_b = StateDict(*LoadModel(b).network);
  const auto of_mean = StateDict(*mean.network);
  int differ = 0;
  for (size_t i = 0; i < of_mean.size(); ++i) {
    if (!of_mean[i].second.is_floating_point()) continue;
    const at::Tensor wanted = (of_a[i].second + of_b[i].second) / 2;
    EXPECT_TRUE(at::allclose(of_mean[i].second, wanted, 1e-6, 1e-7))
        << of_mean[i].first;
    differ += !of_a[i].second.equal(of_b[i].second);
  }
  EXPECT_GT(differ, 50);
  EXPECT_THAT(mean.info.training, testing::HasSubstr("average_of"));
}

TEST(AverageTest, ModelsOfAnotherKindAreNamed) {
  const ScratchFolder folder;
  const std::string a = Make(folder, "a", 1);
  const std::string wide = Make(folder, "wide", 1, 48);
  EXPECT_EQ(MessageOf([&] {
              AverageModels({a, wide});
            }),
            wide + ": `architecture` differs from the first model's");
  EXPECT_EQ(MessageOf([&] { AverageModels({a}); }),
            "at least two models are needed");
}

}  // namespace
}  // namespace graphiqa
