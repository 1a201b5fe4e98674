// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "scorer.h"

namespace graphiqa {

/// What the option --precision takes.
const std::vector<std::string>& PrecisionNames();

/// @param name  one of PrecisionNames()
Precision PrecisionFrom(const std::string& name);

std::string NameOf(Precision precision);

}  // namespace graphiqa
