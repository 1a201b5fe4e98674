// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "api.h"

#include <glib.h>

#include <algorithm>
#include <optional>
#include <set>

#include "app/log.h"
#include "http/views.h"
#include "metrics/metrics_text.h"
#include "output/event_json.h"
#include "page/assets.h"

namespace graphiqa {
namespace {

constexpr int64_t kHour = 3600;
constexpr int64_t kDay = 86400;
constexpr int64_t kMaxPoints = 2000;
constexpr int64_t kMaxAlarms = 1000;
constexpr glong kLongestName = 100;
constexpr glong kLongestComment = 1000;
const JsonLimits kBodyLimits{8, 100};

Response Ok(const Json& body) { return {200, "application/json", body.Dump()}; }

Response Problem(int status, const std::string& reason) {
  return {status, "application/json",
          Json(Json::Object{{"error", Utf8(reason)}}).Dump()};
}

Response NotFound() { return Problem(404, "there is no such thing"); }

Response Picture(const std::string& jpeg) {
  if (jpeg.empty()) return NotFound();
  return {200, "image/jpeg", jpeg};
}

std::vector<std::string> Split(const std::string& path) {
  std::vector<std::string> parts;
  for (size_t at = 1; at <= path.size();) {
    const size_t end = std::min(path.find('/', at), path.size());
    parts.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

/// A whole number above 0.
std::optional<int64_t> ParseId(const std::string& text) {
  guint64 value = 0;
  if (g_ascii_string_to_unsigned(text.c_str(), 10, 1, G_MAXINT64, &value,
                                 nullptr) == FALSE) {
    return std::nullopt;
  }
  return static_cast<int64_t>(value);
}

std::string Get(const Request& request, const std::string& key,
                const std::string& fallback) {
  const auto found = request.query.find(key);
  return found != request.query.end() ? found->second : fallback;
}

/// The body. @throws Error(kFormat) unless it is an object of these keys alone
Json ObjectOf(const Request& request, const std::set<std::string>& keys) {
  Json body = Json::Parse(request.body, "body", kBodyLimits);
  for (const Json::Member& member : body.AsObject("body")) {
    if (keys.count(member.first) == 0) {
      throw Error(ErrorCode::kFormat, "body: unknown key " + member.first);
    }
  }
  return body;
}

/// A member of the body: text, not too long, "" when absent.
std::string TextOf(const Json& body, const std::string& key, glong longest) {
  const Json* value = body.Find(key);
  if (value == nullptr) return "";
  const std::string& text = value->AsString(key);
  const glong length =
      g_utf8_strlen(text.data(), static_cast<gssize>(text.size()));
  if (length > longest) {
    throw Error(
        ErrorCode::kFormat,
        key + " is longer than " + std::to_string(longest) + " characters");
  }
  return text;
}

}  // namespace

Api::Api(Monitor* monitor, std::function<HttpCounts()> counts)
    : monitor_(monitor), counts_(std::move(counts)) {}

bool Api::IsOpen(const std::string& path) {
  return path == "/healthz" || path == "/readyz" || FindAsset(path) != nullptr;
}

const char* Api::MethodsOf(const std::string& path) {
  const std::vector<std::string> parts = Split(path);
  const bool action = parts.size() == 5 && parts[0] == "api" &&
                      parts[1] == "v1" &&
                      ((parts[2] == "alarms" && parts[4] == "acknowledge") ||
                       (parts[2] == "channels" && parts[4] == "restart"));
  return action ? "POST" : "GET, HEAD";
}

Response Api::Answer(const Request& request) {
  try {
    return Route(request);
  } catch (const std::exception& error) {
    Log("error", "request-failed",
        {{"path", request.path}, {"reason", error.what()}});
    return Problem(500, "this failed; the log says why");
  }
}

Response Api::Route(const Request& request) {
  const std::vector<std::string> parts = Split(request.path);
  if (parts.size() >= 2 && parts[0] == "api" && parts[1] == "v1") {
    return AnswerApi(request, {parts.begin() + 2, parts.end()});
  }
  if (request.method != "GET") return Problem(405, "only GET is possible here");
  if (request.path == "/healthz") return {200, "text/plain", "ok\n"};
  if (request.path == "/readyz") return Ready();
  if (request.path == "/metrics") {
    const bool open_metrics = WantsOpenMetrics(request.accept);
    return {200, MetricsType(open_metrics),
            CollectMetrics(monitor_, counts_(), open_metrics)};
  }
  const Asset* asset = FindAsset(request.path);
  if (asset != nullptr) return {200, asset->type, asset->body};
  return NotFound();
}

Response Api::Ready() const {
  if (monitor_->draining()) return {503, "text/plain", "draining\n"};
  if (!monitor_->storage_trouble().empty()) {
    return {503, "text/plain", "the storage fails\n"};
  }
  return {200, "text/plain", "ready\n"};
}

Response Api::AnswerApi(const Request& request,
                        const std::vector<std::string>& parts) {
  if (parts.size() == 3 && parts[0] == "alarms" && parts[2] == "acknowledge") {
    return Acknowledge(request, parts[1]);
  }
  if (parts.size() == 3 && parts[0] == "channels" && parts[2] == "restart") {
    return Restart(request, monitor_->Find(parts[1]));
  }
  if (request.method != "GET") return Problem(405, "only GET is possible here");
  if (parts.size() == 1 && parts[0] == "status")
    return Ok(StatusView(monitor_));
  if (parts.size() == 1 && parts[0] == "alarms") return Alarms(request);
  if (parts.empty() || parts[0] != "channels") return NotFound();
  if (parts.size() > 1) return AnswerChannel(request, parts);
  return Ok(Json::Object{{"channels", WallView(*monitor_)}});
}

Response Api::AnswerChannel(const Request& request,
                            const std::vector<std::string>& parts) {
  const std::string& id = parts[1];
  const ChannelWatch* watch = monitor_->Find(id);
  if (watch == nullptr) return Problem(404, "there is no channel " + id);
  if (parts.size() == 2) return Ok(ChannelDetails(*monitor_, *watch));
  if (parts.size() == 4 && parts[2] == "moments") {
    const auto number = ParseId(parts[3]);
    if (!number) return NotFound();
    return Picture(monitor_->history().MomentPicture(id, *number));
  }
  if (parts.size() != 3) return NotFound();
  if (parts[2] == "history") return History(request, id);
  if (parts[2] == "moments") return Moments(id);
  if (parts[2] == "thumbnail") {
    return Picture(watch->thumbnail() ? watch->thumbnail()->jpeg : "");
  }
  return NotFound();
}

Response Api::History(const Request& request, const std::string& channel) {
  const std::string range = Get(request, "range", "hour");
  if (range != "hour" && range != "day") {
    return Problem(400, "range must be hour or day");
  }
  const bool hour = range == "hour";
  const int64_t step = hour ? kFineStep : kCoarseStep;
  const auto now = static_cast<int64_t>(WallNow());
  return Ok(CurveView(step, monitor_->history().Curve(
                                channel, step, now - (hour ? kHour : kDay),
                                now + step, kMaxPoints)));
}

Response Api::Moments(const std::string& channel) {
  const int64_t most =
      std::max<int64_t>(1, monitor_->configuration().storage.moments);
  return Ok(MomentsView(monitor_->history().Moments(
      channel, WallNow() - static_cast<double>(kDay), most)));
}

Response Api::Alarms(const Request& request) {
  const std::string state = Get(request, "state", "open");
  const std::string channel = Get(request, "channel", "");
  const auto limit = ParseId(Get(request, "limit", "100"));
  if (state != "open" && state != "all") {
    return Problem(400, "state must be open or all");
  }
  if (!limit || *limit > kMaxAlarms) {
    return Problem(400, "limit must be a number from 1 to 1000");
  }
  if (state == "all") {
    return Ok(AlarmsView(monitor_->history().Alarms(channel, *limit)));
  }
  std::vector<Alarm> open = monitor_->book().Open(channel);
  std::reverse(open.begin(), open.end());  // newest first
  if (open.size() > static_cast<size_t>(*limit)) {
    open.resize(static_cast<size_t>(*limit));
  }
  return Ok(AlarmsView(open));
}

Response Api::Acknowledge(const Request& request, const std::string& id) {
  if (request.method != "POST") return Problem(405, "this takes POST");
  // A form of a foreign page cannot send this type without being asked first.
  if (request.content_type != "application/json") {
    return Problem(415, "the body must be application/json");
  }
  std::string by;
  std::string comment;
  try {
    const Json body = ObjectOf(request, {"by", "comment"});
    by = TextOf(body, "by", kLongestName);
    comment = TextOf(body, "comment", kLongestComment);
  } catch (const Error& error) {
    return Problem(400, error.what());
  }
  const auto number = ParseId(id);
  const Alarm* alarm =
      number ? monitor_->Acknowledge(*number, by, comment) : nullptr;
  if (alarm == nullptr) return Problem(404, "no such alarm is open");
  return Ok(AlarmJson(*alarm));
}

Response Api::Restart(const Request& request, ChannelWatch* watch) {
  if (request.method != "POST") return Problem(405, "this takes POST");
  if (request.content_type != "application/json") {
    return Problem(415, "the body must be application/json");
  }
  try {
    ObjectOf(request, {});
  } catch (const Error& error) {
    return Problem(400, error.what());
  }
  if (watch == nullptr) return NotFound();
  watch->channel().Restart(MonotonicNow(), "restart was asked for");
  Log("info", "channel-restart-asked", {{"channel", watch->settings().id}});
  return Ok(ChannelView(*monitor_, *watch));
}

}  // namespace graphiqa
