// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// The module as the engine uses it, against the CPU's network.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "device_memory.h"
#include "loaded_module.h"

namespace graphiqa::cuda {
namespace {

constexpr int kViewSize = 96;
constexpr double kGain = 10;  ///< of MakeTinyModel(): score per unit of mu
/// Memory that counts as the same: the driver hands out larger pieces.
constexpr double kFlatBytes = 8 << 20;

struct Case {
  const char* backbone;
  const char* features;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.backbone << " " << c.features;
}

double Relative(float got, float wanted) {
  return std::abs(got - wanted) / std::max(1.0, std::abs(double{wanted}));
}

/// Largest relative error over all heads.
double WorstError(const std::vector<HeadValues>& got,
                  const std::vector<HeadValues>& wanted) {
  EXPECT_EQ(got.size(), wanted.size());
  double worst = 0;
  for (size_t i = 0; i < std::min(got.size(), wanted.size()); ++i) {
    worst = std::max({worst, Relative(got[i].mos_mu, wanted[i].mos_mu),
                      Relative(got[i].mos_s, wanted[i].mos_s),
                      Relative(got[i].level_mu, wanted[i].level_mu)});
    EXPECT_EQ(got[i].type_logits.size(), wanted[i].type_logits.size());
    for (size_t t = 0; t < wanted[i].type_logits.size(); ++t) {
      worst = std::max(
          worst, Relative(got[i].type_logits[t], wanted[i].type_logits[t]));
    }
  }
  return worst;
}

/// Largest error of the score, 0 to 100.
double WorstScore(const std::vector<HeadValues>& got,
                  const std::vector<HeadValues>& wanted) {
  EXPECT_EQ(got.size(), wanted.size());
  double worst = 0;
  for (size_t i = 0; i < std::min(got.size(), wanted.size()); ++i) {
    worst = std::max(worst, kGain * std::abs(got[i].mos_mu - wanted[i].mos_mu));
  }
  return worst;
}

double FreeMemory() {
  size_t free_bytes = 0;
  size_t total_bytes = 0;
  EXPECT_EQ(cudaMemGetInfo(&free_bytes, &total_bytes), cudaSuccess);
  return static_cast<double>(free_bytes);
}

bool HasBf16() {
  int major = 0;
  EXPECT_EQ(
      cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, 0),
      cudaSuccess);
  return major >= 8;
}

class CudaBackendTest : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    GRAPHIQA_NEED_DEVICE();
    // Before anything is computed on the CPU, as in the engine.
    ASSERT_NE(LoadModule(), nullptr);
    model_ = MakeModel(GetParam().backbone, GetParam().features, kViewSize);
    views_ = MakeViews(40, kViewSize);
  }

  std::vector<HeadValues> OnCpu(size_t count) const {
    return MakeCpuBackend(model_, Precision::kFp32, 0)
        ->Run(PointersTo(views_, count));
  }

  Model model_;
  std::vector<ViewPixels> views_;
};

TEST_P(CudaBackendTest, Fp32EqualsTheCpuInEveryBatchSize) {
  const auto backend = MakeBackend(model_, Precision::kFp32, 16);
  EXPECT_EQ(backend->precision(), Precision::kFp32);
  EXPECT_EQ(backend->device(), "cuda:0");
  EXPECT_EQ(backend->preferred_batch(), 16);
  const std::vector<HeadValues> wanted = OnCpu(views_.size());
  // Up and down, so that every graph is replayed after another one.
  for (const size_t count : {1, 2, 3, 5, 8, 16, 17, 40, 7, 1, 16, 2}) {
    const auto end = wanted.begin() + static_cast<std::ptrdiff_t>(count);
    EXPECT_LE(WorstError(backend->Run(PointersTo(views_, count)),
                         {wanted.begin(), end}),
              1e-3)
        << count << " views";
  }
}

TEST_P(CudaBackendTest, Fp16IsCloseToTheCpu) {
  const auto backend = MakeBackend(model_, Precision::kFp16, 16);
  EXPECT_EQ(backend->precision(), Precision::kFp16);
  EXPECT_LE(WorstScore(backend->Run(PointersTo(views_, 40)), OnCpu(40)), 0.5);
}

TEST_P(CudaBackendTest, Bf16IsCloseToTheCpuOrRefused) {
  if (!HasBf16()) {
    EXPECT_THROW(MakeBackend(model_, Precision::kBf16, 16), Error);
    return;
  }
  const auto backend = MakeBackend(model_, Precision::kBf16, 16);
  EXPECT_EQ(backend->precision(), Precision::kBf16);
  EXPECT_LE(WorstScore(backend->Run(PointersTo(views_, 40)), OnCpu(40)), 3.0);
}

