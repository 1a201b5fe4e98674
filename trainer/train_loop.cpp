// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "train_loop.h"

#include <chrono>
#include <cstdio>

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
  Loop(const LoopOptions& options, const LoopHooks& hooks,
       const RunFolder& folder, const Json& config, Network* network,
       AdamW* optimizer, WeightAverage* average, Progress* progress)
      : options_(options),
        hooks_(hooks),
        folder_(folder),
        config_(config),
        network_(network),
        optimizer_(optimizer),
        average_(average),
        progress_(progress) {}

  void Epoch() {
    const auto source = hooks_.begin(progress_->epoch, progress_->step);
    ProgressBar bar(options_.steps, "steps");
    auto start = Clock::now();
    while (progress_->step < options_.steps) {
      Step(source.get());
      progress_->seconds += SecondsSince(start);
      start = Clock::now();
      bar.Update(
          static_cast<double>(progress_->step),
          options_.phase + " epoch " + std::to_string(progress_->epoch + 1));
      const auto every = static_cast<size_t>(options_.save_every);
      if (Interrupted() || progress_->step % every == 0) Save();
      ThrowIfInterrupted();
    }
  }

  void EndEpoch() {
    EpochRow row;
    row.phase = options_.phase;
    row.epoch = progress_->epoch + 1;
    row.loss = progress_->loss_sum / static_cast<double>(progress_->step);
    row.seconds = progress_->seconds;
    average_->Swap();
    hooks_.validate(&row);
    RecordRow(row, hooks_, folder_, progress_);
    hooks_.save(row, kLastFile, false);
    average_->Swap();
    ++progress_->epoch;
    progress_->step = 0;
    progress_->loss_sum = 0;
    progress_->seconds = 0;
    Save();
  }

 private:
  void Step(StepSource* source) {
    const at::Tensor loss = source->NextLoss();
    optimizer_->ZeroGrad();
    loss.backward();
    optimizer_->Step(Rate(), options_.clip);
    average_->Update();
    progress_->loss_sum += loss.item<double>();
    ++progress_->step;
  }

  double Rate() const {
    if (options_.constant) return 1.0;
    const double done =
        progress_->epoch + static_cast<double>(progress_->step) /
                               static_cast<double>(options_.steps);
    return CosineSchedule(done / options_.epochs, options_.warmup);
  }

  void Save() const {
    SaveState(folder_.File(kStateFile), *network_, *optimizer_, *average_,
              *progress_, config_);
  }

  const LoopOptions& options_;
  const LoopHooks& hooks_;
  const RunFolder& folder_;
  const Json& config_;
  Network* network_;
  AdamW* optimizer_;
  WeightAverage* average_;
  Progress* progress_;
};

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
             const RunFolder& folder, const Json& config, Network* network,
             AdamW* optimizer, WeightAverage* average, Progress* progress) {
  Loop loop(options, hooks, folder, config, network, optimizer, average,
            progress);
  while (progress->epoch < options.epochs) {
    loop.Epoch();
    loop.EndEpoch();
  }
}

}  // namespace graphiqa
