// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "page/state_runs.h"

#include <algorithm>

namespace graphiqa {
namespace {

constexpr size_t kMostRuns = 100;

}  // namespace

void StateRuns::Add(size_t state, double time_s) {
  ++frames_[state];
  if (state != open_.state) {
    Close(time_s);
    open_ = {state, time_s, time_s, 0};
  }
  ++open_.frames;
}

void StateRuns::Close(double time_s) {
  if (open_.state == 0) return;
  open_.to_s = std::max(time_s, open_.from_s);
  seconds_[open_.state] += open_.to_s - open_.from_s;
  runs_.push_back(open_);
  open_ = {};
  if (runs_.size() <= kMostRuns) return;
  runs_.erase(std::min_element(runs_.begin(), runs_.end(),
                               [](const StateRun& a, const StateRun& b) {
                                 return a.to_s - a.from_s < b.to_s - b.from_s;
                               }));
  ++dropped_;
}

}  // namespace graphiqa
