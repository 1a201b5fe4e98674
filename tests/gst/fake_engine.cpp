// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// An engine library without LibTorch, for tests of what surrounds the engine.
/// The environment variable GRAPHIQA_ENGINE makes the seam load it. The "model
/// file" says how it behaves: "fake:" and then, separated by commas,
///
///   delay-ms=N   each picture takes N ms
///   fail-at=N    the N-th picture (from 1) fails
///   throw-at=N   submitting the N-th picture throws
///   heads        level and type heads are trained
///   view=N       view size, 64 where not given
///   native=N     native views, 2 where not given; none turns them off
///   whole        one whole view
///   error=N      opening fails with ErrorCode N
///   shared       scorers with the same "model file" share one engine, which is
///                the real one but for its network: no heads, fail-at, throw-at
///
/// The score is the mean of all values of all views, in percent of 255; the
/// level is a twentieth of it. fake_engine_hold() and its like at the end do
/// the same to every engine while it runs.
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <numeric>
#include <sstream>
#include <string>
#include <thread>
#include <utility>

#include "engine/entry.h"
#include "fake_engine_controls.h"
#include "fake_shared_engine.h"
#include "scorer.h"

namespace graphiqa {

FakeEngineControls& Controls() {
  static auto& controls = *new FakeEngineControls;
  return controls;
}

namespace {

struct Behaviour {
  int delay_ms = 0;
  int fail_at = 0;
  int throw_at = 0;
  int error = -1;
  bool heads = false;
  bool shared = false;
  ViewPlan plan{64, 2, {}};
};

Behaviour Parse(const std::string& model_file) {
  if (model_file.rfind("fake:", 0) != 0) {
    throw Error(ErrorCode::kNotFound,
                "model " + model_file + " does not exist");
  }
  Behaviour result;
  std::stringstream words(model_file.substr(5));
  for (std::string word; std::getline(words, word, ',');) {
    const size_t equals = word.find('=');
    const std::string key = word.substr(0, equals);
    const int value =
        equals == std::string::npos ? 1 : std::stoi(word.substr(equals + 1));
    if (key == "delay-ms") result.delay_ms = value;
    if (key == "fail-at") result.fail_at = value;
    if (key == "throw-at") result.throw_at = value;
    if (key == "error") result.error = value;
    if (key == "heads") result.heads = true;
    if (key == "shared") result.shared = true;
    if (key == "view") result.plan.view_size_px = value;
    if (key == "native") result.plan.native = value;
    if (key == "whole") result.plan.whole = {{1.0, 1}};
  }
  return result;
}

double MeanPercent(const std::vector<uint8_t>& values) {
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return sum / static_cast<double>(values.size()) / 2.55;
}

class FakeScorer final : public Scorer {
 public:
  explicit FakeScorer(Behaviour behaviour) : behaviour_(std::move(behaviour)) {
    model_.name = "fake";
    model_.short_hash = "0123abcd";
    model_.backbone = "none";
    model_.types = {"blur", "jpeg", "noise"};
    model_.mos_trained = true;
    model_.level_trained = model_.type_trained = behaviour_.heads;
    model_.plan = behaviour_.plan;
    model_.device = "cpu";
    worker_ = std::thread([this] { Work(); });
  }

  ~FakeScorer() override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      closing_ = true;
    }
    changed_.notify_all();
    worker_.join();
  }

  const ModelDescription& model() const override { return model_; }

  using Scorer::Submit;
  void Submit(std::vector<ViewPixels> views, Callback done) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (++submitted_ == behaviour_.throw_at) {
      throw Error(ErrorCode::kUsage, "fake refusal");
    }
    jobs_.push_back({std::move(views), std::move(done)});
    changed_.notify_all();
  }

  ScorerStatistics statistics() const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return statistics_;
  }

  void Cancel() override {
    std::deque<Job> dropped;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      dropped.swap(jobs_);
    }
    const Error error(ErrorCode::kCancelled, "fake cancellation");
    for (const Job& job : dropped) job.done(nullptr, &error);
  }

 private:
  struct Job {
    std::vector<ViewPixels> views;
    Callback done;
  };

  void Work() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return closing_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      Job job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      try {
        Score(&job);
      } catch (const Error& error) {
        job.done(nullptr, &error);
      }
      lock.lock();
    }
  }

  void Score(Job* job) {
    Controls().Compute();
    std::this_thread::sleep_for(std::chrono::milliseconds(behaviour_.delay_ms));
    if (++scored_ == behaviour_.fail_at) {
      throw Error(ErrorCode::kNumeric, "fake failure");
    }
    QualityResult result;
    for (const ViewPixels& view : job->views) {
      result.views.push_back({view.view, MeanPercent(view.rgb), 1.0});
      result.score += result.views.back().score;
    }
    result.score /= static_cast<double>(job->views.size());
    result.uncertainty = 1.5;
    result.inference_ns = 1000;
    if (behaviour_.heads) {
      result.level = result.score / 20;
      result.distortion = 1;
      result.confidence = 0.5;
      result.probabilities = {0.25, 0.5, 0.25};
    }
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      ++statistics_.pictures;
      statistics_.CountBatch(job->views.size());
    }
    job->done(&result, nullptr);
  }

  Behaviour behaviour_;
  ModelDescription model_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  ScorerStatistics statistics_;
  int submitted_ = 0;
  int scored_ = 0;
  bool closing_ = false;
  std::thread worker_;
};

