// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// What a training sample looks like: random views of a picture.
#pragma once

#include <string>
#include <vector>

#include "picture.h"
#include "random.h"
#include "scorer.h"

namespace graphiqa {

/// Parses views as options give them: a comma-separated list of "native:COUNT"
/// and "whole@SCALE:COUNT", e.g. "native:1,whole@1:1".
/// @throws Error(kUsage)
ViewPlan ParseViews(const std::string& text, int view_size_px);

/// The inverse of ParseViews().
std::string FormatViews(const ViewPlan& plan);

/// The plan's number of views.
int CountViews(const ViewPlan& plan);

/// Random source areas of the plan's kinds: native crops anywhere, whole views
/// anywhere that their window has room.
std::vector<View> RandomViews(const ViewPlan& plan, int width, int height,
                              Random* random);

/// Turns the pixels of a view left to right.
void FlipViews(std::vector<ViewPixels>* views);

}  // namespace graphiqa
