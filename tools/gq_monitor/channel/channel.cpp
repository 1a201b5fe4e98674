// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "channel.h"

#include <algorithm>

#include "config/describe.h"

namespace graphiqa {
namespace {

/// A pipeline that has not ended after this is left to itself.
constexpr double kEndTime = 10;
/// So many may hang; then the channel waits for one of them to end.
constexpr size_t kMaxHanging = 3;

EngineStats Sum(const EngineStats& before, const EngineStats& now) {
  EngineStats sum = now;
  sum.frames_in += before.frames_in;
  sum.scored += before.scored;
  sum.held += before.held;
  sum.skipped += before.skipped;
  sum.failed += before.failed;
  return sum;
}

void Replace(std::string* text, const std::string& from,
             const std::string& to) {
  if (from.empty()) return;
  for (size_t at = text->find(from); at != std::string::npos;
       at = text->find(from, at + to.size())) {
    text->replace(at, from.size(), to);
  }
}

}  // namespace

Channel::Channel(const ChannelSettings& settings, const EngineSettings& engine,
                 Random random)
    : settings_(settings),
      engine_(engine),
      machine_(settings.source, std::move(random)) {}

Channel::~Channel() { Close(); }

void Channel::Configure(const ChannelSettings& settings,
                        const EngineSettings& engine, double now) {
  const bool same = PipelineFingerprint(settings, engine) ==
                    PipelineFingerprint(settings_, engine_);
  settings_ = settings;
  engine_ = engine;
  machine_.Configure(settings.source);
  if (!same) Restart(now, "the configuration changed");
}

std::vector<Sample> Channel::Tick(double now) {
  Sweep();
  Observation seen;
  std::vector<Sample> samples;
  if (run_) {
    report_ = run_->Take();
    samples = std::move(report_.samples);
    report_.samples.clear();
    lost_samples_ += report_.lost_samples;
    seen = report_.seen;
    seen.error = WithoutSecrets(seen.error);
  }
  seen.can_start = CanStart(now);
  Do(machine_.Tick(now, seen), now);
  return samples;
}

void Channel::Do(ChannelMachine::Action action, double now) {
  if (action == ChannelMachine::Action::kNone) return;
  GiveUpRun(now);
  if (action == ChannelMachine::Action::kStart) {
    run_ = PipelineRun::Start(settings_.source, engine_);
  }
}

void Channel::GiveUpRun(double now) {
  if (!run_) return;
  run_->RequestStop();
  report_ = run_->Take();
  before_ = Sum(before_, report_.stats);
  report_.stats = {};
  closing_.push_back({std::move(run_), now});
  run_.reset();
}

void Channel::Sweep() {
  closing_.erase(
      std::remove_if(closing_.begin(), closing_.end(),
                     [](const Closing& one) { return one.run->finished(); }),
      closing_.end());
}

bool Channel::CanStart(double now) const {
  if (closing_.size() >= kMaxHanging) return false;
  return std::all_of(closing_.begin(), closing_.end(), [&](const Closing& one) {
    return now - one.since > kEndTime;
  });
}

/// Messages of GStreamer may quote the URI with its password.
std::string Channel::WithoutSecrets(std::string text) const {
  const std::string& uri = settings_.source.uri;
  Replace(&text, uri, PublicUri(uri));
  const size_t start = uri.find("://");
  const size_t at = uri.rfind('@', uri.find('/', start + 3));
  if (start != std::string::npos && at != std::string::npos && at > start + 3) {
    Replace(&text, uri.substr(start + 3, at - start - 2), "");
  }
  return text;
}

void Channel::Restart(double now, const std::string& reason) {
  Do(machine_.Restart(now, reason), now);
}

void Channel::Close() { GiveUpRun(0); }

bool Channel::closed() {
  Sweep();
  return !run_ && closing_.empty();
}

EngineStats Channel::stats() const { return Sum(before_, report_.stats); }

GstSample* Channel::NewestFrame() const {
  return run_ ? run_->NewestFrame() : nullptr;
}

}  // namespace graphiqa
