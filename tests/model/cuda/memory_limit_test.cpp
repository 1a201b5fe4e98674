// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

// A device with too little memory for the asked batch. A program of its own:
// LibTorch reads the limit once.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "device_memory.h"
#include "loaded_module.h"

namespace graphiqa::cuda {
namespace {

constexpr double kAllowedBytes = 1 << 30;
constexpr int kViewSize = 224;
constexpr int kAskedBatch = 256;

TEST(CudaMemoryLimitTest, BatchIsHalvedUntilItFits) {
  GRAPHIQA_NEED_DEVICE();
  size_t free_bytes = 0;
  size_t total_bytes = 0;
  ASSERT_EQ(cudaMemGetInfo(&free_bytes, &total_bytes), cudaSuccess);
  const double fraction = kAllowedBytes / static_cast<double>(total_bytes);
  const std::string limit =
      "per_process_memory_fraction:" + std::to_string(std::min(fraction, 1.0));
  ASSERT_EQ(setenv("PYTORCH_ALLOC_CONF", limit.c_str(), 1), 0);
  ASSERT_NE(LoadModule(), nullptr);

  const Model model = MakeModel("resnet50", "last", kViewSize);
  const std::vector<ViewPixels> views = MakeViews(5, kViewSize);
  const auto backend = MakeBackend(model, Precision::kFp32, kAskedBatch);
  EXPECT_LT(backend->preferred_batch(), kAskedBatch);
  EXPECT_GE(backend->preferred_batch(), 1);
  std::vector<const ViewPixels*> many;
  for (int i = 0; i < kAskedBatch; ++i) {
    many.push_back(&views[static_cast<size_t>(i % 5)]);
  }
  const std::vector<HeadValues> got = backend->Run(many);
  const std::vector<HeadValues> wanted =
      MakeCpuBackend(model, Precision::kFp32, 0)->Run(PointersTo(views, 5));
  ASSERT_EQ(got.size(), many.size());
  for (size_t i = 0; i < got.size(); ++i) {
    const float exact = wanted[i % 5].mos_mu;
    ASSERT_NEAR(got[i].mos_mu, exact, 1e-3 * std::max(1.f, std::abs(exact)));
  }
}

}  // namespace
}  // namespace graphiqa::cuda
