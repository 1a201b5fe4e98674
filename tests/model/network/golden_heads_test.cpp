// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// The network against the released code's numbers: the heads built small,
/// the normalisation of graphs, the whole ResNet-50.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "fill.h"
#include "golden.h"
#include "network/model_file.h"

namespace graphiqa {
namespace {

using Outputs = std::map<std::string, at::Tensor>;

const std::set<std::string> kOfTypeGraph = {"type_adjacency", "z", "type_code",
                                            "type_logits"};

/// What was compared against an expected file, so that nothing is left out.
class Checklist {
 public:
  Checklist(const GoldenFile& expected, std::string source, double eps)
      : expected_(expected), source_(std::move(source)), eps_(eps) {}

  /// Compares every expected tensor "<batch>/<name>".
  /// @param no_reference  the type graph has a positive degree under the floor:
  ///   the released code explodes there and ours departs from it
  void Compare(const std::string& batch, const Outputs& outputs,
               bool no_reference) {
    for (const std::string& name : expected_.Under(batch + "/")) {
      if (name.find('/') == std::string::npos) {
        CompareOne(batch + "/" + name, name, outputs, no_reference);
      }
    }
  }

  void CompareOne(const std::string& path, const std::string& name,
                  const Outputs& outputs, bool no_reference) {
    SCOPED_TRACE(path);
    seen_.insert(path);
    const auto got = outputs.find(name);
    ASSERT_NE(got, outputs.end()) << "not computed: " << name;
    if (no_reference && kOfTypeGraph.count(name) != 0) {
      ExpectFinite(source_, name, got->second);
    } else {
      ExpectClose(source_, name, got->second, expected_.Get(path), eps_);
    }
  }

  /// Every tensor of the file has been compared.
  void ExpectComplete() const {
    for (const TensorView& view : expected_.tensors()) {
      EXPECT_EQ(seen_.count(view.name), 1u) << "not compared: " << view.name;
    }
  }

  void Seen(const std::string& path) { seen_.insert(path); }

