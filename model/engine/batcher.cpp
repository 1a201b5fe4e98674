// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "batcher.h"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

namespace graphiqa {
namespace {

int64_t Nanoseconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count();
}

/// The exception in flight as the project's own.
Error CurrentError() {
  try {
    throw;
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return Error(ErrorCode::kDevice, "out of memory while scoring");
  } catch (const std::exception& error) {
    return Error(ErrorCode::kDevice, error.what());
  } catch (...) {
    return Error(ErrorCode::kDevice, "unknown exception while scoring");
  }
}

}  // namespace

Batcher::Client::Client(std::shared_ptr<Batcher> batcher, int queue_depth)
    : batcher_(std::move(batcher)), queue_depth_(queue_depth) {}

Batcher::Client::~Client() { batcher_->WaitFor(this); }

void Batcher::Client::Submit(std::vector<ViewPixels> views, Done done) {
  batcher_->Enqueue(this, std::move(views), std::move(done));
}

Batcher::Batcher(const BackendFactory& make, int max_views)
    : max_views_(static_cast<size_t>(std::max(max_views, 0))) {
  thread_ = std::thread([this, &make] { Loop(make); });
  std::unique_lock<std::mutex> lock(mutex_);
  ready_.wait(lock, [this] { return started_; });
  lock.unlock();
  if (start_error_ == nullptr) return;
  thread_.join();
  std::rethrow_exception(start_error_);
}

Batcher::~Batcher() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  if (thread_.joinable()) thread_.join();
}

ScorerStatistics Batcher::statistics() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return statistics_;
}

void Batcher::Enqueue(Client* client, std::vector<ViewPixels> views,
                      Done done) {
  auto job = std::make_unique<Job>();
  job->client = client;
  job->views = std::move(views);
  job->done = std::move(done);
  job->submitted = Clock::now();
  std::unique_lock<std::mutex> lock(mutex_);
  if (std::this_thread::get_id() != thread_.get_id()) {
    room_.wait(lock,
               [client] { return client->waiting_ < client->queue_depth_; });
  }
  jobs_.push_back(std::move(job));
  ++client->waiting_;
  ++client->outstanding_;
  lock.unlock();
  work_.notify_one();
}

void Batcher::WaitFor(Client* client) {
  std::unique_lock<std::mutex> lock(mutex_);
  room_.wait(lock, [client] { return client->outstanding_ == 0; });
}

bool Batcher::Start(const BackendFactory& make) {
  std::unique_ptr<Backend> backend;
  std::exception_ptr failure;
  try {
    backend = make();
    if (max_views_ == 0) {
      max_views_ = static_cast<size_t>(std::max(backend->preferred_batch(), 1));
    }
    device_ = backend->device();
    precision_ = backend->precision();
  } catch (...) {
    failure = std::current_exception();
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    backend_ = std::move(backend);
    start_error_ = failure;
    started_ = true;
  }
  // The factory is the constructor's and gone after this.
  ready_.notify_all();
  return failure == nullptr;
}

void Batcher::Loop(const BackendFactory& make) {
  if (!Start(make)) return;
  for (;;) {
    const std::vector<Part> parts = NextPass();
    if (parts.empty()) break;
    RunPass(parts);
    FinishJobs();
  }
  // Released on the thread that used it.
  backend_.reset();
}

/// Waits for jobs; empty at the end, which comes after the last job.
std::vector<Batcher::Part> Batcher::NextPass() {
  std::unique_lock<std::mutex> lock(mutex_);
  work_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
  std::vector<Part> parts;
  size_t room = max_views_;
  for (const auto& job : jobs_) {
    if (room == 0) break;
    if (job->started == 0) StartJob(job.get());
    const size_t begin = job->started;
    const size_t count = std::min(room, job->views.size() - begin);
    parts.push_back({job.get(), begin, begin + count});
    job->started += count;
    room -= count;
  }
  lock.unlock();
  room_.notify_all();
  return parts;
}

/// With the mutex held.
void Batcher::StartJob(Job* job) {
  --job->client->waiting_;
  job->outcome.queue_ns = Nanoseconds(Clock::now() - job->submitted);
}

void Batcher::RunPass(const std::vector<Part>& parts) {
  try {
    Compute(parts);
  } catch (...) {
    if (parts.size() == 1) {
      parts[0].job->outcome.error = CurrentError();
      return;
    }
    for (const Part& part : parts) RunAlone(part);
  }
}

void Batcher::RunAlone(const Part& part) {
  try {
    Compute({part});
  } catch (...) {
    part.job->outcome.error = CurrentError();
  }
}

void Batcher::Compute(const std::vector<Part>& parts) {
  std::vector<const ViewPixels*> views;
  for (const Part& part : parts) {
    for (size_t i = part.begin; i < part.end; ++i) {
      views.push_back(&part.job->views[i]);
    }
  }
  const auto begin = Clock::now();
  const std::vector<HeadValues> values = backend_->Run(views);
  const int64_t elapsed = Nanoseconds(Clock::now() - begin);
  if (values.size() != views.size()) {
    throw Error(ErrorCode::kDevice,
                "the backend gave " + std::to_string(values.size()) +
                    " results for " + std::to_string(views.size()) + " views");
  }
  auto next = values.begin();
  for (const Part& part : parts) {
    JobOutcome& outcome = part.job->outcome;
    const auto count = static_cast<std::ptrdiff_t>(part.end - part.begin);
    outcome.values.insert(outcome.values.end(), next, next + count);
    outcome.inference_ns += elapsed;
    next += count;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  ++statistics_.batches;
  statistics_.views += views.size();
  statistics_.inference_ns += elapsed;
}

/// Calls back, from the front of the queue, every job that is complete or
/// failed. Jobs are started in order, so they are finished in order.
void Batcher::FinishJobs() {
  for (;;) {
    std::unique_ptr<Job> job;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (jobs_.empty()) return;
      const Job& front = *jobs_.front();
      const bool complete = front.outcome.values.size() == front.views.size();
      if (!complete && !front.outcome.error) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    Finish(job.get());
  }
}

void Batcher::Finish(Job* job) {
  const bool failed = job->outcome.error.has_value();
  if (failed) job->outcome.values.clear();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++(failed ? statistics_.failed : statistics_.pictures);
    statistics_.queue_ns += job->outcome.queue_ns;
  }
  try {
    job->done(std::move(job->outcome));
  } catch (...) {
    // Not ours to report, and the other users' jobs go on.
  }
  job->done = nullptr;  // what it holds goes before its client is told
  // Under the lock: the client may be gone as soon as it sees the number.
  const std::lock_guard<std::mutex> lock(mutex_);
  --job->client->outstanding_;
  room_.notify_all();
}

}  // namespace graphiqa
