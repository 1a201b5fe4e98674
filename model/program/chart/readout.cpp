// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "program/chart/readout.h"

#include <cmath>

#include "program/markup.h"
#include "program/number.h"

namespace graphiqa {
namespace {

std::string List(const char* key, const std::vector<double>& values,
                 int decimals) {
  if (values.empty()) return "";
  std::string json = std::string(",\"") + key + "\":[";
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0) json += ',';
    json +=
        std::isfinite(values[i]) ? FixedNumber(values[i], decimals) : "null";
  }
  return json + "]";
}

std::string Names(const std::vector<std::string>& names) {
  if (names.empty()) return "";
  std::string json = ",\"names\":[";
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) json += ',';
    json += QuoteJson(names[i]);
  }
  return json + "]";
}

std::string Field(const ReadoutField& field) {
  return "{\"name\":" + QuoteJson(field.name) +
         List("v", field.values, field.decimals) +
         List("lo", field.lows, field.decimals) +
         List("hi", field.highs, field.decimals) +
         List("s", field.spreads, field.decimals) + Names(field.names) + "}";
}

std::string Set(const ReadoutSet& set) {
  std::string json = "{\"name\":" + QuoteJson(set.name) +
                     List("t", set.times_s, 3) + ",\"fields\":[";
  for (size_t i = 0; i < set.fields.size(); ++i) {
    if (i > 0) json += ',';
    json += Field(set.fields[i]);
  }
  return json + "]}";
}

}  // namespace

std::string DrawReadoutData(const TimeAxis& axis,
                            const std::vector<ReadoutSet>& sets) {
  std::string html =
      "<script type=\"application/json\" class=\"gq-data\">{\"low\":" +
      FixedNumber(axis.low(), 3) + ",\"high\":" + FixedNumber(axis.high(), 3) +
      ",\"sets\":[";
  for (size_t i = 0; i < sets.size(); ++i) {
    if (i > 0) html += ',';
    html += Set(sets[i]);
  }
  return html + "]}</script>\n";
}

}  // namespace graphiqa
