// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "average.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include <map>

#include "format/json.h"

namespace graphiqa {
namespace {

/// What has to be the same in all: everything but name, hash and training.
std::map<std::string, std::string> Statements(ModelInfo info) {
  info.name.clear();
  info.sha256.clear();
  info.training = "{}";
  return ToMetadata(info);
}

void RequireAlike(const Model& first, const Model& other,
                  const std::string& path) {
  const auto wanted = Statements(first.info);
  for (const auto& [key, value] : Statements(other.info)) {
    if (key == "metadata_sha256" || wanted.at(key) == value) continue;
    throw Error(ErrorCode::kUsage,
                path + ": `" + key + "` differs from the first model's");
  }
}

/// Adds `part` of the other's weights; counters stay the first's.
void AddWeights(const Network& other, double part, Network* sum) {
  const auto theirs = StateDict(other);
  const auto ours = StateDict(*sum);
  for (size_t i = 0; i < ours.size(); ++i) {
    at::Tensor to = ours[i].second;
    if (to.is_floating_point()) to.add_(theirs[i].second, part);
  }
}

}  // namespace

Model AverageModels(const std::vector<std::string>& paths) {
  if (paths.size() < 2) {
    throw Error(ErrorCode::kUsage, "at least two models are needed");
  }
  const at::NoGradGuard no_grad;
  const double part = 1.0 / static_cast<double>(paths.size());
  Model sum = LoadModel(paths[0]);
  Json::Array records;
  records.push_back(Json::Parse(sum.info.training, paths[0]));
  for (const auto& [name, tensor] : StateDict(*sum.network)) {
    if (tensor.is_floating_point()) at::Tensor(tensor).mul_(part);
  }
  for (size_t i = 1; i < paths.size(); ++i) {
    const Model other = LoadModel(paths[i]);
    RequireAlike(sum, other, paths[i]);
    AddWeights(*other.network, part, sum.network.get());
    records.push_back(Json::Parse(other.info.training, paths[i]));
  }
  sum.info.training = Json(Json::Object{{"average_of", records}}).Dump();
  return sum;
}

}  // namespace graphiqa
