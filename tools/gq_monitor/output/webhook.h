// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libsoup/soup.h>

#include <memory>
#include <optional>
#include <string>

#include "config/settings.h"
#include "output/sink.h"

namespace graphiqa {

/// "sha256=" and the HMAC-SHA256 (RFC 2104) of "TIMESTAMP.BODY" in lower-case
/// hexadecimal. With the time in it, an old request cannot be sent again.
std::string SignBody(const std::string& secret, int64_t timestamp,
                     const std::string& body);

/// Posts events as JSON. 2xx is success; 400, 413, 415 and 422 reject the
/// event; everything else is tried again. Redirections are not followed.
class WebhookSink : public Sink {
 public:
  WebhookSink(const WebhookSettings& settings, Wake wake);
  ~WebhookSink() override;
  WebhookSink(const WebhookSink&) = delete;
  WebhookSink& operator=(const WebhookSink&) = delete;

  void Send(const Spooled& event) override;
  std::optional<SendResult> Poll() override;

 private:
  /// Outlives the sink while a request is being cancelled.
  struct Request;

  static void OnAnswer(GObject* session, GAsyncResult* result, gpointer data);

  const WebhookSettings settings_;
  const Wake wake_;
  SoupSession* session_;
  std::shared_ptr<Request> request_;
};

}  // namespace graphiqa
