// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "run_info.h"

#include <cmath>

namespace graphiqa {
namespace {

void AppendSets(const TrainingData& data, Json::Array* sets) {
  for (size_t i = 0; i < data.set_names.size(); ++i) {
    sets->push_back(Json::Object{{"name", data.set_names[i]},
                                 {"licence", data.licences[i]}});
  }
}

void AddNumber(const std::string& name, double value, Json::Object* metrics) {
  if (!std::isnan(value)) metrics->push_back({name, value});
}

}  // namespace

std::string TrainingRecord(const AllData& data, uint64_t seed,
                           const Json& config, const EpochRow& row) {
  Json::Array sets;
  AppendSets(data.rated, &sets);
  AppendSets(data.distorted, &sets);
  Json::Object metrics{
      {"pictures", static_cast<int64_t>(data.rated.split.val.size())},
      {"photographs", static_cast<int64_t>(data.distorted.split.val.size())}};
  AddNumber("srocc", row.val.srocc, &metrics);
  AddNumber("plcc", row.val.plcc, &metrics);
  AddNumber("krocc", row.val.krocc, &metrics);
  AddNumber("rmse", row.val.rmse, &metrics);
  AddNumber("type_accuracy", row.type_accuracy, &metrics);
  AddNumber("level_srocc", row.level_srocc, &metrics);
  return Json(Json::Object{
                  {"datasets", sets},
                  {"seed", static_cast<int64_t>(seed)},
                  {"options", config},
                  {"validation", metrics},
                  {"software", Json::Object{{"graphiqa", GRAPHIQA_VERSION}}}})
      .Dump();
}

}  // namespace graphiqa
