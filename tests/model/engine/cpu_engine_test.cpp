// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// The CPU engine against the network that it was compiled from.
#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <random>

#include "engine/backend.h"
#include "engine/cpu_info.h"
#include "engine/entry.h"
#include "engine/fused_plan.h"
#include "engine/plan_trace.h"
#include "network/model_file.h"
#include "network/pooling.h"
#include "network/preprocess.h"
#include "relative_error.h"

extern "C" bool graphiqa_open_scorer_v2(
    const graphiqa::ScorerOptions* options,
    std::shared_ptr<graphiqa::Scorer>* scorer, graphiqa::ErrorCode* code,
    std::string* message) noexcept;

namespace graphiqa {
namespace {

/// A model with seeded random weights, 64x64 views and small heads.
Model MakeModel(const std::string& backbone, const std::string& features) {
  const at::NoGradGuard no_grad;
  at::manual_seed(1);
  Model model;
  model.info.name = "test";
  model.info.architecture = MakeArchitecture(
      backbone, features, features == "last" ? 0 : 32, 4, 8, KadidTypeNames());
  model.info.input.views.view_size_px = 64;
  model.info.input.views.native = 2;
  model.info.input.views.whole = {{1.0, 1}};
  model.info.score.gain = 10;
  model.info.score.offset = 50;
  model.info.heads = {true, true, true};
  model.network = std::make_shared<Network>(model.info.architecture);
  for (const auto& [name, tensor] : StateDict(*model.network)) {
    const auto ends = [&name = name](const std::string& end) {
      return name.size() > end.size() &&
             name.compare(name.size() - end.size(), end.size(), end) == 0;
    };
    at::Tensor values = tensor;
    if (ends("running_mean")) values.normal_(0, 0.1);
    if (ends("running_var")) values.uniform_(0.7, 1.5);
  }
  model.network->eval();
  return model;
}

/// A model file that goes with the test.
class ModelFile {
 public:
  explicit ModelFile(const Model& model)
      : path_((std::filesystem::temp_directory_path() /
               ("graphiqa-engine-" + std::to_string(getpid()) + ".safetensors"))
                  .string()) {
    SaveModel(path_, model.info, *model.network, StorageType::kFloat16);
  }
  ~ModelFile() { std::remove(path_.c_str()); }

  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

/// Smooth noise, so that views differ in more than their grain.
ViewPixels NoiseView(int size, unsigned seed) {
  std::mt19937 random(seed);
  ViewPixels pixels;
  pixels.view = {ViewKind::kNative, 0, 0, size, size};
  int value = 128;
  for (int i = 0; i < 3 * size * size; ++i) {
    value += static_cast<int>(random() % 41) - 20;
    value = value < 0 ? 0 : value > 255 ? 255 : value;
    pixels.rgb.push_back(static_cast<uint8_t>(value));
  }
  return pixels;
}

class PlanTest
    : public ::testing::TestWithParam<std::tuple<const char*, const char*>> {};

/// 75 pixels: "SAME" paddings are other ones at odd sizes.
TEST_P(PlanTest, FeaturesAndHeadsEqualTheNetworks) {
  const at::NoGradGuard no_grad;
  const auto [backbone, features] = GetParam();
  const Model model = MakeModel(backbone, features);
  for (const int64_t size : {64, 75}) {
    FusedPlan plan(*model.network, size, at::kFloat);
    for (const int64_t batch : {1, 3}) {
      at::manual_seed(static_cast<uint64_t>(size + batch));
      const at::Tensor images = at::randn({batch, 3, size, size});
      EXPECT_LT(
          RelativeError(plan.Features(images), model.network->Features(images)),
          1e-4)
          << batch << " of " << size << " pixels";
    }
  }
}

TEST_P(PlanTest, Bf16IsCloseWhereTheCpuKnowsIt) {
  const at::NoGradGuard no_grad;
  try {
    ResolveCpuPrecision(Precision::kBf16);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kDevice);
    GTEST_SKIP() << error.what();
  }
  const auto [backbone, features] = GetParam();
  const Model model = MakeModel(backbone, features);
  FusedPlan plan(*model.network, 64, at::kBFloat16);
  const at::Tensor images = at::randn({2, 3, 64, 64});
  EXPECT_LT(
      RelativeError(plan.Features(images), model.network->Features(images)),
      3e-2);
}

INSTANTIATE_TEST_SUITE_P(
    Backbones, PlanTest,
    ::testing::Values(std::tuple("resnet18", "last"),
                      std::tuple("resnet18", "multi"),
                      std::tuple("resnet34", "multi"),
                      std::tuple("resnet50", "multi"),
                      std::tuple("efficientnet_lite0", "last"),
                      std::tuple("efficientnet_lite0", "multi"),
                      std::tuple("efficientnet_lite0", "multi-stats")),
    [](const auto& tested) {
      std::string name = std::string(std::get<0>(tested.param)) + "_" +
                         std::get<1>(tested.param);
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

TEST(PlanTableTest, EveryBackboneIsTested) {
  size_t backbones = 0;
  while (kBackbones[backbones].name != nullptr) ++backbones;
  EXPECT_EQ(backbones, 4u) << "a new backbone belongs in the list above";
}

class SigmoidBackbone : public Backbone {
 public:
  std::vector<at::Tensor> Forward(const at::Tensor& images) override {
    return {at::sigmoid(images)};
  }
  std::vector<std::string> StageNames() const override { return {"only"}; }
  std::vector<int64_t> StageChannels() const override { return {3}; }
  std::vector<size_t> MultiStages() const override { return {}; }
  std::string ImportedName(const std::string& name) const override {
    return name;
  }
};

TEST(PlanTableTest, UnknownOperatorIsNamed) {
  SigmoidBackbone backbone;
  try {
    TraceBackbone(backbone, 32);
    FAIL() << "a sigmoid was taken in";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_STREQ(error.what(),
                 "the plan does not know the operator aten::sigmoid");
  }
}

TEST(PoolingTest, DeviationsKeepTheirDigits) {
  at::manual_seed(3);
  const at::Tensor map = (at::randn({2, 5, 9, 7}) + 1000)
                             .contiguous(at::MemoryFormat::ChannelsLast);
  at::Tensor features = at::zeros({2, 12});
  PoolMap(map, /*deviation=*/true, 1, &features);
  const auto [deviation, mean] =
      at::std_mean(map.to(at::kDouble), at::IntArrayRef{2, 3}, c10::Scalar(0));
  EXPECT_LT(RelativeError(features.narrow(1, 1, 5), mean), 1e-6);
  EXPECT_LT(RelativeError(features.narrow(1, 6, 5), deviation), 1e-4);
  EXPECT_EQ(features.select(1, 0).abs().sum().item<float>(), 0);
  EXPECT_EQ(features.select(1, 11).abs().sum().item<float>(), 0);
}

TEST(CpuBackendTest, HeadsEqualTheNetworks) {
  const at::NoGradGuard no_grad;
  const Model model = MakeModel("efficientnet_lite0", "multi");
  const auto backend = MakeCpuBackend(model, Precision::kFp32, 0);
  EXPECT_EQ(backend->device(), "cpu");
  EXPECT_EQ(backend->precision(), Precision::kFp32);
  const std::vector<ViewPixels> views{NoiseView(64, 1), NoiseView(64, 2),
                                      NoiseView(20, 3)};
  const auto values = backend->Run({&views[0], &views[1], &views[2]});
  const HeadOutputs expected =
      model.network->Forward(PreprocessViews(views, model.info.input),
                             GraphForm::kRow, EdgeSummary::kDiagonal);
  ASSERT_EQ(values.size(), 3u);
  for (size_t n = 0; n < 3; ++n) {
    const auto row = static_cast<int64_t>(n);
    EXPECT_NEAR(values[n].mos_mu, expected.mos_mu[row].item<float>(), 1e-3);
    EXPECT_NEAR(values[n].mos_s, expected.mos_s[row].item<float>(), 1e-3);
    EXPECT_NEAR(values[n].level_mu, expected.level_mu[row].item<float>(), 1e-3);
    ASSERT_EQ(values[n].type_logits.size(), 25u);
    EXPECT_NEAR(values[n].type_logits[24],
                expected.type_logits[row][24].item<float>(), 1e-3);
  }
}

TEST(CpuBackendTest, OutputThatIsNotFiniteIsAnError) {
  const Model model = MakeModel("efficientnet_lite0", "multi");
  at::NoGradGuard no_grad;
  for (at::Tensor& parameter : model.network->parameters()) {
    if (parameter.dim() == 2) parameter.fill_(3e38f);
  }
  const auto backend = MakeCpuBackend(model, Precision::kFp32, 1);
  const ViewPixels view = NoiseView(64, 1);
  try {
    backend->Run({&view});
    FAIL() << "infinite weights gave a result";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNumeric);
  }
}

std::shared_ptr<Scorer> Open(const ScorerOptions& options) {
  std::shared_ptr<Scorer> scorer;
  ErrorCode code = ErrorCode::kUsage;
  std::string message;
  if (!graphiqa_open_scorer_v2(&options, &scorer, &code, &message)) {
    throw Error(code, message);
  }
  return scorer;
}

class EntryTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    file_ = new ModelFile(MakeModel("efficientnet_lite0", "multi"));
  }
  static void TearDownTestSuite() {
    delete file_;
    file_ = nullptr;
  }

