// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "model_file.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "error.h"
#include "format/pth.h"
#include "format/safetensors.h"
#include "format/sha256.h"

namespace graphiqa {
namespace {

using NamedTensor = std::pair<std::string, at::Tensor>;

constexpr const char* kBackbonePrefix = "extractor.feature_extractor.";
constexpr const char* kCounterSuffix = ".num_batches_tracked";

bool StartsWith(const std::string& text, const std::string& start) {
  return text.compare(0, start.size(), start) == 0;
}

bool EndsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() &&
         text.compare(text.size() - end.size(), end.size(), end) == 0;
}

std::string ShapeText(const std::vector<int64_t>& shape) {
  std::string text = "[";
  for (const int64_t size : shape) {
    text += (text.size() > 1 ? "," : "") + std::to_string(size);
  }
  return text + "]";
}

at::ScalarType ScalarTypeOf(DType dtype) {
  switch (dtype) {
    case DType::kF64:
      return at::kDouble;
    case DType::kF32:
      return at::kFloat;
    case DType::kF16:
      return at::kHalf;
    case DType::kBF16:
      return at::kBFloat16;
    case DType::kI64:
      return at::kLong;
    case DType::kI32:
      return at::kInt;
    case DType::kI16:
      return at::kShort;
    case DType::kI8:
      return at::kChar;
    case DType::kU8:
      return at::kByte;
    case DType::kBool:
      return at::kBool;
  }
  throw Error(ErrorCode::kFormat, "unknown element type");
}

DType DTypeOf(const at::Tensor& tensor) {
  if (tensor.scalar_type() == at::kFloat) return DType::kF32;
  if (tensor.scalar_type() == at::kHalf) return DType::kF16;
  if (tensor.scalar_type() == at::kLong) return DType::kI64;
  throw Error(ErrorCode::kShape, std::string("element type ") +
                                     at::toString(tensor.scalar_type()) +
                                     " has no place in a model file");
}

/// Some names of a long list, for a message.
std::string NameList(const std::vector<std::string>& names) {
  constexpr size_t kShown = 4;
  std::string text;
  for (size_t i = 0; i < std::min(names.size(), kShown); ++i) {
    text += (i == 0 ? "'" : ", '") + names[i] + "'";
  }
  if (names.size() > kShown) {
    text += " and " + std::to_string(names.size() - kShown) + " more";
  }
  return text;
}

/// Copies the bytes: what a view points to may be unaligned and may go away.
at::Tensor ToTensor(const TensorView& view) {
  at::Tensor tensor = at::empty(view.shape, ScalarTypeOf(view.dtype));
  if (tensor.nbytes() != view.bytes) {
    throw Error(ErrorCode::kShape,
                "tensor '" + view.name + "' has " + std::to_string(view.bytes) +
                    " bytes, its shape " + ShapeText(view.shape) + " needs " +
                    std::to_string(tensor.nbytes()));
  }
  if (view.bytes > 0) std::memcpy(tensor.data_ptr(), view.data, view.bytes);
  return tensor;
}

void CheckFits(const TensorView& view, const at::Tensor& target,
               const std::string& what) {
  if (target.sizes() != at::IntArrayRef(view.shape)) {
    throw Error(ErrorCode::kShape, what + ": tensor '" + view.name +
                                       "' has shape " + ShapeText(view.shape) +
                                       ", the network needs " +
                                       ShapeText(target.sizes().vec()));
  }
  const at::ScalarType type = ScalarTypeOf(view.dtype);
  const bool fits = target.is_floating_point()
                        ? at::isFloatingType(type)
                        : at::isIntegralType(type, /*includeBool=*/false);
  if (fits) return;
  throw Error(ErrorCode::kShape,
              what + ": tensor '" + view.name + "' has element type " +
                  NameOf(view.dtype) + ", the network's is " +
                  at::toString(target.scalar_type()));
}

void CheckValues(const std::string& name, const at::Tensor& tensor,
                 const std::string& what) {
  if (!tensor.is_floating_point()) return;
  if (!at::isfinite(tensor).all().item<bool>()) {
    throw Error(ErrorCode::kNumeric, what + ": tensor '" + name +
                                         "' has values that are not finite");
  }
  const bool variance = EndsWith(name, ".running_var");
  if (variance && tensor.lt(0).any().item<bool>()) {
    throw Error(ErrorCode::kNumeric,
                what + ": tensor '" + name + "' has negative variances");
  }
}

/// Matches views and targets by name; shapes and element types checked.
/// @param may_miss  tells of a target whether it may be left as it is
std::vector<std::pair<const TensorView*, at::Tensor>> Match(
    const std::vector<NamedTensor>& targets,
    const std::vector<TensorView>& tensors, const std::string& what,
    const std::function<bool(const std::string&)>& may_miss) {
  std::map<std::string, at::Tensor> by_name(targets.begin(), targets.end());
  std::set<std::string> seen;
  std::vector<std::string> surplus;
  std::vector<std::pair<const TensorView*, at::Tensor>> pairs;
  for (const TensorView& view : tensors) {
    if (!seen.insert(view.name).second) {
      throw Error(ErrorCode::kFormat,
                  what + ": tensor '" + view.name + "' comes twice");
    }
    const auto found = by_name.find(view.name);
    if (found == by_name.end()) {
      surplus.push_back(view.name);
      continue;
    }
    pairs.emplace_back(&view, found->second);
  }
  std::vector<std::string> missing;
  for (const NamedTensor& target : targets) {
    if (seen.count(target.first) == 0 && !may_miss(target.first)) {
      missing.push_back(target.first);
    }
  }
  if (!missing.empty()) {
    throw Error(ErrorCode::kFormat,
                what + ": missing tensor " + NameList(missing));
  }
  if (!surplus.empty()) {
    throw Error(ErrorCode::kFormat,
                what + ": surplus tensor " + NameList(surplus));
  }
  for (const auto& [view, target] : pairs) CheckFits(*view, target, what);
  return pairs;
}

void CopyByName(const std::vector<NamedTensor>& targets,
                const std::vector<TensorView>& tensors, const std::string& what,
                const std::function<bool(const std::string&)>& may_miss) {
  const at::NoGradGuard no_grad;
  for (auto& [view, target] : Match(targets, tensors, what, may_miss)) {
    // Through float32 of the host, so that an overflow shows as infinite.
    const at::Tensor values = ToTensor(*view).to(target.scalar_type());
    CheckValues(view->name, values, what);
    at::Tensor destination = target;
    destination.copy_(values);
  }
}

bool Never(const std::string&) { return false; }

/// A wrapped call whose errors get `what` in front of their message.
template <typename Call>
auto Naming(const std::string& what, Call call) {
  try {
    return call();
  } catch (const Error& error) {
    throw Error(error.code(), what + ": " + error.what());
  }
}

// ---------------------------------------------------------------------------
// Architectures.

/// The tensor `name`, which must be a matrix; `columns` < 0 = any number.
const TensorView& RequireMatrix(const std::vector<TensorView>& tensors,
                                const std::string& name, int64_t columns) {
  for (const TensorView& view : tensors) {
    if (view.name != name) continue;
    const bool matrix = view.shape.size() == 2;
    if (matrix && (columns < 0 || view.shape[1] == columns)) return view;
    throw Error(ErrorCode::kShape,
                "tensor '" + name + "' has shape " + ShapeText(view.shape) +
                    ", a matrix with " +
                    (columns < 0 ? "any number of" : std::to_string(columns)) +
                    " columns is wanted");
  }
  throw Error(ErrorCode::kFormat, "missing tensor '" + name + "'");
}

std::string DeduceBackbone(const std::vector<TensorView>& tensors) {
  std::set<std::string> names;
  bool any = false;
  for (const TensorView& view : tensors) {
    if (!StartsWith(view.name, kBackbonePrefix)) continue;
    any = true;
    names.insert(view.name.substr(std::strlen(kBackbonePrefix)));
  }
  if (!any) return kNoBackbone;
  const auto has = [&names](const char* name) { return names.count(name) > 0; };
  if (has("stem.conv.weight")) return "efficientnet_lite0";
  if (has("4.0.conv3.weight") && !has("6.6.conv1.weight")) return "resnet50";
  if (has("4.0.conv3.weight")) {
    throw Error(ErrorCode::kFormat,
                "tensor '" + std::string(kBackbonePrefix) +
                    "6.6.conv1.weight' belongs to no known backbone");
  }
  if (has("4.2.conv1.weight")) return "resnet34";
  if (has("4.1.conv1.weight")) return "resnet18";
  throw Error(ErrorCode::kFormat, "tensors under '" +
                                      std::string(kBackbonePrefix) +
                                      "' belong to no known backbone");
}

std::vector<std::string> TypeNames(int64_t count) {
  if (count == static_cast<int64_t>(KadidTypeNames().size())) {
    return KadidTypeNames();
  }
  if (count < 1 || count > 1024) {
    throw Error(ErrorCode::kFormat, "tensor 'classifier.weight' has " +
                                        std::to_string(count) +
                                        " rows, 1 to 1024 are allowed");
  }
  std::vector<std::string> names;
  for (int64_t i = 0; i < count; ++i) {
    names.push_back("type" + std::to_string(i));
  }
  return names;
}

void CheckSize(const char* field, int64_t stated, int64_t found,
               const char* tensor) {
  if (stated == found) return;
  throw Error(ErrorCode::kShape, std::string("tensor '") + tensor + "' says " +
                                     field + " " + std::to_string(found) +
                                     ", the metadata " +
                                     std::to_string(stated));
}

/// The sizes that the metadata states are those of the tensors, so that
/// building the network takes no more memory than the file warrants.
void CheckStatedSizes(const ArchitectureInfo& stated,
                      const std::vector<TensorView>& tensors) {
  CheckArchitecture(stated);
  const ArchitectureInfo found = DeduceArchitecture(tensors);
  if (stated.backbone != found.backbone) {
    throw Error(ErrorCode::kFormat,
                "the tensors are of backbone '" + found.backbone +
                    "', the metadata says '" + stated.backbone + "'");
  }
  CheckSize("node size", stated.node_size, found.node_size,
            "domainlevelgraph.gcn_v.fc.0.weight");
  CheckSize("edge size", stated.edge_size, found.edge_size,
            "domainlevelgraph.gcn_e.gcn.W3.weight");
  CheckSize("code size", stated.code_size, found.code_size,
            "domainlevelgraph.domain_learner.gcn.W3.weight");
  CheckSize("number of types", static_cast<int64_t>(stated.types.size()),
            static_cast<int64_t>(found.types.size()), "classifier.weight");
  CheckSize("feature size", stated.feature_size, found.feature_size,
            "extractor.projector.weight");
}

void CheckHash(const SafetensorsFile& file, const ModelInfo& info) {
  const TensorView data = file.data();
  const std::string found = Sha256Hex(data.data, data.bytes);
  if (found == info.sha256) return;
  throw Error(ErrorCode::kFormat, "the tensors' SHA-256 is " + found +
                                      ", the metadata says " + info.sha256);
}

// ---------------------------------------------------------------------------
// Writing.

at::Tensor StoredTensor(const NamedTensor& item, StorageType storage,
                        const std::string& path) {
  at::Tensor tensor = item.second.detach().to(at::kCPU);
  if (tensor.is_floating_point()) {
    const bool half = storage == StorageType::kFloat16 && tensor.dim() >= 2;
    tensor = tensor.to(half ? at::kHalf : at::kFloat);
  }
  CheckValues(item.first, tensor, path);
  return tensor.contiguous();
}

TensorView ViewOf(const std::string& name, const at::Tensor& tensor) {
  return {name, DTypeOf(tensor), tensor.sizes().vec(),
          static_cast<const uint8_t*>(tensor.const_data_ptr()),
          tensor.nbytes()};
}

void CheckSameArchitecture(const ArchitectureInfo& a,
                           const ArchitectureInfo& b) {
  const auto fields = [](const ArchitectureInfo& x) {
    return std::make_tuple(x.backbone, x.features, x.feature_size, x.node_size,
                           x.edge_size, x.code_size, x.types.size());
  };
  if (fields(a) == fields(b)) return;
  throw Error(ErrorCode::kUsage,
              "the architecture to be written (" + a.backbone + ", node size " +
                  std::to_string(a.node_size) + ") is not the network's (" +
                  b.backbone + ", node size " + std::to_string(b.node_size) +
                  ")");
}

}  // namespace

