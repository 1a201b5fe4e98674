// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "page/file_record.h"

namespace graphiqa {

/// Id of the section about the file of this number.
std::string SectionId(size_t index);

/// All about one video: numbers, charts, worst frames, distribution, states of
/// the picture, the numbers behind the charts.
std::string DrawSection(const FileRecord& record);

}  // namespace graphiqa
