// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glib.h>

#include <memory>
#include <string>

#include "app/engine_holder.h"
#include "app/monitor.h"
#include "common/shard.h"
#include "http/server.h"

namespace graphiqa {

/// Most shares of the channels that --shard takes.
inline constexpr uint32_t kMostShards = 10000;

/// Keeps the channels of this share, by their ids.
void KeepShard(const Shard& shard, Configuration* configuration);

/// The running monitor: main loop, signals, reloading, ending.
class Program {
 public:
  /// @throws Error: configuration, engine, storage, HTTP
  Program(std::string config_file, const Shard& shard);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Runs until SIGTERM or SIGINT. @returns whether all came to its end in time
  bool Run();

 private:
  Configuration Read() const;
  void Reload();
  void Take(const Configuration& configuration);
  void MakeServer(const HttpSettings& settings);
  void Tick();
  void TickServer(double now);
  void LogStates();
  void BeginEnd(const char* signal);

  static gboolean OnTick(gpointer self);
  static gboolean OnHangUp(gpointer self);
  static gboolean OnTerminate(gpointer self);

  const std::string config_file_;
  const Shard shard_;
  GMainLoop* loop_;
  std::unique_ptr<EngineHolder> engine_;
  std::unique_ptr<Monitor> monitor_;
  std::unique_ptr<HttpServer> server_;
  std::map<std::string, ChannelState> logged_states_;
  double next_server_ = 0;
  double drain_end_ = 0;
  bool ended_well_ = true;
};

}  // namespace graphiqa
