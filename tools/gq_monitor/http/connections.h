// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gio/gio.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "config/settings.h"

namespace graphiqa {

/// Listens, and keeps connections bounded in number and in the time that they
/// may take over a request: a client that is too slow is cut off. Of the main
/// thread.
class Connections {
 public:
  /// What becomes of a new connection.
  using Accept = std::function<void(GSocketConnection*, GSocketAddress* local,
                                    GSocketAddress* remote)>;

  /// @throws Error(kUsage) when it cannot listen there
  Connections(const HttpSettings& settings, Accept accept);
  /// Cuts all connections off.
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  /// A whole request has come and is being answered: takes as long as it does.
  void NoteBusy(GSocketAddress* remote);
  /// It is answered; the next one must come in time.
  void NoteIdle(GSocketAddress* remote);
  void Abort(GSocketAddress* remote);

  /// Cuts off what waits for a request for too long.
  void Sweep(double now);

  int port() const { return port_; }
  size_t count() const { return open_.size(); }
  uint64_t refused() const { return refused_; }

 private:
  struct Open {
    GSocketConnection* connection;  ///< weak
    double idle_since;              ///< 0 = busy
  };

  void OnConnection(GSocketConnection* connection);
  static gboolean OnIncoming(GSocketService* service,
                             GSocketConnection* connection, GObject* source,
                             gpointer self);
  static void OnGone(gpointer self, GObject* connection);
  static void Cut(GSocketConnection* connection);

  const HttpSettings settings_;
  const Accept accept_;
  GSocketService* service_;
  int port_ = 0;
  std::map<std::string, Open> open_;  ///< by remote address
  uint64_t refused_ = 0;
};

}  // namespace graphiqa
