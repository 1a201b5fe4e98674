// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "plan.h"

namespace graphiqa {

struct RenderOptions {
  int jobs = 1;
  bool overwrite = false;  ///< make anew what is already there
};

struct RenderResult {
  size_t made = 0;    ///< pictures
  size_t there = 0;   ///< pictures that were there before
  size_t failed = 0;  ///< references with a type
  bool whole = true;  ///< false after an interrupt
};

/// Makes the pictures of a plan in parallel, then writes its lists, which name
/// the pictures that are there. A reference that fails is told and left out.
/// @param tell  takes one message at a time
RenderResult Render(const RenderPlan& plan, const RenderOptions& options,
                    const std::function<void(const std::string&)>& tell);

}  // namespace graphiqa
