// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "server.h"

#include "http/access.h"
#include "http/views.h"
#include "output/event_json.h"

namespace graphiqa {
namespace {

constexpr gint64 kMaxBody = 64 << 10;
constexpr size_t kMaxPath = 1024;
constexpr double kWallEvery = 2;
constexpr const char* kEventsPath = "/api/v1/events";
/// The page consists of files of this server alone; pictures come as blobs.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src 'self' blob:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

std::string Header(SoupServerMessage* message, const char* name) {
  const char* value = soup_message_headers_get_one(
      soup_server_message_get_request_headers(message), name);
  return value != nullptr ? value : "";
}

Request RequestFrom(SoupServerMessage* message, const std::string& path,
                    GHashTable* query) {
  Request request;
  request.method = soup_server_message_get_method(message);
  if (request.method == "HEAD") request.method = "GET";
  request.path = path;
  SoupMessageHeaders* headers =
      soup_server_message_get_request_headers(message);
  const char* type = soup_message_headers_get_content_type(headers, nullptr);
  if (type != nullptr) request.content_type = type;
  request.accept = Header(message, "Accept");
  GBytes* body =
      soup_message_body_flatten(soup_server_message_get_request_body(message));
  gsize size = 0;
  const void* bytes = g_bytes_get_data(body, &size);
  if (size > 0) request.body.assign(static_cast<const char*>(bytes), size);
  g_bytes_unref(body);
  if (query == nullptr) return request;
  GHashTableIter iterator;
  gpointer key = nullptr;
  gpointer value = nullptr;
  g_hash_table_iter_init(&iterator, query);
  while (g_hash_table_iter_next(&iterator, &key, &value) != FALSE) {
    if (value == nullptr) continue;
    request.query[static_cast<const char*>(key)] =
        static_cast<const char*>(value);
  }
  return request;
}

void AddHeaders(SoupServerMessage* message) {
  SoupMessageHeaders* headers =
      soup_server_message_get_response_headers(message);
  soup_message_headers_replace(headers, "Cache-Control", "no-store");
  soup_message_headers_replace(headers, "Content-Security-Policy", kPolicy);
  soup_message_headers_replace(headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace(headers, "Referrer-Policy", "no-referrer");
}

void Answer(SoupServerMessage* message, const std::string& path,
            const Response& response) {
  if (response.status == SOUP_STATUS_METHOD_NOT_ALLOWED) {
    soup_message_headers_replace(
        soup_server_message_get_response_headers(message), "Allow",
        Api::MethodsOf(path));
  }
  soup_server_message_set_status(message, static_cast<guint>(response.status),
                                 nullptr);
  soup_server_message_set_response(message, response.type.c_str(),
                                   SOUP_MEMORY_COPY, response.body.data(),
                                   response.body.size());
}

GSocketAddress* RemoteOf(SoupServerMessage* message) {
  return soup_server_message_get_remote_address(message);
}

}  // namespace

HttpServer::HttpServer(const HttpSettings& settings, Monitor* monitor)
    : settings_(settings),
      monitor_(monitor),
      api_(monitor, [this] { return Counts(); }) {
  ReadCertificate();
  server_ = soup_server_new(nullptr, nullptr);
  soup_server_add_early_handler(server_, nullptr, OnEarly, this, nullptr);
  soup_server_add_handler(server_, nullptr, OnRequest, this, nullptr);
  g_signal_connect(server_, "request-read", G_CALLBACK(OnRead), this);
  g_signal_connect(server_, "request-finished", G_CALLBACK(OnDone), this);
  g_signal_connect(server_, "request-aborted", G_CALLBACK(OnDone), this);
  streams_ = std::make_unique<EventStreams>(
      static_cast<size_t>(settings.streams), [this](SoupServerMessage* one) {
        if (connections_) connections_->Abort(RemoteOf(one));
      });
  try {
    connections_ = std::make_unique<Connections>(
        settings, [this](GSocketConnection* connection, GSocketAddress* local,
                         GSocketAddress* remote) {
          OnConnection(connection, local, remote);
        });
  } catch (const Error&) {
    g_object_unref(server_);
    g_clear_object(&certificate_);
    throw;
  }
}

HttpServer::~HttpServer() {
  g_signal_handlers_disconnect_by_data(server_, this);
  streams_.reset();
  connections_.reset();
  soup_server_disconnect(server_);
  g_object_unref(server_);
  g_clear_object(&certificate_);
}

void HttpServer::ReadCertificate() {
  if (settings_.certificate.empty()) return;
  GError* error = nullptr;
  certificate_ = g_tls_certificate_new_from_files(
      settings_.certificate.c_str(), settings_.key.c_str(), &error);
  if (error == nullptr) return;
  const std::string reason = error->message;
  g_error_free(error);
  throw Error(ErrorCode::kFormat, settings_.certificate + ": " + reason);
}

std::string HttpServer::url() const {
  const bool v6 = settings_.listen.find(':') != std::string::npos;
  return std::string(certificate_ != nullptr ? "https://" : "http://") +
         (v6 ? "[" : "") + settings_.listen + (v6 ? "]" : "") + ":" +
         std::to_string(port()) + "/";
}

void HttpServer::OnConnection(GSocketConnection* connection,
                              GSocketAddress* local, GSocketAddress* remote) {
  GIOStream* stream = G_IO_STREAM(g_object_ref(connection));
  if (certificate_ != nullptr) {
    g_object_unref(stream);
    stream = g_tls_server_connection_new(G_IO_STREAM(connection), certificate_,
                                         nullptr);
  }
  if (stream == nullptr) return;
  soup_server_accept_iostream(server_, stream, local, remote, nullptr);
  g_object_unref(stream);
}

void HttpServer::OnEarly(SoupServer*, SoupServerMessage* message,
                         const char* path, GHashTable*, gpointer self) {
  static_cast<HttpServer*>(self)->Check(message, path);
}

void HttpServer::Check(SoupServerMessage* message, const std::string& path) {
  const std::string method = soup_server_message_get_method(message);
  const bool post = method == "POST";
  const std::string methods = Api::MethodsOf(path);
  SoupMessageHeaders* headers =
      soup_server_message_get_request_headers(message);
  AddHeaders(message);
  if (path.size() > kMaxPath) {
    Refuse(message, path, 414, "the path is too long");
  } else if (!post && method != "GET" && method != "HEAD") {
    Refuse(message, path, 405, "here is only " + methods);
  } else if (settings_.token.empty() &&
             !HostAllowed(Header(message, "Host"), settings_.hosts)) {
    Refuse(message, path, 421, "this server has another name; see http.hosts");
  } else if (!settings_.token.empty() && !Api::IsOpen(path) &&
             !HasToken(Header(message, "Authorization"), settings_.token)) {
    soup_message_headers_replace(
        soup_server_message_get_response_headers(message), "WWW-Authenticate",
        "Bearer");
    Refuse(message, path, 401, "a bearer token is asked");
  } else if (post != (methods == "POST")) {
    Refuse(message, path, 405, "here is only " + methods);
  } else if (soup_message_headers_get_encoding(headers) ==
             SOUP_ENCODING_CHUNKED) {
    Refuse(message, path, 411, "a length is asked");
  } else if (soup_message_headers_get_content_length(headers) >
             (post ? kMaxBody : 0)) {
    Refuse(message, path, 413, "the body is too large");
  }
}

void HttpServer::Refuse(SoupServerMessage* message, const std::string& path,
                        guint status, const std::string& reason) {
  // What is still to come is neither kept nor taken for a next request.
  soup_message_body_set_accumulate(
      soup_server_message_get_request_body(message), FALSE);
  soup_message_headers_replace(
      soup_server_message_get_response_headers(message), "Connection", "close");
  Answer(message, path,
         {static_cast<int>(status), "application/json",
          Json(Json::Object{{"error", reason}}).Dump()});
}

void HttpServer::OnRequest(SoupServer*, SoupServerMessage* message,
                           const char* path, GHashTable* query, gpointer self) {
  static_cast<HttpServer*>(self)->Handle(message, path, query);
}

void HttpServer::Handle(SoupServerMessage* message, const std::string& path,
                        GHashTable* query) {
  const Request request = RequestFrom(message, path, query);
  if (path != kEventsPath || request.method != "GET") {
    Answer(message, path, api_.Answer(request));
  } else if (!streams_->Add(message,
                            EventStreams::Format("channels",
                                                 WallView(*monitor_).Dump()))) {
    Refuse(message, path, 503,
           "too many pages are kept up to date; see http.streams");
  }
}

void HttpServer::OnRead(SoupServer*, SoupServerMessage* message,
                        gpointer self) {
  static_cast<HttpServer*>(self)->connections_->NoteBusy(RemoteOf(message));
}

void HttpServer::OnDone(SoupServer*, SoupServerMessage* message,
                        gpointer self) {
  static_cast<HttpServer*>(self)->connections_->NoteIdle(RemoteOf(message));
}

void HttpServer::Tick(double now) {
  connections_->Sweep(now);
  if (streams_->count() == 0 || now < next_wall_) return;
  next_wall_ = now + kWallEvery;
  streams_->Send("channels", WallView(*monitor_).Dump());
}

void HttpServer::Announce(const AlarmEvent& event) {
  streams_->Send("alarm", EventJson(event, g_get_host_name()).Dump());
}

HttpCounts HttpServer::Counts() const {
  HttpCounts counts;
  counts.connections = static_cast<double>(connections_->count());
  counts.streams = static_cast<double>(streams_->count());
  counts.refused = static_cast<double>(connections_->refused());
  return counts;
}

}  // namespace graphiqa