  static ScorerOptions ModelOptions() {
    ScorerOptions options;
    options.model_file = file_->path();
    options.device = "cpu";
    return options;
  }

  static void ExpectError(const ScorerOptions& options, ErrorCode code,
                          const std::string& part) {
    try {
      Open(options);
      ADD_FAILURE() << "opened, expected: " << part;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos)
          << error.what();
    }
  }

  static ModelFile* file_;
};

ModelFile* EntryTest::file_ = nullptr;

TEST_F(EntryTest, SamePictureScoresTheSameAloneAndInABatch) {
  const auto scorer = Open(ModelOptions());
  const auto alone = scorer->Submit({NoiseView(64, 7)}).get();
  EXPECT_EQ(scorer->Submit({NoiseView(64, 7)}).get().score, alone.score);
  std::vector<std::future<QualityResult>> futures;
  for (const unsigned seed : {1u, 7u, 2u, 3u, 4u}) {
    futures.push_back(scorer->Submit({NoiseView(64, seed)}));
  }
  EXPECT_NEAR(futures[1].get().score, alone.score, 1e-3);
  EXPECT_NE(futures[0].get().score, alone.score);
  EXPECT_GE(alone.score, 0);
  EXPECT_LE(alone.score, 100);
  EXPECT_TRUE(alone.distortion);
  EXPECT_TRUE(alone.level);
}

