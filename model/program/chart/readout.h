// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "program/chart/time_axis.h"

namespace graphiqa {

/// One quantity at the times of a set. Values that are not finite are unknown.
struct ReadoutField {
  std::string name;
  int decimals = 1;
  std::vector<double> values;
  std::vector<double> lows;        ///< empty, or with `highs` one per value
  std::vector<double> highs;       ///< of the samples that a value stands for
  std::vector<double> spreads;     ///< empty, or one per value: written with ±
  std::vector<std::string> names;  ///< not empty: values are places in this
};

/// What belongs to one curve.
struct ReadoutSet {
  std::string name;             ///< empty where there is only one
  std::vector<double> times_s;  ///< ascending
  std::vector<ReadoutField> fields;
};

/// The numbers behind the charts of a `gq-tracks` element, as a script element
/// with JSON to be put inside it: ChartScript() shows those under the pointer,
/// or at the place that the arrow keys choose.
std::string DrawReadoutData(const TimeAxis& axis,
                            const std::vector<ReadoutSet>& sets);

}  // namespace graphiqa
