// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "alarm/alarm_book.h"
#include "app/channel_watch.h"
#include "config/settings.h"
#include "metrics/histogram.h"
#include "output/outputs.h"
#include "store/history.h"
#include "store/spool.h"

namespace graphiqa {

/// Everything that watches, without the ways to look at it. Of the main thread.
class Monitor {
 public:
  using Channels = std::map<std::string, std::unique_ptr<ChannelWatch>>;
  using Listener = std::function<void(const AlarmEvent&)>;

  /// Opens the storage and starts the channels.
  /// @throws Error(kFile)
  explicit Monitor(const Configuration& configuration);
  ~Monitor();
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;

  /// Takes a new configuration: channels and outputs that are the same go on
  /// untouched. A new storage folder or spool counts from the next start.
  void Configure(const Configuration& configuration);

  /// To be called a few times a second.
  void Tick(double now, double unix_now);

  /// Begins to end: no channel plays from now on; alarms stay open.
  void BeginDrain();
  /// Channels are down and outputs that work have taken all.
  bool drained();

  /// @returns null when no such alarm is open
  const Alarm* Acknowledge(int64_t id, const std::string& by,
                           const std::string& comment);

  /// Called for each event.
  void set_listener(Listener listener) { listener_ = std::move(listener); }

  /// How the passes of the engine are read, views in each.
  void set_batches(std::function<Histogram()> read) {
    batches_ = std::move(read);
  }
  Histogram batches() const {
    return batches_ ? batches_() : BatchHistogram({}, 0);
  }
  /// Of all frames that any channel has had scored, in seconds.
  const Histogram& latencies() const { return latencies_; }

  const Channels& channels() const { return channels_; }
  ChannelWatch* Find(const std::string& id);
  History& history() { return history_; }
  Outputs& outputs() { return outputs_; }
  const AlarmBook& book() const { return book_; }
  const Configuration& configuration() const { return configuration_; }
  bool draining() const { return draining_; }
  /// Why the disk does not take what is measured; empty when it does.
  const std::string& storage_trouble() const { return storage_trouble_; }
  uint64_t reloads() const { return reloads_; }
  double started_at() const { return started_at_; }

 private:
  void Note(const AlarmEvent& event);
  void StartChannels();
  void TickChannels(double now, double unix_now);
  void RestoreAlarms();
  void RestoreErrors(ChannelWatch* watch);
  void UpdateBook(double unix_now);
  void MakeThumbnails(double now);
  /// Writes events, points and moments; events stay for later when that fails.
  void Write(double now);
  void WriteAll(const std::vector<Thumbnail>& moments);
  void Prune(double now, double unix_now);

  Configuration configuration_;
  Database database_;
  Spool spool_;
  History history_;
  Outputs outputs_;
  AlarmBook book_;
  Channels channels_;
  std::vector<std::unique_ptr<ChannelWatch>> leaving_;  ///< until closed
  Thumbnailer thumbnailer_;
  std::vector<Thumbnail> new_thumbnails_;
  std::deque<AlarmEvent> unsaved_;
  Listener listener_;
  std::function<Histogram()> batches_;
  Histogram latencies_ = LatencyHistogram();
  std::string storage_trouble_;
  double next_write_ = 0;
  double next_prune_ = 0;
  double started_at_;
  uint64_t reloads_ = 0;
  bool draining_ = false;
};

}  // namespace graphiqa
