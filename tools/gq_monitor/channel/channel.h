// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "channel/channel_machine.h"
#include "channel/pipeline_run.h"
#include "channel/sample.h"
#include "config/settings.h"

namespace graphiqa {

/// A channel's source: one pipeline at a time, watched and started again.
/// Of one thread; no call waits for a pipeline.
class Channel {
 public:
  Channel(const ChannelSettings& settings, const EngineSettings& engine,
          Random random);
  /// Tells its pipelines to end.
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  /// Takes new settings; starts anew only where the pipeline is another.
  void Configure(const ChannelSettings& settings, const EngineSettings& engine,
                 double now);

  /// Looks after the pipeline. To be called a few times a second.
  /// @returns the frames scored since the last call, oldest first
  std::vector<Sample> Tick(double now);

  void Restart(double now, const std::string& reason);

  /// Ends for good. `closed()` tells when every pipeline is gone.
  void Close();
  bool closed();

  const ChannelMachine& machine() const { return machine_; }
  /// Counters over all pipelines so far; times of the present one.
  EngineStats stats() const;
  /// Of the newest frame, "" before the first.
  const std::string& picture() const { return report_.picture; }
  const std::string& mode() const { return report_.mode; }
  const std::string& health() const { return report_.health; }
  double last_frame() const { return report_.seen.last_frame; }
  uint64_t lost_samples() const { return lost_samples_; }
  /// Pipelines that were told to end and have not.
  size_t closing() const { return closing_.size(); }

  /// @returns (transfer full) (nullable)
  GstSample* NewestFrame() const;

 private:
  struct Closing {
    std::shared_ptr<PipelineRun> run;
    double since;
  };

  void Do(ChannelMachine::Action action, double now);
  void GiveUpRun(double now);
  void Sweep();
  bool CanStart(double now) const;
  std::string WithoutSecrets(std::string text) const;

  ChannelSettings settings_;
  EngineSettings engine_;
  ChannelMachine machine_;
  std::shared_ptr<PipelineRun> run_;
  std::vector<Closing> closing_;
  RunReport report_;
  EngineStats before_;  ///< counters of earlier pipelines
  uint64_t lost_samples_ = 0;
};

}  // namespace graphiqa
