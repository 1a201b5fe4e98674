// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Gathers the views of many users into passes of one Backend. Standard types
/// only, so that its threading can be tested without LibTorch.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "backend.h"

namespace graphiqa {

/// What a job ends with: the values of its views in order, or an error.
struct JobOutcome {
  std::vector<HeadValues> values;  ///< empty when there is an error
  std::optional<Error> error;
  int64_t queue_ns = 0;      ///< from Submit() to the start of its first pass
  int64_t inference_ns = 0;  ///< of all passes that it took part in
};

/// What one user asks of a Batcher.
struct ClientOptions {
  int queue_depth = 64;  ///< jobs that may wait before Submit() blocks, >= 1
  int max_views = 0;     ///< most views in one pass while it is there, 0 = any
  std::chrono::nanoseconds timeout{0};  ///< longest wait for other clients
  /// How long after its last job others may wait for the next one.
  std::chrono::nanoseconds active = std::chrono::seconds(1);
};

/// One thread that owns a Backend.
///
/// A pass starts when it is full, when every client that is active has a job
/// waiting, or when the oldest deadline is reached, whichever comes first. A
/// client is active for its ClientOptions::active after it submitted a job.
/// Each client has one job in line at a time: its deadline is the client's
/// timeout after it was submitted or, where others of the same client were
/// before it, after the last of these was started. The oldest deadline goes
/// first, so that clients with jobs waiting take turns however many each of
/// them has. A job with more views than a pass takes several.
///
/// A pass that fails is halved and tried again, by jobs and then, where the
/// device is out of memory, by views: a bad job does not fail its neighbours.
class Batcher {
 public:
  using Done = std::function<void(JobOutcome outcome)>;
  using Clock = std::chrono::steady_clock;

  class Client;

 private:
  struct Job {
    Client* client = nullptr;
    std::vector<ViewPixels> views;
    Done done;
    Clock::time_point submitted;
    size_t started = 0;  ///< views that have been given to a pass
    JobOutcome outcome;
  };

 public:
  /// One user of the batcher: bounds its queue and waits for its jobs.
  /// Callbacks of one client come in the order of Submit(), but for those of
  /// cancelled jobs.
  class Client {
   public:
    Client(std::shared_ptr<Batcher> batcher, const ClientOptions& options);
    /// Waits until every job of this client has been called back.
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Blocks while `queue_depth` jobs wait to be started; never when called
    /// from a callback, which would wait for itself.
    /// @param views  at least one
    /// @param done   called once, from the batcher's thread or from Cancel();
    ///   what it throws is dropped
    void Submit(std::vector<ViewPixels> views, Done done);

    /// Calls back every job that was not started with Error(kCancelled).
    void Cancel();

   private:
    friend class Batcher;
    const std::shared_ptr<Batcher> batcher_;
    const ClientOptions options_;
    // Guarded by the batcher's mutex.
    std::deque<std::unique_ptr<Job>> waiting_;  ///< submitted, not started
    Clock::time_point deadline_;                ///< of the first that waits
    Clock::time_point active_until_;  ///< others wait for it until then
    int outstanding_ = 0;             ///< submitted, not called back
  };

  using BackendFactory = std::function<std::unique_ptr<Backend>()>;

  /// Makes the backend on the batcher's own thread, where it then stays.
  /// @param max_views  most views in one pass whatever clients ask for, 0 = no
  ///   limit. Where no client asks, passes are as large as the backend prefers.
  /// @throws whatever `make` throws
  Batcher(const BackendFactory& make, int max_views);
  ~Batcher();
  Batcher(const Batcher&) = delete;
  Batcher& operator=(const Batcher&) = delete;

  ScorerStatistics statistics() const;
  /// Whether the device failed last time, even with one view.
  bool lost() const;
  const std::string& device() const { return device_; }
  Precision precision() const { return precision_; }

 private:
  /// The views [begin, end) of a job, in one pass.
  struct Part {
    Job* job;
    size_t begin;
    size_t end;
  };
  using Parts = std::vector<Part>;

  void Join(Client* client);
  void Leave(Client* client);
  void Enqueue(Client* client, std::vector<ViewPixels> views, Done done);
  void Cancel(Client* client);

  void Loop(const BackendFactory& make);
  bool Start(const BackendFactory& make);

  // With the mutex held.
  size_t MostViews() const;
  Client* FirstInLine() const;
  bool IsFull(size_t most, Clock::time_point now) const;
  void AwaitPass(std::unique_lock<std::mutex>* lock);
  Job* StartNext(Clock::time_point now);

  Parts NextPass();
  void RunPass(const Parts& parts);
  void Compute(const Parts& parts);
  void FinishJobs();
  void Finish(Job* job);

  const size_t max_views_;
  size_t preferred_views_ = 1;
  std::unique_ptr<Backend> backend_;  // of the thread alone
  std::string device_;
  Precision precision_ = Precision::kFp32;
  std::exception_ptr start_error_;

  mutable std::mutex mutex_;
  std::condition_variable work_;   ///< a job or a client came or went; the end
  std::condition_variable room_;   ///< a job was started or called back
  std::condition_variable ready_;  ///< the backend is made, or failed
  bool started_ = false;
  bool stopping_ = false;
  bool lost_ = false;
  std::vector<Client*> clients_;
  std::deque<std::unique_ptr<Job>> running_;  ///< started, in this order
  ScorerStatistics statistics_;
  std::thread thread_;
};

}  // namespace graphiqa
