// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "webhook.h"

#include "channel/sample.h"

namespace graphiqa {
namespace {

SendResult ResultOf(guint status) {
  if (status >= 200 && status < 300) return {};
  const std::string reason = "answered with status " + std::to_string(status);
  for (const guint rejection : {400U, 413U, 415U, 422U}) {
    if (status == rejection) return {SendResult::Kind::kRejected, reason};
  }
  return {SendResult::Kind::kRetry, reason};
}

}  // namespace

struct WebhookSink::Request {
  GCancellable* cancellable = g_cancellable_new();
  SoupMessage* message = nullptr;
  double deadline = 0;
  std::optional<SendResult> result;
  Wake wake;

  ~Request() {
    g_object_unref(cancellable);
    if (message != nullptr) g_object_unref(message);
  }
};

std::string SignBody(const std::string& secret, int64_t timestamp,
                     const std::string& body) {
  const std::string text = std::to_string(timestamp) + "." + body;
  gchar* hex = g_compute_hmac_for_string(
      G_CHECKSUM_SHA256, reinterpret_cast<const guchar*>(secret.data()),
      secret.size(), text.data(), static_cast<gssize>(text.size()));
  const std::string signature = std::string("sha256=") + hex;
  g_free(hex);
  return signature;
}

WebhookSink::WebhookSink(const WebhookSettings& settings, Wake wake)
    : settings_(settings),
      wake_(std::move(wake)),
      session_(soup_session_new_with_options(
          "timeout", static_cast<guint>(settings.timeout + 1), "max-conns", 1,
          "user-agent", "graphiqa/" GRAPHIQA_VERSION, nullptr)) {}

WebhookSink::~WebhookSink() {
  if (request_) {
    request_->wake = nullptr;
    g_cancellable_cancel(request_->cancellable);
  }
  g_object_unref(session_);
}

void WebhookSink::Send(const Spooled& event) {
  request_ = std::make_shared<Request>();
  request_->wake = wake_;
  request_->deadline = MonotonicNow() + settings_.timeout;
  request_->message = soup_message_new("POST", settings_.url.c_str());
  if (request_->message == nullptr) {
    request_->result = {SendResult::Kind::kRetry, "the URL is not valid"};
    return;
  }
  soup_message_add_flags(request_->message, SOUP_MESSAGE_NO_REDIRECT);
  SoupMessageHeaders* headers =
      soup_message_get_request_headers(request_->message);
  soup_message_headers_append(headers, "Graphiqa-Event", event.id.c_str());
  const auto timestamp = static_cast<int64_t>(WallNow());
  soup_message_headers_append(headers, "Graphiqa-Timestamp",
                              std::to_string(timestamp).c_str());
  if (!settings_.secret.empty()) {
    soup_message_headers_append(
        headers, "Graphiqa-Signature",
        SignBody(settings_.secret, timestamp, event.body).c_str());
  }
  GBytes* body = g_bytes_new(event.body.data(), event.body.size());
  soup_message_set_request_body_from_bytes(request_->message,
                                           "application/json", body);
  g_bytes_unref(body);
  soup_session_send_async(session_, request_->message, G_PRIORITY_DEFAULT,
                          request_->cancellable, OnAnswer,
                          new std::shared_ptr<Request>(request_));
}

void WebhookSink::OnAnswer(GObject* session, GAsyncResult* result,
                           gpointer data) {
  const std::unique_ptr<std::shared_ptr<Request>> owner(
      static_cast<std::shared_ptr<Request>*>(data));
  Request* request = owner->get();
  GError* error = nullptr;
  GInputStream* stream =
      soup_session_send_finish(SOUP_SESSION(session), result, &error);
  if (error != nullptr) {
    const bool late =
        g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) != FALSE;
    request->result = {SendResult::Kind::kRetry,
                       late ? "no answer in time" : error->message};
    g_error_free(error);
  } else {
    request->result = ResultOf(soup_message_get_status(request->message));
  }
  // The answer's body is not read: letting go of it ends the connection.
  if (stream != nullptr) g_object_unref(stream);
  if (request->wake) request->wake();
}

std::optional<SendResult> WebhookSink::Poll() {
  if (!request_) return std::nullopt;
  if (!request_->result) {
    if (MonotonicNow() > request_->deadline) {
      g_cancellable_cancel(request_->cancellable);
    }
    return std::nullopt;
  }
  const std::optional<SendResult> result = request_->result;
  request_.reset();
  return result;
}

}  // namespace graphiqa
