// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "network/model_file.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "format/safetensors.h"
#include "tiny_model.h"

namespace graphiqa {
namespace {

/// A file of the build's folder of small models.
std::string TinyModel(const std::string& name) {
  const char* folder = std::getenv("GRAPHIQA_TEST_MODELS");
  if (folder == nullptr) {
    throw Error(ErrorCode::kUsage, "GRAPHIQA_TEST_MODELS is not set");
  }
  return std::string(folder) + "/" + name + ".safetensors";
}

/// A folder that goes with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "graphiqa-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error(pattern);
    path_ = pattern;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string File(const std::string& name) const {
    return (path_ / name).string();
  }

 private:
  std::filesystem::path path_;
};

/// Tensor views of a network, kept alive with it.
struct State {
  std::vector<std::pair<std::string, at::Tensor>> tensors;
  std::vector<TensorView> views;
};

State StateOf(const torch::nn::Module& module) {
  State state{StateDict(module), {}};
  for (const auto& [name, tensor] : state.tensors) {
    const DType type =
        tensor.scalar_type() == at::kLong ? DType::kI64 : DType::kF32;
    state.views.push_back({name, type, tensor.sizes().vec(),
                           static_cast<const uint8_t*>(tensor.data_ptr()),
                           tensor.nbytes()});
  }
  return state;
}

ArchitectureInfo SmallArchitecture() {
  return MakeArchitecture("efficientnet_lite0", "multi", 16, 4, 8, {"a", "b"});
}

ModelInfo InfoFor(const Network& network) {
  ModelInfo info;
  info.name = "round trip";
  info.architecture = network.architecture();
  info.heads.mos = true;
  return info;
}

/// The call fails with this code and a message that has all the words.
template <typename Call>
void ExpectError(Call call, ErrorCode code,
                 const std::vector<std::string>& words) {
  try {
    call();
    ADD_FAILURE() << "no error; expected one about " << words.front();
  } catch (const Error& error) {
    const std::string text = error.what();
    EXPECT_EQ(static_cast<int>(error.code()), static_cast<int>(code)) << text;
    for (const std::string& word : words) {
      EXPECT_NE(text.find(word), std::string::npos) << word << " in: " << text;
    }
  }
}

TEST(ModelFile, Float32RoundTripIsExact) {
  const TemporaryFolder folder;
  at::manual_seed(1);
  Network network(SmallArchitecture());
  const std::string path = folder.File("a.safetensors");
  SaveModel(path, InfoFor(network), network, StorageType::kFloat32);
  const Model model = LoadModel(path);
  EXPECT_FALSE(model.network->is_training());
  EXPECT_EQ(model.info.name, "round trip");
  EXPECT_EQ(model.info.sha256.size(), 64u);
  const auto a = StateDict(network);
  const auto b = StateDict(*model.network);
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].first, b[i].first);
    EXPECT_TRUE(a[i].second.equal(b[i].second)) << a[i].first;
  }
}

TEST(ModelFile, Float16RoundsMatricesOnly) {
  const TemporaryFolder folder;
  at::manual_seed(2);
  Network network(SmallArchitecture());
  const std::string path = folder.File("a.safetensors");
  SaveModel(path, InfoFor(network), network, StorageType::kFloat16);
  const Model model = LoadModel(path);
  const auto a = StateDict(network);
  const auto b = StateDict(*model.network);
  for (size_t i = 0; i < a.size(); ++i) {
    const at::Tensor expected = a[i].second.dim() >= 2
                                    ? a[i].second.to(at::kHalf).to(at::kFloat)
                                    : a[i].second;
    EXPECT_TRUE(expected.equal(b[i].second)) << a[i].first;
    EXPECT_EQ(a[i].second.scalar_type(), b[i].second.scalar_type());
  }
  // Saved again, the file is the same to the byte.
  const std::string again = folder.File("b.safetensors");
  SaveModel(again, model.info, *model.network, StorageType::kFloat16);
  EXPECT_EQ(LoadModel(again).info.sha256, model.info.sha256);
}

TEST(ModelFile, ValuesThatDoNotFitAreNotWritten) {
  const TemporaryFolder folder;
  const at::NoGradGuard no_grad;
  Network network(SmallArchitecture());
  const std::string path = folder.File("a.safetensors");
  at::Tensor weight = network.named_parameters()["classifier.weight"];
  weight.fill_(1e5);
  SaveModel(path, InfoFor(network), network, StorageType::kFloat32);
  const auto size = std::filesystem::file_size(path);
  ExpectError(
      [&] {
        SaveModel(path, InfoFor(network), network, StorageType::kFloat16);
      },
      ErrorCode::kNumeric, {"classifier.weight"});
  EXPECT_EQ(std::filesystem::file_size(path), size);
}

