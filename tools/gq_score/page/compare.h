// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "page/file_record.h"

namespace graphiqa {

/// Several files of one content, against the first: curves on one axis, and a
/// table of differences.
/// @param records  at least two, at most kCurveStyles; all videos or not
std::string DrawComparison(
    const std::vector<std::shared_ptr<const FileRecord>>& records);

}  // namespace graphiqa
