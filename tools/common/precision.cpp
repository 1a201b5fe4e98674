// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "precision.h"

#include <algorithm>

namespace graphiqa {

const std::vector<std::string>& PrecisionNames() {
  // In the order of the enumeration.
  static const std::vector<std::string> names{"auto", "fp32", "bf16", "fp16"};
  return names;
}

Precision PrecisionFrom(const std::string& name) {
  const auto& names = PrecisionNames();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw Error(ErrorCode::kUsage, "unknown precision '" + name + "'");
  }
  return static_cast<Precision>(found - names.begin());
}

std::string NameOf(Precision precision) {
  return PrecisionNames().at(static_cast<size_t>(precision));
}

}  // namespace graphiqa
