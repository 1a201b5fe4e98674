// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "config/settings.h"
#include "output/sink.h"

namespace graphiqa {

/// Publishes events to TOPIC/CHANNEL/alarm with quality of service 1: an event
/// is done when the broker has acknowledged it. TOPIC/status is kept "online"
/// while connected, and becomes "offline" by the broker's own doing. A thread
/// holds the connection and makes it again, later and later.
class MqttSink : public Sink {
 public:
  MqttSink(const MqttSettings& settings, Wake wake);
  /// Returns at once; the thread says good-bye to the broker by itself.
  ~MqttSink() override;
  MqttSink(const MqttSink&) = delete;
  MqttSink& operator=(const MqttSink&) = delete;

  bool Ready() override;
  void Send(const Spooled& event) override;
  std::optional<SendResult> Poll() override;

 private:
  class Connection;
  const std::shared_ptr<Connection> connection_;
};

}  // namespace graphiqa
