// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace graphiqa {

/// A random number in [0, 1).
using Random = std::function<double()>;

/// Random numbers of this process, seeded by the system.
Random SystemRandom();

/// Waiting times that double from the first to the longest. Each is drawn
/// between half of it and all of it, so that what failed together does not
/// come back together.
class Backoff {
 public:
  /// Seconds, 0 < first <= longest.
  Backoff(double first, double longest, Random random);

  /// Seconds to wait now.
  double Next();
  /// After a success: the next waiting time is the first one again.
  void Reset();

 private:
  double first_;
  double longest_;
  Random random_;
  double base_;
};

}  // namespace graphiqa