void LoadStateDict(Network& network, const std::vector<TensorView>& tensors,
                   const std::string& what,
                   const std::vector<std::string>& optional_prefixes) {
  const auto may_miss = [&optional_prefixes](const std::string& name) {
    return std::any_of(optional_prefixes.begin(), optional_prefixes.end(),
                       [&name](const std::string& prefix) {
                         return StartsWith(name, prefix);
                       });
  };
  CopyByName(StateDict(network), tensors, what, may_miss);
}

void LoadBackboneWeights(Network& network, const std::string& path) {
  Backbone& backbone = network.backbone();
  const auto load = [&backbone, &path](std::vector<TensorView> tensors) {
    std::vector<TensorView> kept;
    for (TensorView& view : tensors) {
      view.name = backbone.ImportedName(view.name);
      if (!view.name.empty()) kept.push_back(std::move(view));
    }
    CopyByName(StateDict(backbone), kept, path, [](const std::string& name) {
      return EndsWith(name, kCounterSuffix);
    });
  };
  if (EndsWith(path, ".safetensors")) {
    load(SafetensorsFile::Open(path).tensors());
    return;
  }
  std::vector<TensorRecord> records = ReadPth(path);
  StripModulePrefix(&records);
  load(ViewsOf(records));
}

ArchitectureInfo DeduceArchitecture(const std::vector<TensorView>& tensors) {
  ArchitectureInfo found;
  found.backbone = DeduceBackbone(tensors);
  // Columns are checked as well: sizes that only the rows of a thin matrix
  // claim would make the network larger than the tensors.
  const auto rows = [&tensors](const char* name, int64_t columns) {
    return RequireMatrix(tensors, name, columns).shape[0];
  };
  const char* square = "domainlevelgraph.gcn_v.fc.0.weight";
  const int64_t node = RequireMatrix(tensors, square, -1).shape[0];
  found.node_size = rows(square, node);
  found.edge_size = rows("domainlevelgraph.gcn_e.gcn.W3.weight", node / 4);
  found.code_size =
      rows("domainlevelgraph.domain_learner.gcn.W3.weight", node / 4);
  found.types = TypeNames(rows("classifier.weight", found.code_size));
  found.features = kLast;
  found.feature_size = found.node_size;
  for (const TensorView& view : tensors) {
    if (view.name != "extractor.projector.weight") continue;
    found.feature_size = RequireMatrix(tensors, view.name, -1).shape[1];
    found.features = kMulti;
    if (found.backbone != kNoBackbone &&
        found.feature_size == FeatureSize(found.backbone, kMultiStats)) {
      found.features = kMultiStats;
    }
  }
  return found;
}

