// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "monitor.h"

#include <glib.h>

#include <algorithm>

#include "app/log.h"
#include "config/describe.h"
#include "output/event_json.h"

namespace graphiqa {
namespace {

constexpr size_t kMaxUnsaved = 100'000;
constexpr double kRetryWrite = 5;
constexpr double kPruneEvery = 30;
constexpr int64_t kPruneRows = 5000;
constexpr double kSpoolKept = 30 * 86400.0;
constexpr int64_t kDay = 86400;

/// Makes the folder, for this user alone: pictures of channels lie in it.
std::string StorageFile(const StorageSettings& storage) {
  if (g_mkdir_with_parents(storage.folder.c_str(), 0700) != 0) {
    throw Error(ErrorCode::kFile,
                storage.folder + ": the storage folder cannot be made");
  }
  return storage.folder + "/monitor.sqlite";
}

}  // namespace

Monitor::Monitor(const Configuration& configuration)
    : configuration_(configuration),
      database_(StorageFile(configuration.storage)),
      spool_(&database_, configuration.outputs.spool_limit),
      history_(&database_),
      outputs_(&spool_),
      book_(history_.NextAlarmId(),
            [this](const AlarmEvent& event) { Note(event); }),
      started_at_(WallNow()) {
  outputs_.Configure(configuration_.outputs);
  StartChannels();
  RestoreAlarms();
}

Monitor::~Monitor() = default;

void Monitor::Note(const AlarmEvent& event) {
  unsaved_.push_back(event);
  // The log and the pages do not depend on the disk.
  Log(event.type == "raised" ? "warning" : "info", "alarm-" + event.type,
      {{"alarm", AlarmJson(event.alarm)}});
  if (listener_) listener_(event);
}

void Monitor::StartChannels() {
  for (const ChannelSettings& settings : configuration_.channels) {
    auto watch =
        std::make_unique<ChannelWatch>(settings, configuration_.engine);
    RestoreErrors(watch.get());
    channels_[settings.id] = std::move(watch);
  }
}

void Monitor::RestoreErrors(ChannelWatch* watch) {
  const auto now = static_cast<int64_t>(WallNow());
  for (const CurvePoint& point :
       history_.Curve(watch->settings().id, kCoarseStep, now - kDay, now + 60,
                      kDay / kCoarseStep + 1)) {
    watch->errors().Restore(point.time / 60,
                            static_cast<int>(point.error_seconds));
  }
}

void Monitor::RestoreAlarms() {
  for (const Alarm& alarm : history_.OpenAlarms()) {
    book_.Restore(alarm);
    ChannelWatch* watch = Find(alarm.channel);
    if (watch != nullptr) {
      watch->alarms().Restore(alarm.kind);
    } else {
      book_.Forget(alarm.channel, WallNow());
    }
  }
}

void Monitor::Configure(const Configuration& configuration) {
  const double now = MonotonicNow();
  Channels before;
  before.swap(channels_);
  const EngineSettings old_engine = configuration_.engine;
  const std::string folder = configuration_.storage.folder;
  configuration_ = configuration;
  configuration_.storage.folder = folder;
  for (const ChannelSettings& settings : configuration_.channels) {
    auto& watch = channels_[settings.id];
    const auto old = before.find(settings.id);
    if (old == before.end()) {
      watch = std::make_unique<ChannelWatch>(settings, configuration_.engine);
      RestoreErrors(watch.get());
      continue;
    }
    watch = std::move(old->second);
    before.erase(old);
    if (ChannelFingerprint(watch->settings(), old_engine) !=
        ChannelFingerprint(settings, configuration_.engine)) {
      watch->Configure(settings, configuration_.engine, now);
    }
  }
  for (auto& [id, watch] : before) {
    book_.Forget(id, WallNow());
    watch->channel().Close();
    leaving_.push_back(std::move(watch));
  }
  outputs_.Configure(configuration_.outputs);
  ++reloads_;
}

void Monitor::Tick(double now, double unix_now) {
  leaving_.erase(std::remove_if(leaving_.begin(), leaving_.end(),
                                [](const auto& watch) {
                                  return watch->channel().closed();
                                }),
                 leaving_.end());
  if (!draining_) {
    TickChannels(now, unix_now);
    UpdateBook(unix_now);
    MakeThumbnails(now);
  }
  Write(now);
  try {
    outputs_.Tick(now);
    Prune(now, unix_now);
  } catch (const Error& error) {
    storage_trouble_ = error.what();
  }
}

void Monitor::TickChannels(double now, double unix_now) {
  for (auto& [id, watch] : channels_) {
    watch->Tick(now, unix_now);
    for (const double latency : watch->TakeLatencies()) latencies_.Add(latency);
  }
}

void Monitor::UpdateBook(double unix_now) {
  for (auto& [id, watch] : channels_) {
    book_.Update(id, watch->settings().name, watch->alarms().states(),
                 watch->maintenance(), unix_now);
  }
}

void Monitor::MakeThumbnails(double now) {
  for (auto& [id, watch] : channels_) {
    if (!watch->WantsThumbnail(now)) continue;
    GstSample* frame = watch->channel().NewestFrame();
    if (frame == nullptr) continue;
    if (!HasScore(gst_sample_get_buffer(frame)) &&
        !watch->TakesThumbnailWithoutScore(now)) {
      gst_sample_unref(frame);
      continue;
    }
    const auto width = static_cast<int>(watch->settings().thumbnails.width);
    if (thumbnailer_.Submit(id, frame, width)) watch->NoteThumbnailAsked(now);
  }
  for (Thumbnail& made : thumbnailer_.Take()) {
    ChannelWatch* watch = Find(made.channel);
    if (watch == nullptr) continue;
    watch->SetThumbnail(made);
    new_thumbnails_.push_back(std::move(made));
  }
}

void Monitor::Write(double now) {
  if (now < next_write_) return;
  std::vector<Thumbnail> moments;
  moments.swap(new_thumbnails_);
  try {
    WriteAll(moments);
    if (!storage_trouble_.empty()) Log("info", "storage-works-again");
    storage_trouble_.clear();
  } catch (const Error& error) {
    if (storage_trouble_.empty()) {
      Log("error", "storage-failed", {{"reason", error.what()}});
    }
    storage_trouble_ = error.what();
    next_write_ = now + kRetryWrite;
    while (unsaved_.size() > kMaxUnsaved) unsaved_.pop_front();
  }
}

void Monitor::WriteAll(const std::vector<Thumbnail>& moments) {
  std::vector<std::pair<std::string, std::pair<int64_t, CurvePoint>>> points;
  for (auto& [id, watch] : channels_) {
    for (const auto& point : watch->TakePoints())
      points.emplace_back(id, point);
  }
  if (points.empty() && moments.empty() && unsaved_.empty()) return;
  Transaction transaction(&database_);
  for (const AlarmEvent& event : unsaved_) {
    history_.SaveAlarm(event.alarm);
    outputs_.Add(event);
  }
  for (const auto& [id, point] : points) {
    history_.AddPoint(id, point.first, point.second);
  }
  for (const Thumbnail& made : moments) {
    if (!made.sample.score || made.sample.picture != "normal") continue;
    history_.AddMoment(made.channel,
                       {0, made.unix_time, *made.sample.score,
                        ClearDistortion(made.sample), made.sample.level},
                       made.jpeg, configuration_.storage.moments);
  }
  transaction.Commit();
  unsaved_.clear();
}

void Monitor::Prune(double now, double unix_now) {
  if (now < next_prune_) return;
  const bool more = history_.Prune(static_cast<int64_t>(unix_now),
                                   configuration_.storage.curves,
                                   configuration_.storage.alarms, kPruneRows);
  spool_.Prune(unix_now - kSpoolKept);
  next_prune_ = now + (more ? 1 : kPruneEvery);
}

void Monitor::BeginDrain() {
  draining_ = true;
  for (auto& [id, watch] : channels_) watch->channel().Close();
}

bool Monitor::drained() {
  const bool down = std::all_of(
      channels_.begin(), channels_.end(),
      [](const auto& one) { return one.second->channel().closed(); });
  return down && unsaved_.empty() && outputs_.idle();
}

const Alarm* Monitor::Acknowledge(int64_t id, const std::string& by,
                                  const std::string& comment) {
  return book_.Acknowledge(id, by, comment, WallNow());
}

ChannelWatch* Monitor::Find(const std::string& id) {
  const auto found = channels_.find(id);
  return found != channels_.end() ? found->second.get() : nullptr;
}

}  // namespace graphiqa
