// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "engine_scorer.h"

namespace graphiqa {

/// The engines that live in this process. Holds none of them: an engine goes
/// with its last scorer. One whose device failed is given to nobody any more.
class EngineRegistry {
 public:
  /// The engine under `key`, made by `make` where there is none. Opens one
  /// after the other, so that equal ones meet.
  std::shared_ptr<Engine> Open(
      const std::string& key,
      const std::function<std::shared_ptr<Engine>()>& make);

 private:
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<Engine>> engines_;
};

}  // namespace graphiqa