std::vector<TensorView> ViewsOf(const std::vector<TensorRecord>& records) {
  std::vector<TensorView> views;
  views.reserve(records.size());
  for (const TensorRecord& record : records) {
    views.push_back({record.name, record.dtype, record.shape,
                     record.data.data(), record.data.size()});
  }
  return views;
}

Model LoadModel(const std::string& path) {
  const SafetensorsFile file = SafetensorsFile::Open(path);
  Model model;
  model.info = Naming(path, [&] { return FromMetadata(file.metadata()); });
  Naming(path, [&] {
    if (model.info.architecture.backbone == kNoBackbone) {
      throw Error(ErrorCode::kFormat, "a model file needs a backbone");
    }
    CheckStatedSizes(model.info.architecture, file.tensors());
    model.network = std::make_shared<Network>(model.info.architecture,
                                              Weights::kUninitialised);
  });
  // Names and shapes first, since they say more than a hash does.
  Match(StateDict(*model.network), file.tensors(), path, Never);
  Naming(path, [&] { CheckHash(file, model.info); });
  CopyByName(StateDict(*model.network), file.tensors(), path, Never);
  model.network->eval();
  return model;
}

void SaveModel(const std::string& path, const ModelInfo& info,
               const Network& network, StorageType storage) {
  CheckSameArchitecture(info.architecture, network.architecture());
  std::vector<NamedTensor> state = StateDict(network);
  for (NamedTensor& item : state) {
    item.second = StoredTensor(item, storage, path);
  }
  // Large elements first: then every tensor is aligned without gaps.
  std::stable_sort(state.begin(), state.end(),
                   [](const NamedTensor& a, const NamedTensor& b) {
                     return a.second.element_size() > b.second.element_size();
                   });
  std::vector<TensorView> views;
  Sha256 hash;
  for (const auto& [name, tensor] : state) {
    views.push_back(ViewOf(name, tensor));
    hash.Update(views.back().data, views.back().bytes);
  }
  ModelInfo written = info;
  written.sha256 = hash.Hex();
  WriteSafetensors(path, ToMetadata(written), views);
}

}  // namespace graphiqa