TEST(ModelFile, AnotherArchitectureIsNotWritten) {
  const TemporaryFolder folder;
  Network network(SmallArchitecture());
  ModelInfo info = InfoFor(network);
  info.architecture.node_size = 32;
  ExpectError(
      [&] {
        SaveModel(folder.File("a.safetensors"), info, network,
                  StorageType::kFloat32);
      },
      ErrorCode::kUsage, {"32", "16"});
}

TEST(ModelFile, BadModelsNameWhatIsWrong) {
  const struct {
    const char* file;
    ErrorCode code;
    std::vector<std::string> words;
  } cases[] = {
      {"no_such_file", ErrorCode::kNotFound, {}},
      {"empty", ErrorCode::kFormat, {}},
      {"truncated", ErrorCode::kFormat, {}},
      {"corrupt_magic", ErrorCode::kFormat, {}},
      {"huge_header", ErrorCode::kFormat, {}},
      {"foreign", ErrorCode::kFormat, {"format"}},
      {"future_version", ErrorCode::kFormat, {"999"}},
      {"missing_tensor", ErrorCode::kFormat, {"missing", "classifier.bias"}},
      {"surplus_tensor", ErrorCode::kFormat, {"surplus", "'surplus'"}},
      {"wrong_shape", ErrorCode::kShape, {"classifier.bias", "[24]", "[25]"}},
      {"wrong_sizes", ErrorCode::kShape, {"node size", "32", "48"}},
      {"nan_weights", ErrorCode::kNumeric, {"classifier.weight", "finite"}},
      {"negative_variance", ErrorCode::kNumeric, {"stem.bn.running_var"}},
      {"wrong_hash", ErrorCode::kFormat, {"SHA-256"}},
  };
  for (const auto& bad : cases) {
    SCOPED_TRACE(bad.file);
    std::vector<std::string> words = bad.words;
    words.insert(words.begin(), std::string(bad.file) + ".safetensors");
    ExpectError([&] { LoadModel(TinyModel(bad.file)); }, bad.code, words);
  }
}

TEST(ModelFile, TinyModelsScoreAndTellPicturesApart) {
  const at::NoGradGuard no_grad;
  at::manual_seed(4);
  for (const char* name : {"tiny", "tiny_all_heads"}) {
    SCOPED_TRACE(name);
    const Model model = LoadModel(TinyModel(name));
    const int side = model.info.input.views.view_size_px;
    const HeadOutputs outputs =
        model.network->Forward(at::rand({4, 3, side, side}) * 2 - 1,
                               GraphForm::kRow, EdgeSummary::kDiagonal);
    EXPECT_TRUE(outputs.mos_mu.isfinite().all().item<bool>());
    EXPECT_GT(outputs.mos_mu.std().item<double>(), 1e-4);
    const at::Tensor score =
        outputs.mos_mu * model.info.score.gain + model.info.score.offset;
    EXPECT_GT(score.min().item<double>(), 0) << score;
    EXPECT_LT(score.max().item<double>(), 100) << score;
  }
  EXPECT_FALSE(LoadModel(TinyModel("tiny")).info.heads.type);
  EXPECT_TRUE(LoadModel(TinyModel("tiny_all_heads")).info.heads.type);
}

TEST(StateDictionary, StrictInBothDirections) {
  Network source(SmallArchitecture());
  Network target(SmallArchitecture());
  State state = StateOf(source);
  LoadStateDict(target, state.views, "source");
  EXPECT_TRUE(target.named_parameters()["hyperpredmos.fc.0.weight"].equal(
      source.named_parameters()["hyperpredmos.fc.0.weight"]));

  std::vector<TensorView> views = state.views;
  views.push_back(views.front());
  ExpectError([&] { LoadStateDict(target, views, "source"); },
              ErrorCode::kFormat, {"source", views.front().name, "twice"});
  views = state.views;
  views.back().name = "module." + views.back().name;
  ExpectError([&] { LoadStateDict(target, views, "source"); },
              ErrorCode::kFormat, {"missing", "classifier.bias"});
  views = state.views;
  views.back().dtype = DType::kI32;
  ExpectError([&] { LoadStateDict(target, views, "source"); },
              ErrorCode::kShape, {"classifier.bias", "I32"});
}

TEST(StateDictionary, NothingIsCopiedWhenSomethingIsMissing) {
  Network source(SmallArchitecture());
  Network target(SmallArchitecture());
  const at::Tensor before =
      target.named_parameters()["hyperpredmos.fc.0.weight"].clone();
  State state = StateOf(source);
  state.views.pop_back();
  EXPECT_THROW(LoadStateDict(target, state.views, "source"), Error);
  EXPECT_TRUE(
      before.equal(target.named_parameters()["hyperpredmos.fc.0.weight"]));
  LoadStateDict(target, state.views, "source", {"classifier."});
  EXPECT_FALSE(
      before.equal(target.named_parameters()["hyperpredmos.fc.0.weight"]));
}