TEST_F(EntryTest, EqualOptionsShareAnEngine) {
  const auto first = Open(ModelOptions());
  ScorerOptions equal = ModelOptions();
  equal.queue_depth = 3;
  equal.device = CpuPrefersBf16() ? "cpu" : "auto";
  equal.precision = first->model().precision;
  const std::string link = file_->path() + "-link";
  std::filesystem::remove(link);
  std::filesystem::create_symlink(file_->path(), link);
  equal.model_file = link;
  const auto second = Open(equal);
  std::filesystem::remove(link);
  if (second->model().device == "cpu") {
    EXPECT_EQ(&first->model(), &second->model());
  }
}

TEST_F(EntryTest, PictureIsCutScaledAndScored) {
  const auto scorer = Open(ModelOptions());
  const ViewPixels picture = NoiseView(200, 5);
  const QualityResult result =
      scorer->ScorePicture(picture.rgb.data(), 200, 200, 600);
  EXPECT_EQ(result.views.size(), 3u);  // one whole, two native
  EXPECT_EQ(result.views[0].view.kind, ViewKind::kWhole);
  const QualityResult tiny = scorer->ScorePicture(picture.rgb.data(), 1, 1, 3);
  EXPECT_GE(tiny.score, 0);
}

TEST_F(EntryTest, BadOptionsAreNamed) {
  ScorerOptions options = ModelOptions();
  options.device = "gpu";
  ExpectError(options, ErrorCode::kUsage, "unknown device 'gpu'");
  options.device = "cuda:x";
  ExpectError(options, ErrorCode::kUsage, "unknown device 'cuda:x'");
  options = ModelOptions();
  options.precision = Precision::kFp16;
  ExpectError(options, ErrorCode::kDevice, "fp16 needs a CUDA device");
  options = ModelOptions();
  options.queue_depth = 0;
  ExpectError(options, ErrorCode::kUsage, "queue depth is 0");
  options = ModelOptions();
  options.model_file = "/nonexistent.safetensors";
  ExpectError(options, ErrorCode::kNotFound, "/nonexistent.safetensors");
}

TEST_F(EntryTest, MissingCudaIsExplained) {
  if (access("/proc/driver/nvidia/version", F_OK) == 0) {
    GTEST_SKIP() << "this machine has an NVIDIA driver";
  }
  ScorerOptions options = ModelOptions();
  options.device = "cuda";
  ExpectError(options, ErrorCode::kDevice, "driver");
  options.device = "auto";
  EXPECT_EQ(Open(options)->model().device, "cpu");
}

}  // namespace
}  // namespace graphiqa
