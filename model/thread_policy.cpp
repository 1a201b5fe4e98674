// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "thread_policy.h"

#include <pthread.h>
#include <sched.h>

namespace graphiqa {

void WakeUpPolitely() {
  int policy = SCHED_OTHER;
  sched_param parameters{};
  if (pthread_getschedparam(pthread_self(), &policy, &parameters) != 0) return;
  if (policy != SCHED_OTHER) return;
  // Where it fails all is as it was.
  pthread_setschedparam(pthread_self(), SCHED_BATCH, &parameters);
}

}  // namespace graphiqa
