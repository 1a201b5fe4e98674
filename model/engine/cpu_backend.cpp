// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "backend.h"
#include "cpu_info.h"
#include "cpu_network.h"
#include "network/model_file.h"
#include "network/preprocess.h"

namespace graphiqa {
namespace {

/// More views in one pass bring little on a CPU and hold up the first one.
constexpr int kPreferredBatch = 8;

class CpuBackend : public Backend {
 public:
  CpuBackend(const Model& model, Precision precision, int threads)
      : input_(model.info.input),
        precision_(ResolveCpuPrecision(precision)),
        threads_(threads > 0 ? threads : AvailableCores()),
        network_(model.network, input_.views.view_size_px,
                 precision_ == Precision::kBf16 ? at::kBFloat16 : at::kFloat) {}

  std::vector<HeadValues> Run(
      const std::vector<const ViewPixels*>& views) override {
    UseThreads();
    const at::NoGradGuard no_grad;
    PreprocessViews(views, input_, &batch_);
    return Values(network_.Infer(batch_));
  }

  std::string device() const override { return "cpu"; }
  Precision precision() const override { return precision_; }
  int preferred_batch() const override { return kPreferredBatch; }

 private:
  /// OpenMP keeps its number of threads per calling thread.
  void UseThreads() {
    if (set_for_ == std::this_thread::get_id()) return;
    at::set_num_threads(threads_);
    set_for_ = std::this_thread::get_id();
  }

  static float Checked(float value, const char* head) {
    if (std::isfinite(value)) return value;
    throw Error(ErrorCode::kNumeric,
                std::string("the network's ") + head + " is not finite");
  }

  static std::vector<HeadValues> Values(const HeadOutputs& outputs) {
    const int64_t count = outputs.mos_mu.size(0);
    const at::Tensor logits = outputs.type_logits.contiguous();
    const int64_t types = logits.size(1);
    std::vector<HeadValues> all(static_cast<size_t>(count));
    for (int64_t n = 0; n < count; ++n) {
      HeadValues& values = all[static_cast<size_t>(n)];
      values.mos_mu = Checked(outputs.mos_mu[n].item<float>(), "score");
      values.mos_s = Checked(outputs.mos_s[n].item<float>(), "uncertainty");
      values.level_mu = Checked(outputs.level_mu[n].item<float>(), "level");
      const float* row = logits.const_data_ptr<float>() + n * types;
      for (int64_t t = 0; t < types; ++t) {
        values.type_logits.push_back(Checked(row[t], "type logit"));
      }
    }
    return all;
  }

  const InputInfo input_;
  const Precision precision_;
  const int threads_;
  CpuNetwork network_;
  std::thread::id set_for_;
  at::Tensor batch_;  ///< kept: fresh memory would cost as much as filling it
};

}  // namespace

std::unique_ptr<Backend> MakeCpuBackend(const Model& model, Precision precision,
                                        int threads) {
  return std::make_unique<CpuBackend>(model, precision, threads);
}

}  // namespace graphiqa
