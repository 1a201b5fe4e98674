// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "golden.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>

#include "network/model_file.h"

namespace graphiqa {
namespace {

/// The largest differences seen, by source and tensor; printed at the end and,
/// with GRAPHIQA_GOLDEN_TABLE set to a path, written there as Markdown.
class Table : public testing::Environment {
 public:
  void Note(const std::string& source, const std::string& name, double value,
            const std::string& limit) {
    Row& row = rows_[source][name];
    row.value = std::max(row.value, value);
    row.limit = limit;
    ++row.tensors;
  }

  void TearDown() override {
    if (rows_.empty()) return;
    const std::string text = Markdown();
    std::fputs(text.c_str(), stdout);
    const char* path = std::getenv("GRAPHIQA_GOLDEN_TABLE");
    if (path != nullptr) std::ofstream(path) << text;
  }

 private:
  struct Row {
    double value = 0;
    std::string limit;
    int tensors = 0;
  };

  std::string Markdown() const {
    std::string text =
        "| set | tensor | compared | largest difference | allowed |\n"
        "| --- | --- | --- | --- | --- |\n";
    for (const auto& [source, rows] : rows_) {
      for (const auto& [name, row] : rows) {
        char line[512];
        std::snprintf(line, sizeof line, "| %s | %s | %d | %.2g | %s |\n",
                      source.c_str(), name.c_str(), row.tensors, row.value,
                      row.limit.c_str());
        text += line;
      }
    }
    return text;
  }

  std::map<std::string, std::map<std::string, Row>> rows_;
};

Table& table() {
  // googletest owns and destroys environments.
  static auto* instance =
      static_cast<Table*>(testing::AddGlobalTestEnvironment(new Table));
  return *instance;
}

// Registered before main() runs, as googletest asks.
[[maybe_unused]] const Table& registered = table();

std::string Text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

/// The largest |got - expected| / max(1, |expected|) over the elements whose
/// expected value is a number.
double LargestDifference(const at::Tensor& got, const at::Tensor& expected) {
  const at::Tensor wanted = expected.to(at::kDouble);
  const at::Tensor known = wanted.isfinite();
  const at::Tensor difference =
      (got.to(at::kDouble) - wanted).abs() / wanted.abs().clamp_min(1);
  if (!known.any().item<bool>()) return 0;
  return difference.masked_select(known).max().item<double>();
}

}  // namespace

std::string GoldenPath(const std::string& file) {
  const char* folder = std::getenv("GRAPHIQA_GOLDEN_DIR");
  if (folder == nullptr || *folder == '\0') folder = GRAPHIQA_GOLDEN_DEFAULT;
  return std::string(folder) + "/" + file;
}

GoldenFile::GoldenFile(const std::string& file)
    : file_(SafetensorsFile::Open(GoldenPath(file))) {}

bool GoldenFile::Has(const std::string& name) const {
  return file_.Find(name) != nullptr;
}

at::Tensor GoldenFile::Get(const std::string& name) const {
  const TensorView* view = file_.Find(name);
  if (view == nullptr || view->dtype != DType::kF32) {
    throw Error(ErrorCode::kNotFound, "no float32 golden tensor " + name);
  }
  at::Tensor tensor = at::empty(view->shape, at::kFloat);
  std::memcpy(tensor.data_ptr(), view->data, view->bytes);
  return tensor;
}

std::string GoldenFile::Meta(const std::string& key) const {
  const auto found = file_.metadata().find(key);
  if (found == file_.metadata().end()) {
    throw Error(ErrorCode::kNotFound, "no golden metadata " + key);
  }
  return found->second;
}

std::vector<std::string> GoldenFile::Under(const std::string& prefix) const {
  std::vector<std::string> names;
  for (const TensorView& view : file_.tensors()) {
    if (view.name.compare(0, prefix.size(), prefix) != 0) continue;
    names.push_back(view.name.substr(prefix.size()));
  }
  return names;
}

std::vector<std::string> GoldenFile::Groups(const std::string& suffix) const {
  std::vector<std::string> groups;
  for (const TensorView& view : file_.tensors()) {
    const size_t at = view.name.find('/');
    if (at == std::string::npos || view.name.substr(at) != suffix) continue;
    groups.push_back(view.name.substr(0, at));
  }
  return groups;
}

std::shared_ptr<Network> HeadsFromGolden(const GoldenFile& file,
                                         const std::string& prefix) {
  std::vector<TensorView> parameters;
  for (TensorView view : file.tensors()) {
    if (view.name.compare(0, prefix.size(), prefix) != 0) continue;
    view.name.erase(0, prefix.size());
    // The rest of the file are inputs and expected values.
    if (view.name.find('/') == std::string::npos) parameters.push_back(view);
  }
  auto network = std::make_shared<Network>(DeduceArchitecture(parameters));
  LoadStateDict(*network, parameters, "golden parameters");
  network->eval();
  return network;
}

void ExpectClose(const std::string& source, const std::string& name,
                 const at::Tensor& got, const at::Tensor& expected,
                 double eps) {
  SCOPED_TRACE(source + ": " + name);
  ASSERT_EQ(got.sizes(), expected.sizes());
  EXPECT_TRUE(got.isfinite().all().item<bool>()) << got;
  const double difference = LargestDifference(got, expected);
  if (expected.isnan().any().item<bool>()) {
    table().Note(source, name + " (no reference value)", difference, "finite");
  } else {
    table().Note(source, name, difference, Text(eps));
  }
  EXPECT_LE(difference, eps);
}

void ExpectGradientClose(const std::string& source, const std::string& name,
                         const at::Tensor& got, const at::Tensor& expected) {
  SCOPED_TRACE(source + ": " + name);
  ASSERT_EQ(got.sizes(), expected.sizes());
  EXPECT_TRUE(got.isfinite().all().item<bool>()) << got;
  const double largest = expected.abs().max().item<double>();
  const double difference = (got - expected).abs().max().item<double>();
  if (largest == 0) {
    ExpectWithin(source, name, difference, 0, "");
  } else {
    ExpectWithin(source, name, difference / largest, kGradientEps,
                 " of the largest");
  }
}

void ExpectWithin(const std::string& source, const std::string& name,
                  double value, double limit, const std::string& unit) {
  table().Note(source, name, value, Text(limit) + unit);
  EXPECT_LE(value, limit) << source << ": " << name;
}

void ExpectFinite(const std::string& source, const std::string& name,
                  const at::Tensor& got) {
  table().Note(source, name + " (degree under the floor)", 0, "finite");
  EXPECT_TRUE(got.isfinite().all().item<bool>()) << source << ": " << name;
}

}  // namespace graphiqa