INSTANTIATE_TEST_SUITE_P(
    Networks, CudaBackendTest,
    testing::Values(Case{"resnet18", "last"}, Case{"resnet34", "multi"},
                    Case{"resnet50", "last"}, Case{"resnet50", "multi"},
                    Case{"efficientnet_lite0", "last"},
                    Case{"efficientnet_lite0", "multi"},
                    Case{"efficientnet_lite0", "multi-stats"}));

class CudaBackendUseTest : public CudaBackendTest {};

TEST_P(CudaBackendUseTest, AutoIsBf16WhereTheDeviceHasIt) {
  const auto backend = MakeBackend(model_, Precision::kAuto, 2);
  EXPECT_EQ(backend->precision(),
            HasBf16() ? Precision::kBf16 : Precision::kFp32);
}

TEST_P(CudaBackendUseTest, OtherThreadsGetTheSame) {
  const auto backend = MakeBackend(model_, Precision::kFp32, 8);
  const auto wanted = backend->Run(PointersTo(views_, 20));
  std::vector<HeadValues> got;
  std::thread other([&] { got = backend->Run(PointersTo(views_, 20)); });
  other.join();
  EXPECT_LE(WorstError(got, wanted), 1e-6);
}

TEST_P(CudaBackendUseTest, TwoBackendsAtOnceDoNotDisturbEachOther) {
  const std::vector<HeadValues> wanted = OnCpu(20);
  const auto score = [&](double* worst) {
    const auto backend = MakeBackend(model_, Precision::kFp32, 8);
    for (int i = 0; i < 20; ++i) {
      const size_t count = static_cast<size_t>(i) + 1;
      const auto end = wanted.begin() + static_cast<std::ptrdiff_t>(count);
      *worst =
          std::max(*worst, WorstError(backend->Run(PointersTo(views_, count)),
                                      {wanted.begin(), end}));
    }
  };
  double worst[2] = {0, 0};
  std::thread other([&] { score(&worst[1]); });
  score(&worst[0]);
  other.join();
  EXPECT_LE(worst[0], 1e-3);
  EXPECT_LE(worst[1], 1e-3);
}

TEST_P(CudaBackendUseTest, MemoryStaysFlatOverManyRuns) {
  const auto backend = MakeBackend(model_, Precision::kFp32, 16);
  for (size_t count = 1; count <= 40; ++count) {
    backend->Run(PointersTo(views_, count));
  }
  const double before = FreeMemory();
  for (size_t i = 0; i < 1000; ++i) {
    backend->Run(PointersTo(views_, 1 + i * 7 % 40));
  }
  EXPECT_NEAR(FreeMemory(), before, kFlatBytes);
}

TEST_P(CudaBackendUseTest, MemoryStaysFlatOverManyOpenings) {
  for (int i = 0; i < 3; ++i) MakeBackend(model_, Precision::kFp32, 4);
  const double before = FreeMemory();
  for (int i = 0; i < 20; ++i) MakeBackend(model_, Precision::kFp32, 4);
  EXPECT_NEAR(FreeMemory(), before, kFlatBytes);
}

TEST_P(CudaBackendUseTest, WrongPixelsAreNamedAndTheNextRunWorks) {
  const auto backend = MakeBackend(model_, Precision::kFp32, 4);
  const auto wanted = backend->Run(PointersTo(views_, 3));
  std::vector<ViewPixels> broken = views_;
  broken[2].rgb.pop_back();
  try {
    backend->Run(PointersTo(broken, 3));
    FAIL() << "pixels that do not fit were taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage) << error.what();
  }
  EXPECT_LE(WorstError(backend->Run(PointersTo(views_, 3)), wanted), 1e-6);
}

TEST_P(CudaBackendUseTest, MissingDeviceIsNamed) {
  ErrorCode code = ErrorCode::kUsage;
  std::string message;
  EXPECT_EQ(LoadModule()(&model_, 4711, Precision::kFp32, 1, &code, &message),
            nullptr);
  EXPECT_EQ(code, ErrorCode::kDevice);
  EXPECT_NE(message.find("cuda:4711"), std::string::npos) << message;
}

INSTANTIATE_TEST_SUITE_P(Networks, CudaBackendUseTest,
                         testing::Values(Case{"efficientnet_lite0", "multi"}));

}  // namespace
}  // namespace graphiqa::cuda
