// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Writes the seeds under tests/fuzz/corpus: `make_corpus FOLDER`.

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "checkpoint_maker.h"
#include "format/json.h"
#include "format/model_info.h"
#include "format/safetensors.h"

namespace graphiqa {
namespace {

namespace fs = std::filesystem;

void WriteSeed(const fs::path& folder, const std::string& name,
               const std::string& bytes) {
  fs::create_directories(folder);
  std::ofstream file(folder / name, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) throw Error(ErrorCode::kFile, name + ": cannot write");
}

void WriteJsonSeeds(const fs::path& folder) {
  WriteSeed(folder, "values", R"([null,true,false,0,-1,1.5e-3,"",[],{}])");
  WriteSeed(folder, "strings", R"({"a":"\"\\\/\b\f\n\r\tü\ud83d\ude00é😀"})");
  WriteSeed(
      folder, "limits",
      R"([9223372036854775807,-9223372036854775808,1.7976931348623157e308,)"
      R"(5e-324])");
  WriteSeed(folder, "deep", std::string(64, '[') + std::string(64, ']'));
  WriteSeed(folder, "too_deep", std::string(70, '['));
  WriteSeed(folder, "twice", R"({"a":1,"a":2})");
  WriteSeed(folder, "half_pair", R"("\ud83d")");
  WriteSeed(folder, "overlong", "\"\xc0\x80\"");
}

void WriteModelSeeds(const fs::path& folder) {
  fs::create_directories(folder);
  const std::vector<uint8_t> bytes(24, 0x3c);
  const std::vector<TensorView> tensors = {
      {"weight", DType::kF16, {2, 3}, bytes.data(), 12},
      {"bias", DType::kF32, {2}, bytes.data(), 8},
      {"counter", DType::kI64, {}, bytes.data(), 8},
      {"empty", DType::kBF16, {0, 7}, nullptr, 0}};
  ModelInfo info;
  info.name = "seed";
  info.architecture.types = {"blur", "noise"};
  info.input.views.whole = {{1.5, 3}};
  info.training = R"({"seed":1})";
  info.sha256 = HashTensors(tensors);
  WriteSafetensors(folder / "model", ToMetadata(info), tensors);
  std::map<std::string, std::string> unhashed = ToMetadata(info);
  unhashed.erase("metadata_sha256");
  WriteSafetensors(folder / "no_metadata_hash", unhashed, tensors);
  WriteSafetensors(folder / "no_metadata", {}, tensors);
  WriteSafetensors(folder / "foreign", {{"format", "pt"}}, tensors);
  WriteSafetensors(folder / "no_tensors", ToMetadata(info), {});
  WriteSeed(folder, "long_header", LittleEndian(1ULL << 60, 8) + "{}");
  const std::string overlap =
      R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
      R"("b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})";
  WriteSeed(folder, "overlap",
            LittleEndian(overlap.size(), 8) + overlap + "123");
}

/// As trainers save: {"epoch": 3, "lr": 0.5, "model": {…}} with memo, BUILD
/// and a parameter.
std::string WrappedObject() {
  PickleWriter pickle;
  pickle.Raw("}q").Raw(std::string(1, '\0')).Mark().Text("epoch").Int(3);
  pickle.Text("lr").Raw("G?").Raw(std::string("\xe0\0\0\0\0\0\0", 7));
  pickle.Text("model").OrderedDict().Raw("q\x01").Text("module.weight");
  pickle.Global("torch._utils", "_rebuild_parameter").Mark();
  pickle.Tensor("HalfStorage", "0", 6, 1, {2, 2}, {1, 2}, false);
  pickle.Raw("\x88").OrderedDict().Raw("tRs}").Text("_metadata");
  pickle.OrderedDict().Raw("sbu");
  return pickle.Stop();
}

void WritePthSeeds(const fs::path& folder) {
  WriteSeed(folder, "zip", SmallCheckpoint(false));
  WriteSeed(folder, "legacy", SmallCheckpoint(true));
  WriteSeed(folder, "wrapped",
            MakeZipCheckpoint(WrappedObject(), {std::string(12, '<')}));
  WriteSeed(folder, "zip64",
            MakeZip({{"a/data.pkl", SmallStateDict(false)},
                     {"a/data/0", std::string(24, '<')},
                     {"a/data/1", std::string(8, '\0')}},
                    true));
  PickleWriter broadcast;
  broadcast.OrderedDict().Text("weight").Tensor(
      "ByteStorage", "0", 1, 0, {1 << 20, 1 << 20}, {0, 0}, true);
  WriteSeed(folder, "broadcast",
            MakeLegacyCheckpoint(broadcast.Raw("s").Stop(), {{"0", 1, "x"}}));
}

}  // namespace
}  // namespace graphiqa

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_corpus FOLDER\n");
    return 2;
  }
  try {
    const std::filesystem::path folder = argv[1];
    graphiqa::WriteJsonSeeds(folder / "json");
    graphiqa::WriteModelSeeds(folder / "model_file");
    graphiqa::WritePthSeeds(folder / "pth");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "make_corpus: %s\n", error.what());
    return 1;
  }
  return 0;
}
