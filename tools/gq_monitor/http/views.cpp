// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "views.h"

#include <cmath>

#include "config/describe.h"
#include "output/event_json.h"

namespace graphiqa {
namespace {

/// Numbers as people read them: the rest of the digits is noise.
double Round(double value, double step) {
  return std::round(value / step) * step;
}

Json Number(const std::optional<double>& value, double digits = 100) {
  return value ? Json(std::round(*value * digits) / digits) : Json();
}

Json Text(const std::optional<std::string>& text) {
  return text ? Json(Utf8(*text)) : Json();
}

double WallTimeOf(double monotonic) {
  return WallNow() - (MonotonicNow() - monotonic);
}

Json RecentView(const ChannelWatch& watch) {
  Json::Array recent;
  for (const CurvePoint& point : watch.recent()) {
    recent.push_back(Number(point.mean, 10));
  }
  return recent;
}

Json OpenAlarmsView(const Monitor& monitor, const std::string& channel) {
  Json::Array open;
  for (const Alarm& alarm : monitor.book().Open(channel)) {
    open.push_back(Json::Object{{"id", alarm.id},
                                {"kind", Utf8(alarm.kind)},
                                {"severity", alarm.severity},
                                {"reason", Utf8(alarm.reason)},
                                {"raised_at", FormatTime(alarm.raised_at)},
                                {"acknowledged", alarm.acknowledged_at > 0}});
  }
  return open;
}

Json ErrorSecondsView(const ErrorSeconds& errors) {
  const auto now = static_cast<int64_t>(WallNow());
  return Json::Object{{"hour", errors.LastHour(now)},
                      {"day", errors.LastDay(now)}};
}

void SetQuality(const ChannelWatch& watch, Json* view) {
  const Sample none;
  const Sample& sample = watch.newest() ? *watch.newest() : none;
  view->Set("score", Number(sample.score));
  view->Set("uncertainty", Number(sample.uncertainty));
  view->Set("distortion", Text(sample.distortion));
  view->Set("confidence", Number(sample.confidence));
  view->Set("level", Number(sample.level));
  const Baseline& baseline = watch.alarms().baseline();
  view->Set("usual_score",
            baseline.known() ? Number(baseline.usual()) : Json());
}

}  // namespace

Json ChannelView(const Monitor& monitor, const ChannelWatch& watch) {
  const Channel& channel = watch.channel();
  const ChannelMachine& machine = channel.machine();
  const bool playing = machine.state() == ChannelState::kPlaying;
  Json view = Json::Object{
      {"id", watch.settings().id},
      {"name", Utf8(watch.settings().name)},
      {"state", ToString(machine.state())},
      {"reason", Utf8(machine.reason())},
      {"since", FormatTime(WallTimeOf(machine.since()))},
      {"picture", playing && !channel.picture().empty()
                      ? Json(Utf8(channel.picture()))
                      : Json()},
      {"maintenance", watch.maintenance()},
      {"alarms", OpenAlarmsView(monitor, watch.settings().id)},
      {"error_seconds", ErrorSecondsView(watch.errors())},
      {"recent", RecentView(watch)},
      {"thumbnail_at", watch.thumbnail()
                           ? Json(FormatTime(watch.thumbnail()->unix_time))
                           : Json()}};
  SetQuality(watch, &view);
  return view;
}

Json ChannelDetails(const Monitor& monitor, const ChannelWatch& watch) {
  const Channel& channel = watch.channel();
  const EngineStats stats = channel.stats();
  Json view = ChannelView(monitor, watch);
  view.Set("uri", Utf8(PublicUri(watch.settings().source.uri)));
  view.Set("mode", channel.mode());
  view.Set("model",
           watch.newest() ? Json(Utf8(watch.newest()->model)) : Json());
  view.Set("health", Utf8(channel.health()));
  view.Set("reconnects", channel.machine().reconnects());
  view.Set("frames", Json::Object{{"in", stats.frames_in},
                                  {"scored", stats.scored},
                                  {"held", stats.held},
                                  {"skipped", stats.skipped},
                                  {"failed", stats.failed}});
  view.Set("latency_s",
           Json::Object{{"p50", Round(stats.latency_p50_s, 1e-4)},
                        {"p99", Round(stats.latency_p99_s, 1e-4)}});
  view.Set("alarm_settings", DescribeAlarms(watch.settings().alarms));
  return view;
}

Json WallView(const Monitor& monitor) {
  Json::Array channels;
  for (const auto& [id, watch] : monitor.channels()) {
    channels.push_back(ChannelView(monitor, *watch));
  }
  return channels;
}

Json CurveView(int64_t step, const std::vector<CurvePoint>& points) {
  Json::Array list;
  for (const CurvePoint& point : points) {
    list.push_back(Json::Object{{"t", point.time},
                                {"samples", point.samples},
                                {"mean", Number(point.mean)},
                                {"low", Number(point.low)},
                                {"high", Number(point.high)},
                                {"uncertainty", Number(point.uncertainty)},
                                {"level", Number(point.level)},
                                {"distortion", Text(point.distortion)},
                                {"picture", Utf8(point.picture)},
                                {"error_seconds", point.error_seconds}});
  }
  return Json::Object{{"step_s", step}, {"points", list}};
}

Json MomentsView(const std::vector<Moment>& moments) {
  Json::Array list;
  for (const Moment& moment : moments) {
    list.push_back(Json::Object{{"id", moment.id},
                                {"time", FormatTime(moment.time)},
                                {"score", Number(moment.score)},
                                {"distortion", Text(moment.distortion)},
                                {"level", Number(moment.level)}});
  }
  return Json::Object{{"moments", list}};
}

Json AlarmsView(const std::vector<Alarm>& alarms) {
  Json::Array list;
  for (const Alarm& alarm : alarms) list.push_back(AlarmJson(alarm));
  return Json::Object{{"alarms", list}};
}

Json StatusView(Monitor* monitor) {
  int playing = 0;
  for (const auto& [id, watch] : monitor->channels()) {
    playing +=
        watch->channel().machine().state() == ChannelState::kPlaying ? 1 : 0;
  }
  Json::Array outputs;
  for (const OutputStatus& output : monitor->outputs().status()) {
    outputs.push_back(Json::Object{{"name", Utf8(output.name)},
                                   {"waiting", output.waiting},
                                   {"delivered", output.delivered},
                                   {"failures", output.failures},
                                   {"lost", output.lost},
                                   {"trouble", Utf8(output.trouble)}});
  }
  return Json::Object{
      {"version", GRAPHIQA_VERSION},
      {"started_at", FormatTime(monitor->started_at())},
      {"time", FormatTime(WallNow())},
      {"channels", static_cast<int64_t>(monitor->channels().size())},
      {"playing", playing},
      {"open_alarms", static_cast<int64_t>(monitor->book().Open().size())},
      {"storage_trouble", Utf8(monitor->storage_trouble())},
      {"outputs", outputs}};
}

}  // namespace graphiqa