/// Counts the scorers that are open.
class CountedScorer final : public Scorer {
 public:
  explicit CountedScorer(std::shared_ptr<Scorer> scorer)
      : scorer_(std::move(scorer)) {
    const std::lock_guard<std::mutex> lock(Controls().mutex);
    ++Controls().opened;
    ++Controls().live;
  }
  ~CountedScorer() override {
    scorer_.reset();
    const std::lock_guard<std::mutex> lock(Controls().mutex);
    --Controls().live;
    Controls().changed.notify_all();
  }

  const ModelDescription& model() const override { return scorer_->model(); }
  void Submit(std::vector<ViewPixels> views, Callback done) override {
    scorer_->Submit(std::move(views), std::move(done));
  }
  ScorerStatistics statistics() const override { return scorer_->statistics(); }
  void Cancel() override { scorer_->Cancel(); }

 private:
  std::shared_ptr<Scorer> scorer_;
};

std::shared_ptr<Scorer> Open(const ScorerOptions& options) {
  {
    const std::lock_guard<std::mutex> lock(Controls().mutex);
    FakeEngineControls::ThrowIf(Controls().refusing, "fake refusal to open");
  }
  const Behaviour behaviour = Parse(options.model_file);
  FakeEngineControls::ThrowIf(behaviour.error, "fake error");
  if (!behaviour.shared) {
    return std::make_shared<CountedScorer>(
        std::make_shared<FakeScorer>(behaviour));
  }
  return std::make_shared<CountedScorer>(
      OpenFakeShared(options, behaviour.plan, behaviour.delay_ms));
}

void Set(int FakeEngineControls::*what, int value) {
  const std::lock_guard<std::mutex> lock(Controls().mutex);
  Controls().*what = value;
}

int Get(int FakeEngineControls::*what) {
  const std::lock_guard<std::mutex> lock(Controls().mutex);
  return Controls().*what;
}

}  // namespace
}  // namespace graphiqa

extern "C" {

/// How many scorers are open.
GRAPHIQA_API int fake_engine_live_scorers() {
  return graphiqa::Get(&graphiqa::FakeEngineControls::live);
}

/// How many scorers have been opened.
GRAPHIQA_API int fake_engine_opened() {
  return graphiqa::Get(&graphiqa::FakeEngineControls::opened);
}

/// How many passes have begun and not ended.
GRAPHIQA_API int fake_engine_computing() {
  return graphiqa::Get(&graphiqa::FakeEngineControls::computing);
}

/// Passes that begin wait until this is called with 0.
GRAPHIQA_API void fake_engine_hold(int held) {
  graphiqa::FakeEngineControls& controls = graphiqa::Controls();
  const std::lock_guard<std::mutex> lock(controls.mutex);
  controls.held = held != 0;
  controls.steps = 0;
  controls.changed.notify_all();
}

/// Lets one of the passes that are held go on.
GRAPHIQA_API void fake_engine_step() {
  graphiqa::FakeEngineControls& controls = graphiqa::Controls();
  const std::lock_guard<std::mutex> lock(controls.mutex);
  ++controls.steps;
  controls.changed.notify_all();
}

/// Passes fail with an ErrorCode; -1 = no more.
GRAPHIQA_API void fake_engine_fail(int code) {
  graphiqa::Set(&graphiqa::FakeEngineControls::failing, code);
}

/// Opening fails with an ErrorCode; -1 = no more.
GRAPHIQA_API void fake_engine_refuse(int code) {
  graphiqa::Set(&graphiqa::FakeEngineControls::refusing, code);
}

GRAPHIQA_API bool graphiqa_open_scorer_v2(
    const graphiqa::ScorerOptions* options,
    std::shared_ptr<graphiqa::Scorer>* scorer, graphiqa::ErrorCode* code,
    std::string* message) {
  try {
    *scorer = graphiqa::Open(*options);
    return true;
  } catch (const graphiqa::Error& error) {
    *code = error.code();
    *message = error.what();
    return false;
  }
}

}  // extern "C"
