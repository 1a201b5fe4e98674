// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libsoup/soup.h>

#include <memory>
#include <string>

#include "app/monitor.h"
#include "http/api.h"
#include "http/connections.h"
#include "http/event_streams.h"

namespace graphiqa {

/// The HTTP server: pages, API, metrics and probes. Of the main thread, which
/// runs GLib's default main context.
class HttpServer {
 public:
  /// @throws Error(kFile) when it cannot listen or the certificate is no good
  HttpServer(const HttpSettings& settings, Monitor* monitor);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// To be called a few times a second: streams, and clients that are too slow.
  void Tick(double now);
  /// Tells the pages of an alarm.
  void Announce(const AlarmEvent& event);

  int port() const { return connections_->port(); }
  /// Where a browser finds the page.
  std::string url() const;

 private:
  void ReadCertificate();
  void OnConnection(GSocketConnection* connection, GSocketAddress* local,
                    GSocketAddress* remote);
  /// Looks at a request's head; answers what is not to be read any further.
  void Check(SoupServerMessage* message, const std::string& path);
  void Refuse(SoupServerMessage* message, const std::string& path, guint status,
              const std::string& reason);
  void Handle(SoupServerMessage* message, const std::string& path,
              GHashTable* query);
  HttpCounts Counts() const;

  static void OnEarly(SoupServer* server, SoupServerMessage* message,
                      const char* path, GHashTable* query, gpointer self);
  static void OnRequest(SoupServer* server, SoupServerMessage* message,
                        const char* path, GHashTable* query, gpointer self);
  static void OnRead(SoupServer* server, SoupServerMessage* message,
                     gpointer self);
  static void OnDone(SoupServer* server, SoupServerMessage* message,
                     gpointer self);

  const HttpSettings settings_;
  Monitor* const monitor_;
  Api api_;
  GTlsCertificate* certificate_ = nullptr;
  SoupServer* server_ = nullptr;
  std::unique_ptr<EventStreams> streams_;
  std::unique_ptr<Connections> connections_;
  double next_wall_ = 0;
};

}  // namespace graphiqa
