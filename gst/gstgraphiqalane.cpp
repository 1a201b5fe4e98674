// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqalane.h"

#include <algorithm>
#include <utility>

namespace graphiqa {
namespace {

/// Events and queries inside at one time; a sender of more waits.
constexpr size_t kMaxOthers = 256;

/// Events after which frames have a meaning again.
bool StartsAnew(const GstEvent* event) {
  return GST_EVENT_TYPE(event) == GST_EVENT_STREAM_START ||
         GST_EVENT_TYPE(event) == GST_EVENT_SEGMENT ||
         GST_EVENT_TYPE(event) == GST_EVENT_EOS;
}

}  // namespace

void FrameLane::Open() {
  const std::lock_guard<std::mutex> lock(sync_->mutex);
  DropAll();
  flow_ = GST_FLOW_OK;
  skipping_ = false;
  end_inside_ = false;
}

void FrameLane::Close() {
  const std::lock_guard<std::mutex> lock(sync_->mutex);
  flow_ = GST_FLOW_FLUSHING;
  DropAll();
  sync_->changed.notify_all();
}

void FrameLane::DropAll() {
  items_.clear();
  frames_ = 0;
  if (query_taken_) return;
  query_waits_ = false;
  query_result_ = false;
}

GstFlowReturn FrameLane::WaitForRoom(guint most) {
  std::unique_lock<std::mutex> lock(sync_->mutex);
  sync_->changed.wait(lock, [&] {
    return flow_ != GST_FLOW_OK || skipping_ || frames_ < most;
  });
  if (flow_ != GST_FLOW_OK) return flow_;
  return skipping_ || end_inside_ ? GST_FLOW_EOS : GST_FLOW_OK;
}

void FrameLane::PutFrame(HeldFrame frame) {
  const std::lock_guard<std::mutex> lock(sync_->mutex);
  if (flow_ != GST_FLOW_OK || skipping_) return;
  items_.push_back({std::move(frame), nullptr, nullptr});
  ++frames_;
  sync_->changed.notify_all();
}

GstFlowReturn FrameLane::PutEvent(GstEvent* event) {
  EventPtr owned(event);
  std::unique_lock<std::mutex> lock(sync_->mutex);
  const bool is_end = GST_EVENT_TYPE(event) == GST_EVENT_EOS;
  if (flow_ == GST_FLOW_EOS && StartsAnew(event) && !is_end) {
    flow_ = GST_FLOW_OK;
  }
  sync_->changed.wait(lock, [&] {
    return flow_ != GST_FLOW_OK || items_.size() - frames_ < kMaxOthers;
  });
  if (flow_ != GST_FLOW_OK) return flow_;
  if (StartsAnew(event)) {
    skipping_ = false;
    end_inside_ = is_end;
  }
  items_.push_back({{}, std::move(owned), nullptr});
  sync_->changed.notify_all();
  return GST_FLOW_OK;
}

bool FrameLane::AskInTurn(GstQuery* query) {
  std::unique_lock<std::mutex> lock(sync_->mutex);
  if (flow_ != GST_FLOW_OK) return false;
  query_waits_ = true;
  query_result_ = false;
  items_.push_back({{}, nullptr, query});
  sync_->changed.notify_all();
  sync_->changed.wait(lock, [this] { return !query_waits_; });
  return query_result_;
}

Scorer::Callback FrameLane::Deliver(
    const std::shared_ptr<Verdict>& verdict) const {
  return [sync = sync_, verdict](const QualityResult* quality,
                                 const Error* error) {
    const std::lock_guard<std::mutex> lock(sync->mutex);
    verdict->latency = gst_util_get_timestamp() - verdict->arrival;
    if (quality != nullptr) verdict->quality = *quality;
    if (error != nullptr) verdict->error = *error;
    verdict->done = true;
    sync->changed.notify_all();
  };
}

bool FrameLane::HeadReady() const {
  if (items_.empty()) return false;
  const Verdict* verdict = items_.front().frame.verdict.get();
  return verdict == nullptr || verdict->done;
}

std::optional<LaneItem> FrameLane::Take() {
  std::unique_lock<std::mutex> lock(sync_->mutex);
  sync_->changed.wait(lock, [this] {
    return flow_ == GST_FLOW_FLUSHING || (flow_ == GST_FLOW_OK && HeadReady());
  });
  if (flow_ != GST_FLOW_OK) return std::nullopt;
  std::optional<LaneItem> item(std::move(items_.front()));
  items_.pop_front();
  if (item->is_frame()) --frames_;
  if (item->query != nullptr) query_taken_ = true;
  sync_->changed.notify_all();
  return item;
}

void FrameLane::Answer(bool result) {
  const std::lock_guard<std::mutex> lock(sync_->mutex);
  query_result_ = result;
  query_waits_ = false;
  query_taken_ = false;
  sync_->changed.notify_all();
}

bool FrameLane::Fail(GstFlowReturn flow) {
  const std::lock_guard<std::mutex> lock(sync_->mutex);
  if (flow_ == GST_FLOW_OK) flow_ = flow;
  DropAll();
  sync_->changed.notify_all();
  return end_inside_;
}

void FrameLane::SkipSegment() {
  const std::lock_guard<std::mutex> lock(sync_->mutex);
  const auto anew =
      std::find_if(items_.begin(), items_.end(), [](const LaneItem& item) {
        return item.event && StartsAnew(item.event.get());
      });
  skipping_ = anew == items_.end();
  const auto dropped =
      std::remove_if(items_.begin(), anew,
                     [](const LaneItem& item) { return item.is_frame(); });
  frames_ -= static_cast<guint>(anew - dropped);
  items_.erase(dropped, anew);
  sync_->changed.notify_all();
}

void FrameLane::Relink() {
  const std::lock_guard<std::mutex> lock(sync_->mutex);
  if (flow_ == GST_FLOW_NOT_LINKED) flow_ = GST_FLOW_OK;
}

void FrameLane::Finish() {
  const std::lock_guard<std::mutex> lock(sync_->mutex);
  if (flow_ == GST_FLOW_OK && items_.empty()) flow_ = GST_FLOW_EOS;
  sync_->changed.notify_all();
}

}  // namespace graphiqa
