// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Training runs that end before their time.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "error.h"
#include "interrupt.h"

extern char** environ;

namespace graphiqa {

inline void WaitForFile(const std::string& path) {
  for (int i = 0; i < 60000 && !std::filesystem::exists(path); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ASSERT_TRUE(std::filesystem::exists(path)) << path;
}

/// Runs until the first state is written, then as if Ctrl-C was pressed.
inline void RunInterrupted(const std::string& out,
                           const std::function<void()>& run) {
  WatchInterrupts();
  std::thread user([&out] {
    WaitForFile(out + "/state.safetensors");
    std::raise(SIGINT);
  });
  ErrorCode code = ErrorCode::kUsage;
  try {
    run();
  } catch (const Error& error) {
    code = error.code();
  }
  user.join();
  ForgetInterrupts();
  EXPECT_EQ(code, ErrorCode::kCancelled);
}

/// Starts gq-trainer (environment variable GQ_TRAINER).
inline pid_t StartTrainer(std::vector<std::string> arguments) {
  const char* program = std::getenv("GQ_TRAINER");
  if (program == nullptr) return -1;
  arguments.insert(arguments.begin(), program);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_t child = -1;
  const int failed =
      posix_spawn(&child, program, nullptr, nullptr, argv.data(), environ);
  return failed == 0 ? child : -1;
}

/// @returns the exit code; 128 + the signal that ended it
inline int WaitForExit(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace graphiqa
