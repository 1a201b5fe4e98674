// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "batcher.h"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include "thread_policy.h"

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

Batcher::Client::Client(std::shared_ptr<Batcher> batcher,
                        const ClientOptions& options)
    : batcher_(std::move(batcher)), options_(options) {
  batcher_->Join(this);
}

Batcher::Client::~Client() { batcher_->Leave(this); }

void Batcher::Client::Submit(std::vector<ViewPixels> views, Done done) {
  batcher_->Enqueue(this, std::move(views), std::move(done));
}

void Batcher::Client::Cancel() { batcher_->Cancel(this); }

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

bool Batcher::lost() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return lost_;
}

void Batcher::Join(Client* client) {
  const std::lock_guard<std::mutex> lock(mutex_);
  clients_.push_back(client);
}

void Batcher::Leave(Client* client) {
  std::unique_lock<std::mutex> lock(mutex_);
  room_.wait(lock, [client] { return client->outstanding_ == 0; });
  clients_.erase(std::find(clients_.begin(), clients_.end(), client));
  work_.notify_one();  // the others wait no longer for this one
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
    const auto depth = static_cast<size_t>(client->options_.queue_depth);
    room_.wait(lock, [=] { return client->waiting_.size() < depth; });
  }
  if (client->waiting_.empty()) {
    client->deadline_ = job->submitted + client->options_.timeout;
  }
  client->active_until_ = job->submitted + client->options_.active;
  client->waiting_.push_back(std::move(job));
  ++client->outstanding_;
  lock.unlock();
  work_.notify_one();
}

void Batcher::Cancel(Client* client) {
  std::deque<std::unique_ptr<Job>> dropped;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    dropped.swap(client->waiting_);
  }
  for (const auto& job : dropped) {
    job->outcome.error.emplace(ErrorCode::kCancelled,
                               "dropped before it was scored");
    Finish(job.get());
  }
}

bool Batcher::Start(const BackendFactory& make) {
  std::unique_ptr<Backend> backend;
  std::exception_ptr failure;
  try {
    backend = make();
    preferred_views_ =
        static_cast<size_t>(std::max(backend->preferred_batch(), 1));
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
  WakeUpPolitely();
  if (!Start(make)) return;
  for (;;) {
    const Parts parts = NextPass();
    if (parts.empty()) break;
    RunPass(parts);
    FinishJobs();
  }
  // Released on the thread that used it.
  backend_.reset();
}

/// The least that a client asks for, else what the backend prefers.
size_t Batcher::MostViews() const {
  size_t most = 0;
  for (const Client* client : clients_) {
    const auto asked = static_cast<size_t>(client->options_.max_views);
    if (asked > 0 && (most == 0 || asked < most)) most = asked;
  }
  if (most == 0) most = preferred_views_;
  return max_views_ > 0 ? std::min(most, max_views_) : most;
}

/// The client whose job has the oldest deadline; null when none waits.
Batcher::Client* Batcher::FirstInLine() const {
  Client* first = nullptr;
  for (Client* client : clients_) {
    if (client->waiting_.empty()) continue;
    if (first == nullptr || client->deadline_ < first->deadline_) {
      first = client;
    }
  }
  return first;
}

/// Whether waiting longer cannot make the pass larger.
bool Batcher::IsFull(size_t most, Clock::time_point now) const {
  size_t views = 0;
  bool all_wait = true;
  for (const Client* client : clients_) {
    const bool active = now < client->active_until_;
    all_wait = all_wait && (!active || !client->waiting_.empty());
    for (const auto& job : client->waiting_) {
      views += job->views.size();
      if (views >= most) return true;
    }
  }
  return all_wait;
}

/// Returns when a pass is due, or at the end: then nothing waits.
void Batcher::AwaitPass(std::unique_lock<std::mutex>* lock) {
  for (;;) {
    const Client* first = FirstInLine();
    if (!running_.empty() || (first == nullptr && stopping_)) return;
    if (first == nullptr) {
      work_.wait(*lock);
      continue;
    }
    const Clock::time_point now = Clock::now();
    if (stopping_ || IsFull(MostViews(), now)) return;
    const Clock::time_point deadline = first->deadline_;
    if (now >= deadline) return;
    work_.wait_until(*lock, deadline);
  }
}

/// Moves the job that is first in line to those that run; null when none is.
Batcher::Job* Batcher::StartNext(Clock::time_point now) {
  Client* client = FirstInLine();
  if (client == nullptr) return nullptr;
  running_.push_back(std::move(client->waiting_.front()));
  client->waiting_.pop_front();
  client->deadline_ = now + client->options_.timeout;
  Job* job = running_.back().get();
  job->outcome.queue_ns = Nanoseconds(now - job->submitted);
  return job;
}

/// Waits for jobs; empty at the end, which comes after the last job.
Batcher::Parts Batcher::NextPass() {
  std::unique_lock<std::mutex> lock(mutex_);
  AwaitPass(&lock);
  const Clock::time_point now = Clock::now();
  Parts parts;
  size_t room = MostViews();
  // What still runs is one job that did not fit into the pass before.
  Job* job = running_.empty() ? StartNext(now) : running_.front().get();
  while (job != nullptr) {
    const size_t begin = job->started;
    const size_t count = std::min(room, job->views.size() - begin);
    parts.push_back({job, begin, begin + count});
    job->started += count;
    room -= count;
    job = room > 0 ? StartNext(now) : nullptr;
  }
  lock.unlock();
  room_.notify_all();
  return parts;
}

/// Computes the parts; where that fails, one half after the other.
void Batcher::RunPass(const Parts& parts) {
  const auto middle = parts.begin() + static_cast<long>(parts.size() / 2);
  const Part& only = parts.front();
  if (only.job->outcome.error && parts.size() == 1) return;
  try {
    Compute(parts);
  } catch (...) {
    const Error error = CurrentError();
    const bool device = error.code() == ErrorCode::kDevice;
    if (parts.size() > 1) {
      RunPass(Parts(parts.begin(), middle));
      RunPass(Parts(middle, parts.end()));
    } else if (device && only.end - only.begin > 1) {
      const size_t half = only.begin + (only.end - only.begin) / 2;
      RunPass({Part{only.job, only.begin, half}});
      RunPass({Part{only.job, half, only.end}});
    } else {
      only.job->outcome.error = error;
      const std::lock_guard<std::mutex> lock(mutex_);
      lost_ = device;
    }
  }
}

void Batcher::Compute(const Parts& parts) {
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
  lost_ = false;
  statistics_.CountBatch(views.size());
  statistics_.inference_ns += elapsed;
}

/// Calls back, in the order in which they were started, the jobs that are
/// complete or failed.
void Batcher::FinishJobs() {
  for (;;) {
    std::unique_ptr<Job> job;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (running_.empty()) return;
      const Job& front = *running_.front();
      const bool complete = front.outcome.values.size() == front.views.size();
      if (!complete && !front.outcome.error) return;
      job = std::move(running_.front());
      running_.pop_front();
    }
    Finish(job.get());
  }
}

void Batcher::Finish(Job* job) {
  const std::optional<Error>& error = job->outcome.error;
  if (error) job->outcome.values.clear();
  if (!error || error->code() != ErrorCode::kCancelled) {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++(error ? statistics_.failed : statistics_.pictures);
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
