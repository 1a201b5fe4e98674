// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "train_loop.h"

#include <ATen/Functions.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>

#include "interrupt.h"
#include "program/progress.h"

namespace graphiqa {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// One run of RunLoop().
class Loop {
 public:
  Loop(const LoopOptions& options, const LoopHooks& hooks, const Ranks& ranks,
       const RunFolder& folder, const Json& config, Network* network,
       AdamW* optimizer, WeightAverage* average, Progress* progress)
      : options_(options),
        hooks_(hooks),
        ranks_(ranks),
        folder_(folder),
        config_(config),
        network_(network),
        optimizer_(optimizer),
        average_(average),
        progress_(progress) {}

  void Epoch() {
    const auto source = hooks_.begin(progress_->epoch, progress_->step);
    std::optional<ProgressBar> bar;
    if (ranks_.first()) bar.emplace(options_.steps, "steps");
    auto start = Clock::now();
    while (progress_->step < options_.steps) {
      const bool stop = Step(source.get());
      progress_->seconds += SecondsSince(start);
      start = Clock::now();
      if (bar) {
        bar->Update(
            static_cast<double>(progress_->step),
            options_.phase + " epoch " + std::to_string(progress_->epoch + 1));
      }
      const auto every = static_cast<size_t>(options_.save_every);
      if (stop || progress_->step % every == 0) Save();
      if (stop) throw Error(ErrorCode::kCancelled, "interrupted");
    }
  }

  void EndEpoch() {
    average_->Swap();
    ranks_.OnFirst([this] { Measure(); });
    average_->Swap();
    ++progress_->epoch;
    progress_->step = 0;
    progress_->loss_sum = 0;
    progress_->seconds = 0;
    Save();
  }

 private:
  /// @returns whether to stop
  bool Step(StepSource* source) {
    const at::Tensor loss = source->NextLoss();
    optimizer_->ZeroGrad();
    loss.backward();
    const bool stop = Combine();
    optimizer_->Step(Rate(), options_.clip);
    average_->Update();
    progress_->loss_sum += loss.item<double>();
    ++progress_->step;
    return stop;
  }

  /// Averages the gradients over the ranks. Whether one was interrupted goes
  /// along, so that all know it of the same step.
  bool Combine() {
    const at::Tensor interrupted = at::full({1}, Interrupted() ? 1.0F : 0.0F);
    std::vector<at::Tensor> tensors = optimizer_->Gradients();
    tensors.push_back(interrupted);
    try {
      ranks_.Average(tensors);
    } catch (const Error&) {
      // The weights are still those of the last step.
      Save();
      throw;
    }
    return interrupted.item<float>() > 0;
  }

  void Measure() {
    EpochRow row;
    row.phase = options_.phase;
    row.epoch = progress_->epoch + 1;
    row.loss = progress_->loss_sum / static_cast<double>(progress_->step);
    row.seconds = progress_->seconds;
    hooks_.validate(&row);
    RecordRow(row, hooks_, folder_, progress_);
    hooks_.save(row, kLastFile, false);
  }

  double Rate() const {
    if (options_.constant) return 1.0;
    const double done =
        progress_->epoch + static_cast<double>(progress_->step) /
                               static_cast<double>(options_.steps);
    return CosineSchedule(done / options_.epochs, options_.warmup);
  }

  void Save() const {
    if (!ranks_.first()) return;
    SaveState(folder_.File(kStateFile), *network_, *optimizer_, *average_,
              *progress_, config_);
  }

  const LoopOptions& options_;
  const LoopHooks& hooks_;
  const Ranks& ranks_;
  const RunFolder& folder_;
  const Json& config_;
  Network* network_;
  AdamW* optimizer_;
  WeightAverage* average_;
  Progress* progress_;
};

std::string ReadBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw Error(ErrorCode::kFile, path + ": cannot be read");
  return bytes;
}

}  // namespace

void RecordRow(const EpochRow& row, const LoopHooks& hooks,
               const RunFolder& folder, Progress* progress) {
  progress->rows.push_back(row);
  folder.WriteMetrics(progress->rows);
  const bool best = Selection(row) > progress->best;
  if (best) {
    progress->best = Selection(row);
    hooks.save(row, kBestFile, true);
  }
  char text[96];
  std::snprintf(text, sizeof text, "%s epoch %d: loss %.4f, ",
                row.phase.c_str(), row.epoch, row.loss);
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, ", %.1f s", row.seconds);
  folder.Log(text + Describe(row) + seconds + (best ? " *" : ""));
}

void RunLoop(const LoopOptions& options, const LoopHooks& hooks,
             const Ranks& ranks, const RunFolder& folder, const Json& config,
             Network* network, AdamW* optimizer, WeightAverage* average,
             Progress* progress) {
  Loop loop(options, hooks, ranks, folder, config, network, optimizer, average,
            progress);
  while (progress->epoch < options.epochs) {
    loop.Epoch();
    loop.EndEpoch();
  }
}

bool Resumes(const Ranks& ranks, const RunFolder& folder, bool wanted) {
  const bool has = wanted && ranks.first() && folder.Has(kStateFile);
  return !ranks.FromFirst(has ? "resumes" : "").empty();
}

void ShareWeights(const Ranks& ranks, const Network& network) {
  std::vector<at::Tensor> tensors;
  for (const auto& [name, tensor] : StateDict(network)) {
    tensors.push_back(tensor);
  }
  ranks.Broadcast(tensors);
}

Progress ResumeState(const Ranks& ranks, const RunFolder& folder,
                     const Json& config, Network* network, AdamW* optimizer,
                     WeightAverage* average) {
  const std::string path = folder.File(kStateFile);
  std::string bytes;
  Progress progress;
  const auto load = [&] {
    progress = LoadState(bytes, path, network, optimizer, average, config);
  };
  ranks.OnFirst([&] {
    bytes = ReadBytes(path);
    load();
    folder.Log("resumed after epoch " + std::to_string(progress.epoch) +
               ", step " + std::to_string(progress.step));
  });
  bytes = ranks.FromFirst(bytes);
  if (!ranks.first()) load();
  return progress;
}

}  // namespace graphiqa
