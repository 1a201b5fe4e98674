// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "connections.h"

#include "channel/sample.h"
#include "error.h"

namespace graphiqa {
namespace {

/// From a connection, or an answer, to the end of the next request.
constexpr double kRequestTime = 20;
/// Without any byte moving.
constexpr guint kSocketTimeout = 30;

std::string KeyOf(GSocketAddress* address) {
  if (address == nullptr || G_IS_INET_SOCKET_ADDRESS(address) == FALSE) {
    return "";
  }
  auto* inet = G_INET_SOCKET_ADDRESS(address);
  gchar* host =
      g_inet_address_to_string(g_inet_socket_address_get_address(inet));
  const std::string key = std::string(host) + " " +
                          std::to_string(g_inet_socket_address_get_port(inet));
  g_free(host);
  return key;
}

}  // namespace

Connections::Connections(const HttpSettings& settings, Accept accept)
    : settings_(settings),
      accept_(std::move(accept)),
      service_(g_socket_service_new()) {
  GSocketAddress* wanted = g_inet_socket_address_new_from_string(
      settings.listen.c_str(), static_cast<guint>(settings.port));
  GSocketAddress* got = nullptr;
  GError* error = nullptr;
  const gboolean listens = g_socket_listener_add_address(
      G_SOCKET_LISTENER(service_), wanted, G_SOCKET_TYPE_STREAM,
      G_SOCKET_PROTOCOL_TCP, nullptr, &got, &error);
  g_object_unref(wanted);
  if (listens == FALSE) {
    const std::string reason = error->message;
    g_error_free(error);
    g_object_unref(service_);
    throw Error(ErrorCode::kFile, "cannot listen on " + settings.listen + ":" +
                                      std::to_string(settings.port) + ": " +
                                      reason);
  }
  port_ = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(got));
  g_object_unref(got);
  g_signal_connect(service_, "incoming", G_CALLBACK(OnIncoming), this);
}

Connections::~Connections() {
  g_signal_handlers_disconnect_by_data(service_, this);
  g_socket_service_stop(service_);
  g_socket_listener_close(G_SOCKET_LISTENER(service_));
  g_object_unref(service_);
  for (const auto& [key, open] : open_) {
    g_object_weak_unref(G_OBJECT(open.connection), OnGone, this);
    Cut(open.connection);
  }
}

gboolean Connections::OnIncoming(GSocketService*, GSocketConnection* connection,
                                 GObject*, gpointer self) {
  static_cast<Connections*>(self)->OnConnection(connection);
  return TRUE;
}

void Connections::OnConnection(GSocketConnection* connection) {
  GSocketAddress* remote =
      g_socket_connection_get_remote_address(connection, nullptr);
  GSocketAddress* local =
      g_socket_connection_get_local_address(connection, nullptr);
  const std::string key = KeyOf(remote);
  const bool full = open_.size() >= static_cast<size_t>(settings_.connections);
  if (full || key.empty() || local == nullptr || open_.count(key) != 0) {
    ++refused_;
    Cut(connection);
  } else {
    g_socket_set_timeout(g_socket_connection_get_socket(connection),
                         kSocketTimeout);
    open_[key] = {connection, MonotonicNow()};
    g_object_weak_ref(G_OBJECT(connection), OnGone, this);
    accept_(connection, local, remote);
  }
  g_clear_object(&remote);
  g_clear_object(&local);
}

void Connections::OnGone(gpointer data, GObject* connection) {
  auto* self = static_cast<Connections*>(data);
  for (auto at = self->open_.begin(); at != self->open_.end(); ++at) {
    if (G_OBJECT(at->second.connection) != connection) continue;
    self->open_.erase(at);
    return;
  }
}

void Connections::Cut(GSocketConnection* connection) {
  g_socket_shutdown(g_socket_connection_get_socket(connection), TRUE, TRUE,
                    nullptr);
}

void Connections::NoteBusy(GSocketAddress* remote) {
  const auto found = open_.find(KeyOf(remote));
  if (found != open_.end()) found->second.idle_since = 0;
}

void Connections::NoteIdle(GSocketAddress* remote) {
  const auto found = open_.find(KeyOf(remote));
  if (found != open_.end()) found->second.idle_since = MonotonicNow();
}

void Connections::Abort(GSocketAddress* remote) {
  const auto found = open_.find(KeyOf(remote));
  if (found != open_.end()) Cut(found->second.connection);
}

void Connections::Sweep(double now) {
  for (const auto& [key, open] : open_) {
    if (open.idle_since > 0 && now - open.idle_since > kRequestTime) {
      Cut(open.connection);
    }
  }
}

}  // namespace graphiqa
