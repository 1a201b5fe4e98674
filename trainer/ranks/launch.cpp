// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "ranks/launch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>
#include <thread>
#include <utility>
#include <vector>

#include "interrupt.h"
#include "program/args.h"

extern char** environ;

namespace graphiqa {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kHost = "127.0.0.1";
constexpr const char* kProgram = "/proc/self/exe";
constexpr std::chrono::seconds kGrace{15};
constexpr std::chrono::seconds kSettle{2};
constexpr std::chrono::milliseconds kPoll{20};

/// Strings as exec() wants them.
class StringList {
 public:
  void Add(std::string text) { texts_.push_back(std::move(text)); }

  char* const* data() {
    pointers_.clear();
    for (std::string& text : texts_) pointers_.push_back(text.data());
    pointers_.push_back(nullptr);
    return pointers_.data();
  }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

StringList OwnArguments() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  StringList list;
  for (std::string text; std::getline(file, text, '\0');) list.Add(text);
  return list;
}

/// What a launcher may have left behind, e.g. in a shell that it started.
bool IsOfALauncher(const std::string& variable) {
  const char* prefixes[] = {"RANK=", "WORLD_SIZE=", "LOCAL_", "MASTER_",
                            "TORCHELASTIC_"};
  return std::any_of(std::begin(prefixes), std::end(prefixes),
                     [&variable](const char* prefix) {
                       return variable.rfind(prefix, 0) == 0;
                     });
}

StringList EnvironmentOf(int rank, int count, int port) {
  StringList list;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!IsOfALauncher(*entry)) list.Add(*entry);
  }
  const std::pair<const char*, std::string> variables[] = {
      {"RANK", std::to_string(rank)},
      {"LOCAL_RANK", std::to_string(rank)},
      {"WORLD_SIZE", std::to_string(count)},
      {"LOCAL_WORLD_SIZE", std::to_string(count)},
      {"MASTER_ADDR", kHost},
      {"MASTER_PORT", std::to_string(port)}};
  for (const auto& [name, value] : variables) {
    list.Add(std::string(name) + "=" + value);
  }
  return list;
}

/// How the copies fare.
class Copies {
 public:
  Copies(int count, std::string program) : program_(std::move(program)) {
    const int port = FreePort();
    StringList arguments = OwnArguments();
    for (int rank = 0; rank < count; ++rank) {
      StringList environment = EnvironmentOf(rank, count, port);
      pid_t child = -1;
      const int failed = posix_spawn(&child, kProgram, nullptr, nullptr,
                                     arguments.data(), environment.data());
      if (failed != 0) {
        Stop(SIGKILL);
        throw Error(ErrorCode::kFile,
                    std::string("rank ") + std::to_string(rank) +
                        " cannot be started: " + std::strerror(failed));
      }
      running_.emplace_back(rank, child);
    }
  }

  int Wait() {
    while (!running_.empty()) {
      Collect();
      if (!stopping_ && (CauseIsKnown() || Interrupted())) {
        stopping_ = true;
        stopped_at_ = Clock::now();
        Stop(SIGTERM);
      }
      // Only after a failure: an interrupted run may take its time to save.
      if (stopping_ && !killed_ && failed_rank_ >= 0 &&
          Clock::now() - stopped_at_ > kGrace) {
        killed_ = true;
        Stop(SIGKILL);
      }
      std::this_thread::sleep_for(kPoll);
    }
    return Conclude();
  }

 private:
  void Stop(int signal) const {
    for (const auto& [rank, child] : running_) kill(child, signal);
  }

  void Collect() {
    for (auto it = running_.begin(); it != running_.end();) {
      int status = 0;
      if (waitpid(it->second, &status, WNOHANG) == it->second) {
        Note(it->first, status);
        it = running_.erase(it);
      } else {
        ++it;
      }
    }
  }

  /// How much an end tells about why the run failed; 0 = nothing.
  static int Weight(int status) {
    if (WIFSIGNALED(status)) return 3;
    switch (WEXITSTATUS(status)) {
      case kExitOk:
      case kExitInterrupted:
        return 0;
      case kExitLost:
        return 1;
      default:
        return 2;
    }
  }

  /// Keeps what tells most, of what happened before the ranks were stopped.
  void Note(int rank, int status) {
    interrupted_ |=
        WIFEXITED(status) && WEXITSTATUS(status) == kExitInterrupted;
    if (Interrupted() && WIFSIGNALED(status) && failed_rank_ < 0) {
      interrupted_ = true;  // before it had anything to keep
      return;
    }
    if (Weight(status) == 0) return;
    if (failed_rank_ < 0) {
      failed_at_ = Clock::now();
    } else if (stopping_ || Weight(status) <= Weight(failed_status_)) {
      return;
    }
    failed_rank_ = rank;
    failed_status_ = status;
  }

  /// The rank that the others lost may be seen to end a moment after them.
  bool CauseIsKnown() const {
    if (failed_rank_ < 0) return false;
    return Weight(failed_status_) > 1 || Clock::now() - failed_at_ > kSettle;
  }

  int Conclude() const {
    if (failed_rank_ < 0) return interrupted_ ? kExitInterrupted : kExitOk;
    const bool signalled = WIFSIGNALED(failed_status_);
    const int number =
        signalled ? WTERMSIG(failed_status_) : WEXITSTATUS(failed_status_);
    const std::string how =
        signalled ? "was ended by signal " + std::to_string(number) + " (" +
                        strsignal(number) + ")"
                  : "failed with exit code " + std::to_string(number);
    PrintError(
        program_,
        "rank " + std::to_string(failed_rank_) + " " +
            (number == kExitLost && !signalled ? "lost the others" : how) +
            "; all ranks were stopped, --resume goes on from "
            "what was saved");
    return signalled || number == kExitLost ? static_cast<int>(kExitFailed)
                                            : number;
  }

  const std::string program_;
  std::vector<std::pair<int, pid_t>> running_;
  int failed_rank_ = -1;
  int failed_status_ = 0;
  Clock::time_point failed_at_;
  Clock::time_point stopped_at_;
  bool interrupted_ = false;
  bool stopping_ = false;
  bool killed_ = false;
};

}  // namespace

int FreePort() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  const bool found = listener >= 0 && bind(listener, plain, length) == 0 &&
                     getsockname(listener, plain, &length) == 0;
  if (listener >= 0) close(listener);
  if (!found) {
    throw Error(ErrorCode::kFile, std::string("no free port on ") + kHost +
                                      ": " + std::strerror(errno));
  }
  return ntohs(address.sin_port);
}

int RunCopies(int count, const std::string& program) {
  return Copies(count, program).Wait();
}

void FollowParent() { prctl(PR_SET_PDEATHSIG, SIGTERM); }

}  // namespace graphiqa
