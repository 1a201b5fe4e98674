// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "page/file_record.h"
#include "program/chart/curve.h"
#include "program/chart/lanes.h"

namespace graphiqa {

/// The charts of one video above one another, on one time axis: score, level,
/// distortion types, states of the picture.
/// @param id  unique on the page
std::string DrawTimeline(const std::string& id, const FileRecord& record);

/// Stretches of black, flat and frozen pictures, to mark behind a curve.
std::vector<PlotBand> StateBands(const FileRecord& record);

/// Id of the worst frame of this rank, from 1, in the section `id`.
std::string WorstFrameId(const std::string& id, size_t rank);

}  // namespace graphiqa
