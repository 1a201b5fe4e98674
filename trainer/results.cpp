// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "results.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>

#include "random.h"

namespace graphiqa {
namespace {

/// The measures of an Agreement, to treat them alike.
constexpr double Agreement::*kMeasures[] = {
    &Agreement::srocc, &Agreement::krocc,       &Agreement::plcc,
    &Agreement::rmse,  &Agreement::plcc_fitted, &Agreement::rmse_fitted};

void RequireSameLength(size_t length, size_t wanted, const char* what) {
  if (length == wanted) return;
  throw Error(ErrorCode::kUsage, std::to_string(length) + " " + what + " for " +
                                     std::to_string(wanted) + " predictions");
}

Agreement MeasureSome(const std::vector<double>& predictions,
                      const std::vector<double>& ratings,
                      const std::vector<size_t>& indices) {
  std::vector<double> some_predictions;
  std::vector<double> some_ratings;
  for (size_t i : indices) {
    some_predictions.push_back(predictions[i]);
    some_ratings.push_back(ratings[i]);
  }
  return Measure(some_predictions, some_ratings);
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half]
                                : (values[half - 1] + values[half]) / 2;
}

}  // namespace

std::string ResultTable(const std::vector<ResultRow>& rows) {
  char line[256];
  std::snprintf(line, sizeof line, "%-24s %8s %7s %7s %7s %7s %12s %12s\n", "",
                "pictures", "SROCC", "KROCC", "PLCC", "RMSE", "PLCC fitted",
                "RMSE fitted");
  std::string table = line;
  for (const ResultRow& row : rows) {
    const Agreement& a = row.agreement;
    std::snprintf(line, sizeof line,
                  "%-24s %8zu %7.4f %7.4f %7.4f %7.3f %12.4f %12.3f\n",
                  row.label.c_str(), row.pictures, a.srocc, a.krocc, a.plcc,
                  a.rmse, a.plcc_fitted, a.rmse_fitted);
    table += line;
  }
  return table;
}

std::vector<ResultRow> MeasureSubsets(const std::vector<double>& predictions,
                                      const std::vector<double>& ratings,
                                      const std::vector<std::string>& subsets) {
  RequireSameLength(ratings.size(), predictions.size(), "ratings");
  RequireSameLength(subsets.size(), predictions.size(), "subsets");
  std::map<std::string, std::vector<size_t>> members;
  for (size_t i = 0; i < subsets.size(); ++i) {
    if (!subsets[i].empty()) members[subsets[i]].push_back(i);
  }
  std::vector<ResultRow> rows;
  for (const auto& [subset, indices] : members) {
    if (indices.size() < 2) continue;
    rows.push_back(
        {subset, indices.size(), MeasureSome(predictions, ratings, indices)});
  }
  return rows;
}

std::vector<size_t> HeldOutGroups(const std::vector<std::string>& groups,
                                  double fraction, uint64_t seed) {
  const std::set<std::string> unique(groups.begin(), groups.end());
  std::vector<std::string> order(unique.begin(), unique.end());
  Random random{seed, 0x48454C44};
  Shuffle(&order, &random);
  // nearbyint rounds halves to even, as Python's round() does.
  const auto kept = static_cast<size_t>(
      std::nearbyint((1 - fraction) * static_cast<double>(order.size())));
  if (kept == 0 || kept >= order.size()) {
    throw Error(ErrorCode::kUsage,
                "random splits: " + std::to_string(order.size()) +
                    " groups of pictures are too few to hold out a part of " +
                    std::to_string(fraction));
  }
  const std::set<std::string> held(
      order.begin() + static_cast<std::ptrdiff_t>(kept), order.end());
  std::vector<size_t> indices;
  for (size_t i = 0; i < groups.size(); ++i) {
    if (held.count(groups[i]) > 0) indices.push_back(i);
  }
  return indices;
}

SplitResults MeasureSplits(const std::vector<double>& predictions,
                           const std::vector<double>& ratings,
                           const std::vector<std::string>& groups,
                           double fraction, int splits, uint64_t seed) {
  RequireSameLength(ratings.size(), predictions.size(), "ratings");
  RequireSameLength(groups.size(), predictions.size(), "groups");
  if (splits < 1) {
    throw Error(ErrorCode::kUsage, "random splits: at least one is needed");
  }
  SplitResults results;
  results.splits = splits;
  std::vector<Agreement> all;
  for (int i = 0; i < splits; ++i) {
    const std::vector<size_t> held =
        HeldOutGroups(groups, fraction, seed + static_cast<uint64_t>(i));
    if (i == 0) results.pictures = held.size();
    all.push_back(MeasureSome(predictions, ratings, held));
  }
  for (double Agreement::*measure : kMeasures) {
    std::vector<double> values;
    values.reserve(all.size());
    for (const Agreement& agreement : all) values.push_back(agreement.*measure);
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    results.lowest.*measure = *low;
    results.highest.*measure = *high;
    results.median.*measure = Median(values);
  }
  return results;
}

std::vector<ResultRow> SplitRows(const SplitResults& results) {
  return {{"median of " + std::to_string(results.splits) + " splits",
           results.pictures, results.median},
          {"lowest", results.pictures, results.lowest},
          {"highest", results.pictures, results.highest}};
}

}  // namespace graphiqa
