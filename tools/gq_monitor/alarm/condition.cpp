// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "condition.h"

namespace graphiqa {

void Condition::Observe(double now, Verdict verdict) {
  bad_now_ = verdict == Verdict::kBad;
  if (verdict == Verdict::kUnknown) {
    known_ = false;
    return;
  }
  if (verdict != verdict_) {
    lasted_ = 0;
  } else if (known_) {
    lasted_ += now - last_;
  }
  verdict_ = verdict;
  known_ = true;
  last_ = now;
  if (!raised_ && verdict == Verdict::kBad) {
    raised_ = lasted_ >= timing_.raise_after;
  } else if (raised_ && verdict == Verdict::kGood) {
    raised_ = lasted_ < timing_.clear_after;
  }
}

}  // namespace graphiqa
