// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Requests to gq-monitor behind the parser of HTTP: five lines (method, path,
/// query, content type, Accept) and a body. Whatever is asked, the answer has
/// a status that the API knows, never 500, and a body that fits its type.

#include <gst/gst.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "app/log.h"
#include "app/monitor.h"
#include "fuzz.h"
#include "http/access.h"
#include "http/api.h"

namespace {

using graphiqa::Api;
using graphiqa::Monitor;
using graphiqa::Request;
using graphiqa::Response;

void Check(bool holds) {
  if (!holds) std::abort();
}

/// A monitor with a channel and an alarm. Nothing in it moves: nobody ticks.
class Subject {
 public:
  Subject() {
    gst_init(nullptr, nullptr);
    graphiqa::SilenceLog();
    std::string folder = "/tmp/fuzz-http-XXXXXX";
    Check(mkdtemp(folder.data()) != nullptr);
    graphiqa::Configuration configuration;
    configuration.storage.folder = folder;
    graphiqa::ChannelSettings channel;
    channel.id = "a";
    channel.name = "A \"B\" <C>";
    channel.source.uri = "file:///nonexistent";
    configuration.channels.push_back(channel);
    Fill(folder, configuration);
    monitor_ = std::make_unique<Monitor>(configuration);
    std::filesystem::remove_all(folder);  // SQLite holds on to it
    api_ = std::make_unique<Api>(monitor_.get(),
                                 [] { return graphiqa::HttpCounts(); });
  }

  Response Ask(const Request& request) { return api_->Answer(request); }

 private:
  /// What an earlier life left behind.
  static void Fill(const std::string& folder,
                   const graphiqa::Configuration& configuration) {
    graphiqa::Database database(folder + "/monitor.sqlite");
    graphiqa::History history(&database);
    graphiqa::Alarm alarm;
    alarm.id = 1;
    alarm.channel = configuration.channels[0].id;
    alarm.kind = "signal-lost";
    alarm.raised_at = 1'000'000'000;
    history.SaveAlarm(alarm);
  }

  std::unique_ptr<Monitor> monitor_;
  std::unique_ptr<Api> api_;
};

/// Up to the line's end, which is dropped from the text.
std::string TakeLine(std::string* text) {
  const size_t end = std::min(text->find('\n'), text->size());
  const std::string line = text->substr(0, end);
  text->erase(0, end + 1);
  return line;
}

Request RequestFrom(std::string text) {
  Request request;
  request.method = TakeLine(&text);
  request.path = TakeLine(&text);
  std::string query = TakeLine(&text);
  request.content_type = TakeLine(&text);
  request.accept = TakeLine(&text);
  request.body = text;
  while (!query.empty()) {
    const size_t end = std::min(query.find('&'), query.size());
    const std::string pair = query.substr(0, end);
    query.erase(0, end + 1);
    const size_t equals = std::min(pair.find('='), pair.size());
    request.query[pair.substr(0, equals)] =
        pair.substr(std::min(equals + 1, pair.size()));
  }
  return request;
}

void CheckResponse(const Response& response) {
  static const std::set<int> known = {200, 400, 404, 405, 415};
  Check(known.count(response.status) == 1);
  if (response.status != 200) Check(response.type == "application/json");
  if (response.type != "application/json") return;
  const graphiqa::Json body = graphiqa::Json::Parse(response.body, "answer");
  if (response.status != 200) Check(!body.GetString("error").empty());
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static Subject& subject = *new Subject;  // never goes: threads of its own
  const std::string text(reinterpret_cast<const char*>(data), size);
  const Request request = RequestFrom(text);
  // The Host and Authorization headers come before the rest is looked at.
  graphiqa::HostAllowed(text, {"monitor.example"});
  Check(!graphiqa::HasToken(text, "a token that nobody guesses"));
  // A restart would make a pipeline and a thread each time.
  const bool restart = request.path.find("restart") != std::string::npos;
  if (restart && request.path.find("/a/") != std::string::npos) return 0;
  CheckResponse(subject.Ask(request));
  return 0;
}
