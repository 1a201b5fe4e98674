// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "signals.h"

#include <csignal>

namespace graphiqa {
namespace {

std::atomic<bool> stop{false};
std::atomic<int> stop_signal{0};

void OnSignal(int signal) {
  stop_signal = signal;
  stop = true;
}

}  // namespace

void HandleSignals() {
  struct sigaction action {};
  action.sa_handler = OnSignal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

const std::atomic<bool>& StopFlag() { return stop; }

int StopSignal() { return stop_signal; }

}  // namespace graphiqa
