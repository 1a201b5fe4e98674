// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "trainer_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

extern char** environ;

namespace graphiqa {
namespace {

std::vector<char*> Pointers(std::vector<std::string>* texts) {
  std::vector<char*> pointers;
  for (std::string& text : *texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

pid_t ChildOfRank(pid_t parent, int rank) {
  const std::string id = std::to_string(parent);
  std::ifstream children("/proc/" + id + "/task/" + id + "/children");
  const std::string wanted = "RANK=" + std::to_string(rank);
  for (pid_t child = 0; children >> child;) {
    std::ifstream environment("/proc/" + std::to_string(child) + "/environ");
    for (std::string entry; std::getline(environment, entry, '\0');) {
      if (entry == wanted) return child;
    }
  }
  return -1;
}

}  // namespace

TrainerProcess::TrainerProcess(std::vector<std::string> arguments,
                               const std::vector<Variable>& environment,
                               std::string log)
    : log_(std::move(log)) {
  const char* program = std::getenv("GQ_TRAINER");
  if (program == nullptr) return;
  arguments.insert(arguments.begin(), program);
  std::vector<std::string> variables;
  for (char** entry = environ; *entry; ++entry) variables.push_back(*entry);
  for (const auto& [name, value] : environment) {
    variables.push_back(name + "=" + value);
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 2, log_.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn(&child_, program, &actions, nullptr, Pointers(&arguments).data(),
              Pointers(&variables).data());
  posix_spawn_file_actions_destroy(&actions);
}

TrainerProcess::~TrainerProcess() {
  if (child_ <= 0 || waited_) return;
  Signal(SIGKILL);
  ExitCode();
}

int TrainerProcess::ExitCode() {
  if (child_ <= 0 || waited_) return code_;
  int status = 0;
  waitpid(child_, &status, 0);
  waited_ = true;
  code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return code_;
}

std::string TrainerProcess::Log() const { return ReadAll(log_); }

pid_t TrainerProcess::Rank(int rank) const {
  for (int i = 0; i < 10000; ++i) {
    const pid_t found = ChildOfRank(child_, rank);
    if (found > 0) return found;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return -1;
}

}  // namespace graphiqa
