// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "samples.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

namespace graphiqa {

double Quantile(std::vector<double> samples, double share) {
  const double count = static_cast<double>(samples.size());
  const double rank = std::clamp(std::ceil(share * count), 1.0, count);
  const auto at = samples.begin() + static_cast<long>(rank) - 1;
  std::nth_element(samples.begin(), at, samples.end());
  return *at;
}

double Median(std::vector<double> samples) {
  std::sort(samples.begin(), samples.end());
  const size_t middle = samples.size() / 2;
  if (samples.size() % 2 == 1) return samples[middle];
  return (samples[middle - 1] + samples[middle]) / 2;
}

Json RoundsJson(const std::vector<double>& rounds) {
  const auto [least, most] = std::minmax_element(rounds.begin(), rounds.end());
  return Json::Object{{"median", Median(rounds)},
                      {"min", *least},
                      {"max", *most},
                      {"rounds", Json::Array(rounds.begin(), rounds.end())}};
}

Json LatencyJson(const std::vector<double>& seconds) {
  if (seconds.empty()) return nullptr;
  const double sum = std::accumulate(seconds.begin(), seconds.end(), 0.0);
  const double mean = sum / static_cast<double>(seconds.size());
  return Json::Object{
      {"p50", 1e3 * Quantile(seconds, 0.50)},
      {"p99", 1e3 * Quantile(seconds, 0.99)},
      {"mean", 1e3 * mean},
      {"max", 1e3 * *std::max_element(seconds.begin(), seconds.end())},
      {"count", static_cast<int64_t>(seconds.size())}};
}

Json MedianJson(const std::vector<Json>& rounds) {
  const Json& first = rounds.front();
  const auto merge = [&rounds](const auto& part_of) {
    std::vector<Json> parts;
    for (const Json& round : rounds) parts.push_back(part_of(round));
    return MedianJson(parts);
  };
  if (first.IsObject()) {
    Json::Object merged;
    for (const auto& [key, value] : first.AsObject()) {
      merged.emplace_back(key, merge([&name = key](const Json& round) {
                            return round.At(name);
                          }));
    }
    return merged;
  }
  if (first.IsArray()) {
    Json::Array merged;
    for (size_t i = 0; i < first.AsArray().size(); ++i) {
      merged.push_back(
          merge([i](const Json& round) { return round.AsArray().at(i); }));
    }
    return merged;
  }
  std::vector<double> numbers;
  for (const Json& round : rounds) {
    if (!round.IsNumber()) return first;
    numbers.push_back(round.AsDouble());
  }
  return Median(numbers);
}

double Now() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(since).count();
}

}  // namespace graphiqa
