// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// gq-trainer as a process with an environment of its own, its messages in a
/// file.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

namespace graphiqa {

using Variable = std::pair<std::string, std::string>;

class TrainerProcess {
 public:
  /// Starts the program that the environment variable GQ_TRAINER names.
  /// @param log  what it says on stderr
  TrainerProcess(std::vector<std::string> arguments,
                 const std::vector<Variable>& environment, std::string log);
  ~TrainerProcess();
  TrainerProcess(const TrainerProcess&) = delete;
  TrainerProcess& operator=(const TrainerProcess&) = delete;

  void Signal(int number) const { kill(child_, number); }

  /// Waits. @returns the exit code; 128 + the signal that ended it
  int ExitCode();

  /// All that it has said.
  std::string Log() const;

  /// The process that it has started as this rank; waits for it.
  /// @returns -1 when there is none
  pid_t Rank(int rank) const;

 private:
  std::string log_;
  pid_t child_ = -1;
  bool waited_ = false;
  int code_ = -1;
};

}  // namespace graphiqa
