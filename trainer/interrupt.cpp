// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "interrupt.h"

#include <csignal>

#include "error.h"

namespace graphiqa {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void Note(int signal) {
  interrupted = 1;
  std::signal(signal, SIG_DFL);
}

}  // namespace

void WatchInterrupts() {
  std::signal(SIGINT, Note);
  std::signal(SIGTERM, Note);
}

UnwatchedInterrupts::UnwatchedInterrupts() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

UnwatchedInterrupts::~UnwatchedInterrupts() { WatchInterrupts(); }

void ForgetInterrupts() { interrupted = 0; }

bool Interrupted() { return interrupted != 0; }

void ThrowIfInterrupted() {
  if (Interrupted()) {
    throw Error(ErrorCode::kCancelled, "interrupted");
  }
}

}  // namespace graphiqa