TEST(StateDictionary, ArchitectureIsReadOffTheTensors) {
  for (const BackboneEntry* entry = kBackbones; entry->name; ++entry) {
    SCOPED_TRACE(entry->name);
    for (const char* features : {kMulti, kMultiStats}) {
      const ArchitectureInfo made =
          MakeArchitecture(entry->name, features, 24, 6, 10, KadidTypeNames());
      const Network network(made, Weights::kUninitialised);
      const ArchitectureInfo found = DeduceArchitecture(StateOf(network).views);
      EXPECT_EQ(found.backbone, made.backbone);
      EXPECT_EQ(found.features, features);
      EXPECT_EQ(found.feature_size, made.feature_size);
      EXPECT_EQ(found.node_size, 24);
      EXPECT_EQ(found.edge_size, 6);
      EXPECT_EQ(found.code_size, 10);
      EXPECT_EQ(found.types, KadidTypeNames());
    }
  }
}

TEST(StateDictionary, ThinMatricesDoNotMakeALargeNetwork) {
  const Network network(SmallArchitecture());
  const State state = StateOf(network);
  for (const char* name :
       {"domainlevelgraph.gcn_v.fc.0.weight",
        "domainlevelgraph.gcn_e.gcn.W3.weight", "classifier.weight"}) {
    std::vector<TensorView> views = state.views;
    for (TensorView& view : views) {
      if (view.name == name) view.shape = {view.shape[0] * view.shape[1], 1};
    }
    ExpectError([&] { DeduceArchitecture(views); }, ErrorCode::kShape, {name});
  }
}

/// Published names of EfficientNet-Lite0's tensors, from ours.
std::string PublishedName(std::string name) {
  const std::pair<const char*, const char*> parts[] = {
      {"stem.conv", "_conv_stem"}, {"stem.bn", "_bn0"},
      {"head.conv", "_conv_head"}, {"head.bn", "_bn1"},
      {"blocks.", "_blocks."},     {"expand.conv", "_expand_conv"},
      {"expand.bn", "_bn0"},       {"depthwise.conv", "_depthwise_conv"},
      {"depthwise.bn", "_bn1"},    {"project.conv", "_project_conv"},
      {"project.bn", "_bn2"}};
  for (const auto& [ours, theirs] : parts) {
    const size_t at = name.find(ours);
    if (at != std::string::npos) name.replace(at, std::strlen(ours), theirs);
  }
  return name;
}

TEST(BackboneWeights, PublishedEfficientNetNamesAreMapped) {
  const TemporaryFolder folder;
  Network source(SmallArchitecture());
  State state = StateOf(source.backbone());
  EXPECT_EQ(state.views.size(), 294u);
  for (TensorView& view : state.views) view.name = PublishedName(view.name);
  const float fc[2] = {1, 2};
  state.views.push_back({"_fc.bias",
                         DType::kF32,
                         {2},
                         reinterpret_cast<const uint8_t*>(fc),
                         sizeof fc});
  const std::string path = folder.File("lite0.safetensors");
  WriteSafetensors(path, {}, state.views);

  Network target(SmallArchitecture());
  LoadBackboneWeights(target, path);
  const auto a = StateDict(source.backbone());
  const auto b = StateDict(target.backbone());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_TRUE(a[i].second.equal(b[i].second)) << a[i].first;
  }

  state.views.erase(state.views.begin());
  WriteSafetensors(path, {}, state.views);
  ExpectError([&] { LoadBackboneWeights(target, path); }, ErrorCode::kFormat,
              {"lite0.safetensors", "missing", "stem.conv.weight"});
}

TEST(BackboneWeights, TorchvisionNamesAreMapped) {
  const TemporaryFolder folder;
  Network source(MakeArchitecture("resnet18", "multi", 16, 4, 8, {"a", "b"}));
  State state = StateOf(source.backbone());
  std::vector<TensorView> published;
  for (TensorView view : state.views) {
    const char kind = view.name[0];
    const std::string rest = view.name.substr(1);
    view.name = kind == '0'   ? "conv1" + rest
                : kind == '1' ? "bn1" + rest
                              : "layer" + std::string(1, char(kind - 3)) + rest;
    // As in files from before the counters existed.
    if (view.name.find("num_batches_tracked") == std::string::npos) {
      published.push_back(view);
    }
  }
  const std::string path = folder.File("resnet18.safetensors");
  WriteSafetensors(path, {}, published);
  Network target(MakeArchitecture("resnet18", "multi", 16, 4, 8, {"a", "b"}));
  LoadBackboneWeights(target, path);
  for (const auto& item : source.backbone().named_parameters()) {
    EXPECT_TRUE(
        item.value().equal(target.backbone().named_parameters()[item.key()]))
        << item.key();
  }
}

}  // namespace
}  // namespace graphiqa
