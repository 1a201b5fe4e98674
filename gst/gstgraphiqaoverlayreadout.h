// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// What the overlay writes about a frame, rounded as it is shown, so that equal
/// readouts look the same.
#pragma once

#include <gst/gst.h>

#include <optional>
#include <string>
#include <vector>

namespace graphiqa {

struct Readout {
  std::optional<int> score;        ///< 0-100
  std::optional<int> uncertainty;  ///< same scale
  bool fresh = false;              ///< of this very frame
  std::string state;       ///< in words where one should know, else empty
  bool fault = false;      ///< `state` says that something failed
  std::string picture;     ///< `BLACK`, `FLAT`, `FROZEN`, else empty
  std::string distortion;  ///< in words; empty = not known
  std::optional<int> confidence_percent;
  std::optional<int> level_tenths;  ///< 0-50

  bool operator==(const Readout& other) const;
};

/// An area of the picture with its score; fractions of width and height.
struct HeatArea {
  double x;
  double y;
  double width;
  double height;
  int score;

  bool operator==(const HeatArea& other) const;
};

/// @param fields  a frame's GraphiqaMeta; whatever they hold is shown as far
///                as it makes sense
Readout ReadoutOf(const GstStructure* fields);

/// The areas of the heat map that lie in the picture; empty without one.
std::vector<HeatArea> HeatAreasOf(const GstStructure* fields);

}  // namespace graphiqa
