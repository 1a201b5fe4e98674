// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqalive.h"

#include <chrono>
#include <exception>
#include <utility>

#include "thread_policy.h"

namespace graphiqa {
namespace {

/// The exception in flight as the project's own. Whatever goes wrong with one
/// frame before it reaches the engine is that frame's fault.
Error CurrentError() {
  try {
    throw;
  } catch (const Error& error) {
    return error;
  } catch (const std::exception& error) {
    return Error(ErrorCode::kFormat, error.what());
  } catch (...) {
    return Error(ErrorCode::kFormat, "unknown error");
  }
}

}  // namespace

void LiveScoring::Renew() {
  desk_ = std::make_shared<Desk>();
  health_.Reset();
  engine_open_ = true;
}

void LiveScoring::Start() {
  Forget();
  {
    const Lock lock(desk_->mutex);
    cancel_ = stopping_ = failed_ = false;
  }
  thread_ = std::thread([this] { Work(); });
}

void LiveScoring::Stop() {
  if (!thread_.joinable()) return;
  {
    const Lock lock(desk_->mutex);
    stopping_ = true;
    desk_->changed.notify_all();
  }
  thread_.join();
  Forget();
  const std::shared_ptr<Scorer> scorer = engine_->scorer();
  if (scorer) scorer->Cancel();
}

LiveKnowledge LiveScoring::Known() const {
  const Lock lock(desk_->mutex);
  return {newest_, failed_};
}

bool LiveScoring::Offer(LiveFrame frame) {
  std::optional<LiveFrame> replaced(std::move(frame));
  bool due = false;
  {
    const Lock lock(desk_->mutex);
    waiting_.swap(replaced);
    due = FrameIsDue();
  }
  // While a frame is being scored its end wakes the other thread; to wake it
  // here as well would take the processor from the stream.
  if (due) desk_->changed.notify_all();
  return replaced.has_value();
}

void LiveScoring::Forget() {
  std::optional<LiveFrame> dropped;
  const Lock lock(desk_->mutex);
  ++generation_;
  dropped.swap(waiting_);
  newest_.reset();
  failed_ = health_.lost();
  cancel_ = desk_->scoring;
  desk_->changed.notify_all();
}

void LiveScoring::ReleaseBuffers() {
  std::optional<LiveFrame> dropped;
  Lock lock(desk_->mutex);
  dropped.swap(waiting_);
  desk_->changed.wait(lock, [this] { return !cutting_; });
}

void LiveScoring::Refuse(const Error& error, const FrameTimes& times) {
  std::optional<HealthNews> news;
  {
    const Lock lock(desk_->mutex);
    news = health_.Failed(error, gst_util_get_timestamp());
  }
  listener_->OnFailed();
  Tell(news, times);
}

// --- The background thread ---------------------------------------------------

void LiveScoring::Work() {
  WakeUpPolitely();
  Lock lock(desk_->mutex);
  while (AwaitWork(&lock)) {
    if (cancel_) {
      cancel_ = false;
      lock.unlock();
      const std::shared_ptr<Scorer> scorer = engine_->scorer();
      if (scorer) scorer->Cancel();
      lock.lock();
    } else if (desk_->answer) {
      Answer answer = *std::exchange(desk_->answer, std::nullopt);
      const bool wanted = answer.generation == generation_;
      lock.unlock();
      if (wanted) Take(std::move(answer));
      lock.lock();
    } else if (!engine_open_) {
      lock.unlock();
      Reopen();
      lock.lock();
    } else {
      ScoreWaiting(&lock);
    }
  }
}

/// Whether a frame waits that nothing but a pause keeps from being scored.
bool LiveScoring::FrameIsDue() const { return waiting_ && !desk_->scoring; }

/// @returns whether there is something to do; else it is the end
bool LiveScoring::AwaitWork(Lock* lock) {
  for (;;) {
    if (stopping_) return false;
    if (cancel_ || desk_->answer) return true;
    if (FrameIsDue() && engine_open_) return true;
    if (!FrameIsDue()) {
      desk_->changed.wait(*lock);
      continue;
    }
    const GstClockTime now = gst_util_get_timestamp();
    if (now >= health_.retry_at()) return true;
    desk_->changed.wait_for(*lock,
                            std::chrono::nanoseconds(health_.retry_at() - now));
  }
}

void LiveScoring::Reopen() {
  try {
    engine_->Reopen();
    const Lock lock(desk_->mutex);
    engine_open_ = true;
    health_.Reopened();
  } catch (...) {
    // Whatever it is, the device is still out of reach.
    const Error error(ErrorCode::kDevice, CurrentError().what());
    std::optional<HealthNews> news;
    FrameTimes times;
    {
      const Lock lock(desk_->mutex);
      news = health_.Failed(error, gst_util_get_timestamp());
      if (waiting_) times = waiting_->times;
    }
    Tell(news, times);
  }
}

/// Called and left with the lock held.
void LiveScoring::ScoreWaiting(Lock* lock) {
  Answer answer;
  answer.frame = *std::exchange(waiting_, std::nullopt);
  answer.generation = generation_;
  cutting_ = true;
  lock->unlock();
  const std::shared_ptr<Scorer> scorer = engine_->scorer();
  std::vector<ViewPixels> views;
  try {
    views = Cut(&answer, *scorer);
  } catch (...) {
    answer.error = CurrentError();
  }
  answer.frame.buffer.reset();
  lock->lock();
  cutting_ = false;
  desk_->changed.notify_all();
  if (answer.generation != generation_) return;
  desk_->scoring = !answer.error;
  lock->unlock();
  if (answer.error) {
    Take(std::move(answer));
  } else {
    Submit(scorer.get(), std::move(views), std::move(answer));
  }
  lock->lock();
}

std::vector<ViewPixels> LiveScoring::Cut(Answer* answer, const Scorer& scorer) {
  const LiveFrame& frame = answer->frame;
  if (!cutter_info_ || !gst_video_info_is_equal(&*cutter_info_, &frame.info)) {
    cutter_.SetInfo(frame.info);
    cutter_info_ = frame.info;
  }
  const MappedPicture picture(frame.info, frame.buffer.get());
  answer->width = picture.width();
  answer->height = picture.height();
  return cutter_.Cut(
      picture,
      PlanViews(scorer.model().plan, picture.width(), picture.height(),
                frame.number, static_cast<int>(frame.settings.crops)),
      scorer.model().plan.view_size_px);
}

void LiveScoring::Submit(Scorer* scorer, std::vector<ViewPixels> views,
                         Answer answer) {
  const FrameTimes times = answer.frame.times;
  const auto shared = std::make_shared<Answer>(std::move(answer));
  const auto done = [desk = desk_, shared](const QualityResult* quality,
                                           const Error* error) {
    if (quality != nullptr) shared->quality = *quality;
    if (error != nullptr) shared->error = *error;
    shared->latency = gst_util_get_timestamp() - shared->frame.arrival;
    const Lock lock(desk->mutex);
    desk->scoring = false;
    if (error == nullptr || error->code() != ErrorCode::kCancelled) {
      desk->answer = std::move(*shared);
    }
    desk->changed.notify_all();
  };
  try {
    scorer->Submit(std::move(views), done);
  } catch (...) {
    const Error error = CurrentError();
    {
      const Lock lock(desk_->mutex);
      desk_->scoring = false;
    }
    TakeFailure(error, times);
  }
}

void LiveScoring::Take(Answer answer) {
  if (answer.error) {
    TakeFailure(*answer.error, answer.frame.times);
  } else {
    TakeResult(std::move(answer));
  }
}

void LiveScoring::TakeResult(Answer answer) {
  const auto scored = std::make_shared<const ScoredFrame>(
      ScoredFrame{std::move(*answer.quality), answer.frame.times,
                  answer.latency, answer.width, answer.height});
  std::optional<HealthNews> news;
  {
    const Lock lock(desk_->mutex);
    news = health_.Scored();
    failed_ = false;
    if (answer.generation == generation_) newest_ = scored;
  }
  listener_->OnScored(*scored, answer.frame);
  Tell(news, answer.frame.times);
}

void LiveScoring::TakeFailure(const Error& error, const FrameTimes& times) {
  std::optional<HealthNews> news;
  bool lost = false;
  {
    const Lock lock(desk_->mutex);
    news = health_.Failed(error, gst_util_get_timestamp());
    failed_ = true;
    lost = health_.lost();
    engine_open_ = !lost;
  }
  listener_->OnFailed();
  Tell(news, times);
  // Without this one the others that share the engine could not replace it.
  if (lost) engine_->Close();
}

void LiveScoring::Tell(const std::optional<HealthNews>& news,
                       const FrameTimes& times) {
  if (news) listener_->OnHealth(*news, times);
}

}  // namespace graphiqa
