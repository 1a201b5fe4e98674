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

/// One thread that owns a Backend. Oldest jobs first; a pass takes views of as
/// many jobs as fit, and a job with more views than a pass takes several. When
/// a pass of several jobs fails, each of them is tried alone, so that a bad
/// one does not fail its neighbours.
class Batcher {
 public:
  using Done = std::function<void(JobOutcome outcome)>;

  /// One user of the batcher: bounds its queue and waits for its jobs.
  /// Callbacks of one client come in the order of Submit().
  class Client {
   public:
    /// @param queue_depth  jobs that may wait before Submit() blocks, >= 1
    Client(std::shared_ptr<Batcher> batcher, int queue_depth);
    /// Waits until every job of this client has been called back.
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Blocks while `queue_depth` jobs wait to be started; never when called
    /// from a callback, which would wait for itself.
    /// @param views  at least one
    /// @param done   called once from the batcher's thread; what it throws is
    ///   dropped
    void Submit(std::vector<ViewPixels> views, Done done);

   private:
    friend class Batcher;
    const std::shared_ptr<Batcher> batcher_;
    const int queue_depth_;
    int waiting_ = 0;      ///< submitted, not started; guarded by mutex_
    int outstanding_ = 0;  ///< submitted, not called back; likewise
  };

  using BackendFactory = std::function<std::unique_ptr<Backend>()>;

  /// Makes the backend on the batcher's own thread, where it then stays.
  /// @param max_views  most views in one pass, 0 = what the backend prefers
  /// @throws whatever `make` throws
  Batcher(const BackendFactory& make, int max_views);
  ~Batcher();
  Batcher(const Batcher&) = delete;
  Batcher& operator=(const Batcher&) = delete;

  ScorerStatistics statistics() const;
  const std::string& device() const { return device_; }
  Precision precision() const { return precision_; }

 private:
  using Clock = std::chrono::steady_clock;

  struct Job {
    Client* client = nullptr;
    std::vector<ViewPixels> views;
    Done done;
    Clock::time_point submitted;
    size_t started = 0;  ///< views that have been given to a pass
    JobOutcome outcome;
  };

  /// The views [begin, end) of a job, in one pass.
  struct Part {
    Job* job;
    size_t begin;
    size_t end;
  };

  void Enqueue(Client* client, std::vector<ViewPixels> views, Done done);
  void WaitFor(Client* client);

  void Loop(const BackendFactory& make);
  bool Start(const BackendFactory& make);
  std::vector<Part> NextPass();
  void StartJob(Job* job);
  void RunPass(const std::vector<Part>& parts);
  void RunAlone(const Part& part);
  void Compute(const std::vector<Part>& parts);
  void FinishJobs();
  void Finish(Job* job);

  size_t max_views_;
  std::unique_ptr<Backend> backend_;  // of the thread alone
  std::string device_;
  Precision precision_ = Precision::kFp32;
  std::exception_ptr start_error_;

  mutable std::mutex mutex_;
  std::condition_variable work_;   ///< jobs came, or the end
  std::condition_variable room_;   ///< a job was started or called back
  std::condition_variable ready_;  ///< the backend is made, or failed
  bool started_ = false;
  bool stopping_ = false;
  std::deque<std::unique_ptr<Job>> jobs_;
  ScorerStatistics statistics_;
  std::thread thread_;
};

}  // namespace graphiqa
