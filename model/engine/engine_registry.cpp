// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "engine_registry.h"

namespace graphiqa {

std::shared_ptr<Engine> EngineRegistry::Open(
    const std::string& key,
    const std::function<std::shared_ptr<Engine>()>& make) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto item = engines_.begin(); item != engines_.end();) {
    item = item->second.expired() ? engines_.erase(item) : std::next(item);
  }
  std::shared_ptr<Engine> engine = engines_[key].lock();
  if (engine == nullptr || engine->lost()) {
    engine = make();
    engines_[key] = engine;
  }
  return engine;
}

}  // namespace graphiqa