 private:
  const GoldenFile& expected_;
  std::string source_;
  double eps_;
  std::set<std::string> seen_;
};

Outputs AsMap(const HeadOutputs& outputs) {
  Outputs map;
  for (const auto& [name, tensor] : NamedOutputs(outputs)) map[name] = tensor;
  return map;
}

/// A positive degree that the floor raises.
bool FloorBites(const at::Tensor& raw) {
  const at::Tensor degree = raw.sum(1) + 1;
  return (degree.gt(0) & degree.lt(kDegreeFloor)).any().item<bool>();
}

/// Both modes of a batch: what depends on none, then "pretrain/…" and
/// "finetune/…".
void CompareBatch(Network& network, const at::Tensor& x,
                  const std::string& batch, Checklist* list,
                  Outputs extra = {}) {
  const Outputs pretrain =
      AsMap(network.Heads(x, GraphForm::kBatch, EdgeSummary::kMean));
  const Outputs finetune =
      AsMap(network.Heads(x, GraphForm::kBatch, EdgeSummary::kDiagonal));
  const bool bites = FloorBites(pretrain.at("type_adjacency_raw"));
  Outputs common = pretrain;
  for (auto& item : extra) common[item.first] = item.second;
  list->Compare(batch, common, bites);
  list->Compare(batch + "/pretrain", pretrain, bites);
  list->Compare(batch + "/finetune", finetune, bites);
}

/// Row form against the released code run on one image at a time.
void CompareRows(Network& network, const at::Tensor& x,
                 const std::string& batch, Checklist* list) {
  list->Compare(
      batch, AsMap(network.Heads(x, GraphForm::kRow, EdgeSummary::kDiagonal)),
      false);
}

at::Tensor Pooled(const GoldenFile& file, const std::string& name) {
  return file.Get(name).mean({2, 3});
}

TEST(GoldenHeads, AgreeWithTheReleasedCode) {
  const at::NoGradGuard no_grad;
  const GoldenFile input("heads_small.safetensors");
  const GoldenFile expected("heads_small_expected.safetensors");
  const auto network = HeadsFromGolden(input, "");
  const ArchitectureInfo& sizes = network->architecture();
  EXPECT_EQ(sizes.node_size, std::stol(input.Meta("channels")));
  EXPECT_EQ(sizes.code_size, std::stol(input.Meta("type_size")));
  EXPECT_EQ(sizes.edge_size, std::stol(input.Meta("edge_size")));

  Checklist list(expected, "heads_small", kSmallEps);
  const auto batches = input.Groups("/features");
  ASSERT_FALSE(batches.empty());
  for (const std::string& batch : batches) {
    const at::Tensor x = Pooled(input, batch + "/features");
    CompareBatch(*network, x, batch, &list);
    CompareRows(*network, x, batch + "_one_by_one", &list);
  }
  for (const std::string& name : expected.Under("graph_norm/")) {
    list.Seen("graph_norm/" + name);  // GoldenGraphNorm
  }
  for (const std::string& name : expected.Under("negative_degree/")) {
    list.Seen("negative_degree/" + name);  // NegativeDegreesStayFinite
  }
  list.ExpectComplete();
}

TEST(GoldenHeads, NegativeDegreesStayFinite) {
  const at::NoGradGuard no_grad;
  const GoldenFile input("heads_small.safetensors");
  const GoldenFile expected("heads_small_expected.safetensors");
  const auto network = HeadsFromGolden(input, "");
  const auto replaced = input.Under("negative_degree/");
  if (replaced.empty()) GTEST_SKIP() << "the set has no negative degrees";
  for (const std::string& name : replaced) {
    at::Tensor parameter = network->named_parameters()[name];
    parameter.copy_(input.Get("negative_degree/" + name));
  }
  Checklist list(expected, "heads_small negative_degree", kSmallEps);
  for (const std::string& batch : input.Groups("/features")) {
    CompareBatch(*network, Pooled(input, batch + "/features"),
                 "negative_degree/" + batch, &list);
  }
}

TEST(GoldenGraphNorm, AgreesWhereDegreesReachTheFloor) {
  const GoldenFile input("heads_small.safetensors");
  const GoldenFile expected("heads_small_expected.safetensors");
  const auto cases = input.Under("graph_norm/");
  ASSERT_FALSE(cases.empty());
  for (const std::string& name : cases) {
    SCOPED_TRACE(name);
    const at::Tensor raw = input.Get("graph_norm/" + name);
    const at::Tensor got = NormaliseGraph(raw);
    const at::Tensor usual = raw.sum(1).add(1).ge(kDegreeFloor);
    const at::Tensor both = usual.unsqueeze(1) & usual.unsqueeze(0);
    // Elsewhere only finiteness is asked, which NaN stands for.
    const at::Tensor wanted =
        at::where(both, expected.Get("graph_norm/" + name),
                  at::full_like(raw, std::numeric_limits<float>::quiet_NaN()));
    ExpectClose("graph_norm", name, got, wanted, kSmallEps);
    const at::Tensor bound =
        (raw + at::eye(raw.size(0))).abs() / kDegreeFloor * (1 + 1e-5);
    EXPECT_TRUE(got.abs().le(bound).logical_or(both).all().item<bool>()) << got;
  }
}

// ---------------------------------------------------------------------------
// The whole network, ResNet-50.

struct CsvRow {
  std::string name, dtype;
  std::vector<int64_t> shape;
  bool pretrained = false, finetuned = false;
};

std::vector<int64_t> ParseShape(const std::string& text) {
  std::vector<int64_t> shape;
  std::stringstream parts(text);
  for (std::string part; std::getline(parts, part, 'x');) {
    shape.push_back(std::stol(part));
  }
  return shape;
}

std::vector<CsvRow> ReadStateDictCsv() {
  std::ifstream file(GoldenPath("full_resnet50_state_dict.csv"));
  std::vector<CsvRow> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::stringstream cells(line);
    std::string shape, fill, pretrained, finetuned;
    CsvRow row;
    std::getline(cells, row.name, ',');
    std::getline(cells, row.dtype, ',');
    std::getline(cells, shape, ',');
    std::getline(cells, fill, ',');
    std::getline(cells, pretrained, ',');
    std::getline(cells, finetuned, ',');
    row.shape = ParseShape(shape);
    row.pretrained = pretrained == "yes";
    row.finetuned = finetuned.compare(0, 3, "yes") == 0;
    rows.push_back(row);
  }
  return rows;
}

/// The sizes that the full golden set's metadata states.
ArchitectureInfo FullArchitecture(const GoldenFile& expected) {
  return MakeArchitecture(
      "resnet50", "last", 0, std::stol(expected.Meta("edge_size")),
      std::stol(expected.Meta("type_size")), KadidTypeNames());
}

void FillNetwork(Network& network, const std::string& salt) {
  for (auto& [name, tensor] : StateDict(network)) {
    const std::vector<float> values =
        FillParameter(name, tensor.sizes().vec(), salt);
    at::Tensor target = tensor;
    target.copy_(at::from_blob(const_cast<float*>(values.data()),
                               tensor.sizes(), at::kFloat));
  }
}

at::Tensor FillImages(const std::string& numbers, const std::string& salt) {
  std::vector<at::Tensor> images;
  std::stringstream list(numbers);
  for (int index; list >> index;) {
    std::vector<float> values = FillImage(index, salt);
    images.push_back(at::from_blob(values.data(),
                                   {3, kFillImageSide, kFillImageSide},
                                   at::kFloat)
                         .clone());
  }
  return at::stack(images);
}

/// Every 16th channel on a 7 x 7 grid, means and deviations of each stage.
void CompareStages(Backbone& backbone, const std::vector<at::Tensor>& stages,
                   const std::string& batch, Checklist* list) {
  const auto names = backbone.StageNames();
  for (size_t i = 0; i < stages.size(); ++i) {
    const at::Tensor& map = stages[i];
    const at::Tensor grid = map.slice(1, 0, {}, map.size(1) / 16)
                                .slice(2, 0, {}, map.size(2) / 7)
                                .slice(3, 0, {}, map.size(3) / 7);
    const auto [deviation, mean] =
        at::std_mean(map, at::IntArrayRef{2, 3}, c10::Scalar(0));
    for (const auto& [part, tensor] :
         Outputs{{"grid", grid}, {"mean", mean}, {"std", deviation}}) {
      const std::string name = names[i] + "/" + part;
      list->CompareOne(batch + "/" + name, name, {{name, tensor}}, false);
    }
  }
}

std::vector<std::string> FullBatches(const GoldenFile& expected) {
  return expected.Groups("/x");
}

TEST(GoldenFull, StateDictHasTheReferencesNames) {
  const GoldenFile expected("full_resnet50_expected.safetensors");
  const std::vector<CsvRow> rows = ReadStateDictCsv();
  ASSERT_FALSE(rows.empty());
  const Network network(FullArchitecture(expected));
  const auto state = StateDict(network);
  ASSERT_EQ(state.size(), rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(state[i].first, rows[i].name);
    EXPECT_EQ(state[i].second.sizes().vec(), rows[i].shape) << rows[i].name;
    EXPECT_EQ(state[i].second.scalar_type(),
              rows[i].dtype == "int64" ? at::kLong : at::kFloat)
        << rows[i].name;
  }
}

TEST(GoldenFull, AgreesWithTheReleasedCode) {
  const at::NoGradGuard no_grad;
  const GoldenFile expected("full_resnet50_expected.safetensors");
  const std::string salt = expected.Meta("salt");
  Network network(FullArchitecture(expected));
  FillNetwork(network, salt);
  network.eval();
  Checklist list(expected, "full_resnet50", kFullEps);
  ASSERT_FALSE(FullBatches(expected).empty());
  for (const std::string& batch : FullBatches(expected)) {
    const at::Tensor images =
        FillImages(expected.Meta("images_" + batch), salt);
    const auto stages = network.backbone().Forward(images);
    CompareStages(network.backbone(), stages, batch, &list);
    const at::Tensor x = network.Project(network.Pool(stages));
    const Outputs outputs =
        AsMap(network.Heads(x, GraphForm::kBatch, EdgeSummary::kMean));
    CompareBatch(
        network, x, batch, &list,
        {{"edge_features", outputs.at("edge_features").slice(1, 0, {}, 16)}});
    CompareRows(network, x, batch + "_one_by_one", &list);
  }
  list.ExpectComplete();
}

}  // namespace
}  // namespace graphiqa
