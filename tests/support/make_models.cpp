// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// make_models FOLDER: writes the models that tests load. Good ones:
///
///   tiny             MOS head trained; 64-pixel views, two native, one whole
///   tiny_all_heads   level and type heads trained as well
///
/// Bad ones, each named for what is wrong; all else about them is right, the
/// hash included:
///
///   empty            no bytes
///   truncated        the last 1,000 bytes are missing
///   corrupt_magic    the header's length and first byte are overwritten
///   huge_header      the header claims 2^60 bytes
///   foreign          a safetensors file that is no graphiqa model
///   future_version   format_version 999
///   missing_tensor   without classifier.bias
///   surplus_tensor   with a tensor "surplus"
///   wrong_shape      classifier.bias has one element less
///   wrong_sizes      the metadata states another node size than the tensors
///   nan_weights      a NaN in classifier.weight
///   negative_variance  a running variance of -1
///   wrong_hash       one bit of a tensor flipped
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "format/model_info.h"
#include "format/safetensors.h"
#include "format/sha256.h"
#include "tiny_model.h"

namespace graphiqa {
namespace {

constexpr const char* kBias = "classifier.bias";
constexpr const char* kWeight = "classifier.weight";
constexpr const char* kVariance =
    "extractor.feature_extractor.stem.bn.running_var";

/// A model file taken apart, to be changed and written again.
struct Parts {
  std::map<std::string, std::string> metadata;
  std::vector<TensorRecord> tensors;

  TensorRecord& Find(const std::string& name) {
    for (TensorRecord& tensor : tensors) {
      if (tensor.name == name) return tensor;
    }
    throw Error(ErrorCode::kUsage, "no tensor " + name);
  }
};

Parts Read(const std::string& path) {
  const SafetensorsFile file = SafetensorsFile::Open(path);
  Parts parts;
  parts.metadata = file.metadata();
  for (const TensorView& view : file.tensors()) {
    parts.tensors.push_back({view.name,
                             view.dtype,
                             view.shape,
                             {view.data, view.data + view.bytes}});
  }
  return parts;
}

/// Writes with hashes that are right for what was changed.
void Write(const std::string& path, Parts parts) {
  std::vector<TensorView> views;
  Sha256 hash;
  for (const TensorRecord& tensor : parts.tensors) {
    views.push_back({tensor.name, tensor.dtype, tensor.shape,
                     tensor.data.data(), tensor.data.size()});
    hash.Update(tensor.data.data(), tensor.data.size());
  }
  if (parts.metadata.count("sha256") != 0) {
    parts.metadata["sha256"] = hash.Hex();
    parts.metadata["metadata_sha256"] = HashMetadata(parts.metadata);
  }
  WriteSafetensors(path, parts.metadata, views);
}

std::string ReadBytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void WriteBytes(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out) throw Error(ErrorCode::kFile, "cannot write " + path);
}

/// `from` in the text of a metadata value becomes `to`.
void Replace(std::string* text, const std::string& from,
             const std::string& to) {
  const size_t at = text->find(from);
  if (at == std::string::npos) {
    throw Error(ErrorCode::kUsage, "no '" + from + "' in '" + *text + "'");
  }
  text->replace(at, from.size(), to);
}

void RemoveTensor(Parts& parts) {
  for (size_t i = 0; i < parts.tensors.size(); ++i) {
    if (parts.tensors[i].name != kBias) continue;
    parts.tensors.erase(parts.tensors.begin() + static_cast<ptrdiff_t>(i));
    return;
  }
}

void ShortenTensor(Parts& parts) {
  TensorRecord& bias = parts.Find(kBias);
  bias.shape[0] -= 1;
  bias.data.resize(bias.data.size() - SizeOf(bias.dtype));
}

void PutNan(Parts& parts) {
  // All bits set is a NaN in every floating-point type.
  TensorRecord& weight = parts.Find(kWeight);
  std::memset(weight.data.data(), 0xff, SizeOf(weight.dtype));
}

void PutNegativeVariance(Parts& parts) {
  const float value = -1;
  std::memcpy(parts.Find(kVariance).data.data(), &value, sizeof value);
}

void MakeDamagedTensors(const std::string& folder, const Parts& good) {
  const std::vector<std::pair<const char*, std::function<void(Parts&)>>>
      changes = {
          {"missing_tensor", RemoveTensor},
          {"surplus_tensor",
           [](Parts& parts) {
             parts.tensors.push_back(
                 {"surplus", DType::kF16, {2}, {0, 0, 0, 0}});
           }},
          {"wrong_shape", ShortenTensor},
          {"nan_weights", PutNan},
          {"negative_variance", PutNegativeVariance},
          {"wrong_sizes",
           [](Parts& parts) {
             Replace(&parts.metadata.at("architecture"), "\"node_size\":32",
                     "\"node_size\":48");
           }},
          {"future_version",
           [](Parts& parts) { parts.metadata["format_version"] = "999"; }},
          {"foreign", [](Parts& parts) { parts.metadata.clear(); }}};
  for (const auto& [name, change] : changes) {
    Parts parts = good;
    change(parts);
    Write(folder + "/" + name + ".safetensors", parts);
  }
}

void MakeDamagedBytes(const std::string& folder, const std::string& good) {
  const auto path = [&folder](const char* name) {
    return folder + "/" + name + ".safetensors";
  };
  WriteBytes(path("empty"), "");
  WriteBytes(path("truncated"), good.substr(0, good.size() - 1000));
  WriteBytes(path("corrupt_magic"), "not-model" + good.substr(9));
  WriteBytes(path("huge_header"),
             std::string("\0\0\0\0\0\0\0\x10", 8) + good.substr(8));
  std::string flipped = good;
  // Well inside the tensors: half-precision weights come last.
  flipped[flipped.size() - 1001] =
      static_cast<char>(flipped[flipped.size() - 1001] ^ 1);
  WriteBytes(path("wrong_hash"), flipped);
}

void MakeAll(const std::string& folder) {
  TinyModelOptions options;
  const std::string tiny = folder + "/tiny.safetensors";
  MakeTinyModel(tiny, options);
  MakeDamagedTensors(folder, Read(tiny));
  MakeDamagedBytes(folder, ReadBytes(tiny));
  options.name = "tiny_all_heads";
  options.level_trained = true;
  options.type_trained = true;
  MakeTinyModel(folder + "/tiny_all_heads.safetensors", options);
}

}  // namespace
}  // namespace graphiqa

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_models FOLDER\n");
    return 2;
  }
  try {
    graphiqa::MakeAll(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "make_models: %s\n", error.what());
    return 1;
  }
  return 0;
}
