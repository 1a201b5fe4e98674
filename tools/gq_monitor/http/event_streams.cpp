// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "event_streams.h"

#include <algorithm>
#include <vector>

namespace graphiqa {
namespace {

/// Enough for a few rounds of the largest wall.
constexpr size_t kMaxWaiting = 4 << 20;

void Append(SoupServerMessage* message, const std::string& text) {
  soup_message_body_append(soup_server_message_get_response_body(message),
                           SOUP_MEMORY_COPY, text.data(), text.size());
}

}  // namespace

EventStreams::EventStreams(size_t most,
                           std::function<void(SoupServerMessage*)> abort)
    : most_(most), abort_(std::move(abort)) {}

EventStreams::~EventStreams() {
  for (const Stream& stream : streams_) {
    g_signal_handlers_disconnect_by_data(stream.message, this);
    abort_(stream.message);
    g_object_unref(stream.message);
  }
}

std::string EventStreams::Format(const std::string& event,
                                 const std::string& data) {
  return "event: " + event + "\ndata: " + data + "\n\n";
}

bool EventStreams::Add(SoupServerMessage* message, const std::string& first) {
  if (streams_.size() >= most_) return false;
  SoupMessageHeaders* headers =
      soup_server_message_get_response_headers(message);
  soup_message_headers_set_content_type(headers, "text/event-stream", nullptr);
  soup_message_headers_set_encoding(headers, SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate(
      soup_server_message_get_response_body(message), FALSE);
  soup_server_message_set_status(message, SOUP_STATUS_OK, nullptr);
  streams_.push_back(
      {SOUP_SERVER_MESSAGE(g_object_ref(message)), first.size()});
  g_signal_connect(message, "wrote-body-data", G_CALLBACK(OnWritten), this);
  g_signal_connect(message, "finished", G_CALLBACK(OnFinished), this);
  Append(message, first);
  return true;
}

void EventStreams::Send(const std::string& event, const std::string& data) {
  const std::string text = Format(event, data);
  std::vector<SoupServerMessage*> slow;
  for (Stream& stream : streams_) {
    if (stream.waiting + text.size() > kMaxWaiting) {
      slow.push_back(stream.message);
      continue;
    }
    stream.waiting += text.size();
    Append(stream.message, text);
    soup_server_message_unpause(stream.message);
  }
  for (SoupServerMessage* message : slow) abort_(message);
}

void EventStreams::OnWritten(SoupServerMessage* message, guint bytes,
                             gpointer data) {
  for (Stream& stream : static_cast<EventStreams*>(data)->streams_) {
    if (stream.message != message) continue;
    stream.waiting -= std::min<size_t>(stream.waiting, bytes);
  }
}

void EventStreams::OnFinished(SoupServerMessage* message, gpointer data) {
  static_cast<EventStreams*>(data)->Remove(message);
}

void EventStreams::Remove(SoupServerMessage* message) {
  const auto found = std::find_if(
      streams_.begin(), streams_.end(),
      [&](const Stream& stream) { return stream.message == message; });
  if (found == streams_.end()) return;
  g_signal_handlers_disconnect_by_data(message, this);
  streams_.erase(found);
  g_object_unref(message);
}

}  // namespace graphiqa
