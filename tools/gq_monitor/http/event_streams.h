// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libsoup/soup.h>

#include <functional>
#include <list>
#include <string>

namespace graphiqa {

/// Pages that are kept up to date by server-sent events. One that does not
/// read fast enough is cut off; it connects again by itself. Of the main
/// thread.
class EventStreams {
 public:
  /// @param most   streams at one time
  /// @param abort  cuts the connection of a message off
  EventStreams(size_t most, std::function<void(SoupServerMessage*)> abort);
  ~EventStreams();
  EventStreams(const EventStreams&) = delete;
  EventStreams& operator=(const EventStreams&) = delete;

  /// Answers a request with a stream that begins with `first`.
  /// @returns false when there are too many; nothing is answered then
  bool Add(SoupServerMessage* message, const std::string& first);

  /// @param data  one line
  void Send(const std::string& event, const std::string& data);

  size_t count() const { return streams_.size(); }

  /// An event as it goes over the line.
  static std::string Format(const std::string& event, const std::string& data);

 private:
  struct Stream {
    SoupServerMessage* message;
    size_t waiting;  ///< bytes that the client has not taken
  };

  static void OnWritten(SoupServerMessage* message, guint bytes, gpointer self);
  static void OnFinished(SoupServerMessage* message, gpointer self);
  void Remove(SoupServerMessage* message);

  const size_t most_;
  const std::function<void(SoupServerMessage*)> abort_;
  std::list<Stream> streams_;
};

}  // namespace graphiqa
