// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "outputs.h"

#include <glib.h>

#include <algorithm>
#include <atomic>

#include "channel/sample.h"
#include "config/describe.h"
#include "output/event_json.h"
#include "output/mqtt.h"
#include "output/webhook.h"

namespace graphiqa {

/// Brings a call from any thread to the main thread; outlives the outputs.
struct Outputs::Waker {
  Outputs* outputs = nullptr;  ///< of the main thread
  std::atomic<bool> asked{false};

  static gboolean OnIdle(gpointer data) {
    const auto& waker = *static_cast<std::shared_ptr<Waker>*>(data);
    waker->asked = false;
    if (waker->outputs == nullptr) return G_SOURCE_REMOVE;
    try {
      waker->outputs->Tick(MonotonicNow());
    } catch (const std::exception& error) {
      // The disk fails: the next regular tick meets it again, and reports it.
      g_debug("outputs: %s", error.what());
    }
    return G_SOURCE_REMOVE;
  }

  static void Free(gpointer data) {
    delete static_cast<std::shared_ptr<Waker>*>(data);
  }
};

Outputs::Outputs(Spool* spool)
    : spool_(spool), waker_(std::make_shared<Waker>()) {
  waker_->outputs = this;
}

Outputs::~Outputs() { waker_->outputs = nullptr; }

Wake Outputs::MakeWake() {
  return [waker = waker_] {
    if (waker->asked.exchange(true)) return;
    g_idle_add_full(G_PRIORITY_DEFAULT, Waker::OnIdle,
                    new std::shared_ptr<Waker>(waker), Waker::Free);
  };
}

void Outputs::Keep(const std::string& name, const std::string& fingerprint,
                   std::map<std::string, Entry>* before,
                   const std::function<std::unique_ptr<Sink>()>& make) {
  const auto old = before->find(name);
  if (old != before->end() && old->second.fingerprint == fingerprint) {
    entries_[name] = std::move(old->second);
    return;
  }
  Entry entry;
  entry.fingerprint = fingerprint;
  entry.deliverer =
      std::make_unique<Deliverer>(name, spool_, make(), SystemRandom());
  entries_[name] = std::move(entry);
}

void Outputs::Configure(const OutputSettings& settings) {
  spool_->set_limit(settings.spool_limit);
  std::map<std::string, Entry> before;
  before.swap(entries_);
  for (const WebhookSettings& webhook : settings.webhooks) {
    Keep(webhook.name, OutputFingerprint(webhook), &before,
         [&] { return std::make_unique<WebhookSink>(webhook, MakeWake()); });
  }
  for (const MqttSettings& mqtt : settings.mqtts) {
    Keep(mqtt.name, OutputFingerprint(mqtt), &before,
         [&] { return std::make_unique<MqttSink>(mqtt, MakeWake()); });
  }
}

void Outputs::Add(const AlarmEvent& event) {
  Spooled spooled;
  spooled.id = EventId(event);
  spooled.channel = event.alarm.channel;
  spooled.body = EventJson(event, g_get_host_name()).Dump();
  for (auto& [name, entry] : entries_) {
    entry.pushed_out += spool_->Add(name, spooled);
  }
}

void Outputs::Tick(double now) {
  for (auto& [name, entry] : entries_) entry.deliverer->Tick(now);
}

std::vector<OutputStatus> Outputs::status() {
  std::vector<OutputStatus> all;
  for (const auto& [name, entry] : entries_) {
    OutputStatus status;
    status.name = name;
    status.waiting = spool_->Waiting(name);
    status.delivered = entry.deliverer->delivered();
    status.failures = entry.deliverer->failures();
    status.lost = entry.deliverer->given_up() + entry.pushed_out;
    status.trouble = entry.deliverer->trouble();
    all.push_back(status);
  }
  return all;
}

bool Outputs::idle() {
  // A tick starts to send whatever can be sent: what still waits after it waits
  // for the other side.
  return std::none_of(entries_.begin(), entries_.end(), [](const auto& one) {
    return one.second.deliverer->sending();
  });
}

}  // namespace graphiqa
