// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "program.h"

#include <glib-unix.h>

#include <algorithm>
#include <csignal>
#include <iterator>

#include "app/log.h"
#include "config/describe.h"
#include "config/read_config.h"

namespace graphiqa {
namespace {

constexpr guint kTickMs = 200;
/// For pipelines to end and outputs to take what waits.
constexpr double kDrainTime = 15;
constexpr double kServerRetry = 5;

}  // namespace

void KeepShard(const Shard& shard, Configuration* configuration) {
  auto& channels = configuration->channels;
  channels.erase(std::remove_if(channels.begin(), channels.end(),
                                [&](const ChannelSettings& channel) {
                                  return !InShard(shard, channel.id);
                                }),
                 channels.end());
}

Program::Program(std::string config_file, const Shard& shard)
    : config_file_(std::move(config_file)),
      shard_(shard),
      loop_(g_main_loop_new(nullptr, FALSE)) {
  const Configuration configuration = Read();
  engine_ = std::make_unique<EngineHolder>(configuration.engine);
  monitor_ = std::make_unique<Monitor>(configuration);
  monitor_->set_batches([this] { return engine_->batches(); });
  MakeServer(configuration.http);
  monitor_->set_listener([this](const AlarmEvent& event) {
    if (server_) server_->Announce(event);
  });
}

Program::~Program() {
  server_.reset();
  monitor_.reset();
  g_main_loop_unref(loop_);
}

Configuration Program::Read() const {
  Configuration configuration = ReadConfiguration(config_file_);
  KeepShard(shard_, &configuration);
  return configuration;
}

void Program::MakeServer(const HttpSettings& settings) {
  server_ = std::make_unique<HttpServer>(settings, monitor_.get());
  Log("info", "http-listening", {{"url", server_->url()}});
  if (settings.listen != "127.0.0.1" && settings.listen != "::1" &&
      settings.token.empty()) {
    Log("warning", "http-open",
        {{"reason",
          "everybody in the network may look, acknowledge alarms and "
          "restart channels: no token is set"}});
  }
}

bool Program::Run() {
  const guint tick = g_timeout_add(kTickMs, OnTick, this);
  const guint hang_up = g_unix_signal_add(SIGHUP, OnHangUp, this);
  const guint terminate = g_unix_signal_add(SIGTERM, OnTerminate, this);
  const guint interrupt = g_unix_signal_add(SIGINT, OnTerminate, this);
  Log("info", "started",
      {{"version", GRAPHIQA_VERSION},
       {"channels", static_cast<int64_t>(monitor_->channels().size())}});
  g_main_loop_run(loop_);
  for (const guint source : {tick, hang_up, terminate, interrupt}) {
    g_source_remove(source);
  }
  return ended_well_;
}

gboolean Program::OnTick(gpointer self) {
  static_cast<Program*>(self)->Tick();
  return G_SOURCE_CONTINUE;
}

void Program::Tick() {
  const double now = MonotonicNow();
  try {
    monitor_->Tick(now, WallNow());
    TickServer(now);
    LogStates();
    if (drain_end_ == 0) return;
    ended_well_ = monitor_->drained();
    if (ended_well_ || now > drain_end_) g_main_loop_quit(loop_);
  } catch (const std::exception& error) {
    Log("error", "tick-failed", {{"reason", error.what()}});
  }
}

void Program::TickServer(double now) {
  if (server_) {
    server_->Tick(now);
    return;
  }
  // The one that a new configuration asked for could not start.
  if (now < next_server_) return;
  next_server_ = now + kServerRetry;
  MakeServer(monitor_->configuration().http);
}

void Program::LogStates() {
  for (auto at = logged_states_.begin(); at != logged_states_.end();) {
    at = monitor_->Find(at->first) == nullptr ? logged_states_.erase(at)
                                              : std::next(at);
  }
  for (const auto& [id, watch] : monitor_->channels()) {
    const ChannelMachine& machine = watch->channel().machine();
    const auto known = logged_states_.find(id);
    if (known != logged_states_.end() && known->second == machine.state()) {
      continue;
    }
    logged_states_[id] = machine.state();
    Log("info", "channel-state",
        {{"channel", id},
         {"state", ToString(machine.state())},
         {"mode", watch->channel().mode()},
         {"reason", machine.reason()}});
  }
}

gboolean Program::OnHangUp(gpointer self) {
  static_cast<Program*>(self)->Reload();
  return G_SOURCE_CONTINUE;
}

void Program::Reload() {
  try {
    Take(Read());
    Log("info", "config-taken",
        {{"channels", static_cast<int64_t>(monitor_->channels().size())}});
  } catch (const ConfigError& error) {
    for (const std::string& problem : error.problems()) {
      Log("error", "config-refused", {{"reason", problem}});
    }
  } catch (const std::exception& error) {
    Log("error", "config-refused", {{"reason", error.what()}});
  }
}

void Program::Take(const Configuration& configuration) {
  const Configuration old = monitor_->configuration();
  if (EngineFingerprint(old.engine) !=
      EngineFingerprint(configuration.engine)) {
    // A model that cannot be loaded leaves everything as it is.
    engine_ = std::make_unique<EngineHolder>(configuration.engine);
  }
  monitor_->Configure(configuration);
  if (HttpFingerprint(old.http) != HttpFingerprint(configuration.http)) {
    server_.reset();  // its port may be the new one's too
    MakeServer(configuration.http);
  }
}

gboolean Program::OnTerminate(gpointer self) {
  static_cast<Program*>(self)->BeginEnd("asked to end");
  return G_SOURCE_CONTINUE;
}

void Program::BeginEnd(const char* signal) {
  if (drain_end_ > 0) {  // the second time: at once
    ended_well_ = false;
    g_main_loop_quit(loop_);
    return;
  }
  Log("info", "ending", {{"reason", signal}});
  drain_end_ = MonotonicNow() + kDrainTime;
  monitor_->BeginDrain();
}

}  // namespace graphiqa
