// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "gstgraphiqaengine.h"

#include <gst/gst.h>

#include <chrono>
#include <future>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

GST_DEBUG_CATEGORY_EXTERN(gst_graphiqa_debug);
#define GST_CAT_DEFAULT gst_graphiqa_debug

namespace graphiqa {
namespace {

constexpr auto kPatience = std::chrono::seconds(5);

/// Destroys a scorer, which waits for the device, for no longer than a while.
void LetGo(std::shared_ptr<Scorer> scorer) {
  std::promise<void> gone;
  const std::future<void> went = gone.get_future();
  std::thread closer;
  try {
    closer = std::thread(
        [last = std::move(scorer), done = std::move(gone)]() mutable {
          last.reset();
          done.set_value();
        });
  } catch (const std::system_error&) {
    return;  // no thread to be had: gone with the lambda, however long it took
  }
  if (went.wait_for(kPatience) == std::future_status::ready) {
    closer.join();
    return;
  }
  GST_WARNING("the engine does not answer: left behind");
  closer.detach();
}

}  // namespace

void EngineHandle::Open(const ScorerOptions& options) {
  Close();
  options_ = options;
  std::shared_ptr<Scorer> opened = OpenScorer(options);
  const std::lock_guard<std::mutex> lock(mutex_);
  scorer_ = std::move(opened);
  const ModelDescription& model = scorer_->model();
  model_ = model.short_hash;
  GST_INFO("model %s@%s (%s) on %s", model.name.c_str(), model_.c_str(),
           model.backbone.c_str(), model.device.c_str());
}

void EngineHandle::Reopen() {
  Close();
  std::shared_ptr<Scorer> opened = OpenScorer(options_);
  const std::string& hash = opened->model().short_hash;
  if (hash != model_) {
    throw Error(ErrorCode::kFormat, "model '" + options_.model_file +
                                        "' was replaced: it was " + model_ +
                                        " and is " + hash);
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  scorer_ = std::move(opened);
}

void EngineHandle::Close() {
  std::shared_ptr<Scorer> last;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!scorer_) return;
    at_close_ = scorer_->statistics();
    last = std::move(scorer_);
  }
  last->Cancel();
  LetGo(std::move(last));
}

std::shared_ptr<Scorer> EngineHandle::scorer() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return scorer_;
}

ScorerStatistics EngineHandle::statistics() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return scorer_ ? scorer_->statistics() : at_close_;
}

}  // namespace graphiqa
