// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "tensor_file.h"

#include <fstream>

#include "format/pth.h"

namespace graphiqa {
namespace {

/// Zip archives and pickles start unlike any safetensors header: a length
/// with these bytes would be beyond the limit, or the file far too short.
bool LooksLikeCheckpoint(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  char start[2] = {};
  file.read(start, sizeof start);
  const std::string bytes(start, sizeof start);
  const bool by_name =
      path.size() > 4 && path.compare(path.size() - 4, 4, ".pth") == 0;
  return by_name || bytes == "PK" || bytes == "\x80\x02";
}

/// Takes `module.` off every name when every name has it.
void StripPrefix(std::vector<TensorView>* tensors) {
  static const std::string prefix = "module.";
  for (const TensorView& tensor : *tensors) {
    if (tensor.name.compare(0, prefix.size(), prefix) != 0) return;
  }
  for (TensorView& tensor : *tensors) tensor.name.erase(0, prefix.size());
}

}  // namespace

TensorFile OpenTensorFile(const std::string& path) {
  TensorFile file;
  file.path = path;
  if (LooksLikeCheckpoint(path)) {
    file.kind = "checkpoint";
    file.records = std::make_shared<std::vector<TensorRecord>>(ReadPth(path));
    for (const TensorRecord& record : *file.records) {
      file.tensors.push_back(record.View());
    }
    StripPrefix(&file.tensors);
    return file;
  }
  file.mapped = std::make_shared<SafetensorsFile>(SafetensorsFile::Open(path));
  file.tensors = file.mapped->tensors();
  file.kind = "state dict";
  const auto& metadata = file.mapped->metadata();
  const auto format = metadata.find("format");
  if (format == metadata.end() || format->second != "graphiqa-model") {
    StripPrefix(&file.tensors);
    return file;
  }
  file.kind = "model file";
  try {
    file.info = FromMetadata(metadata);
  } catch (const Error& error) {
    throw Error(error.code(), path + ": " + error.what());
  }
  return file;
}

uint64_t CountValues(const std::vector<TensorView>& tensors) {
  uint64_t values = 0;
  for (const TensorView& tensor : tensors) {
    values += tensor.bytes / SizeOf(tensor.dtype);
  }
  return values;
}

const std::vector<std::string>& RequireFiles(const Arguments& arguments,
                                             size_t count) {
  const std::vector<std::string>& files = arguments.positional();
  if (files.size() != count) {
    throw Error(ErrorCode::kUsage, "needs " + std::to_string(count) +
                                       (count == 1 ? " file" : " files") +
                                       ", " + std::to_string(files.size()) +
                                       " given");
  }
  return files;
}

std::string RequireOutput(const Arguments& arguments) {
  const std::string output = arguments.Get("--output");
  if (output.empty()) throw Error(ErrorCode::kUsage, "--output is missing");
  return output;
}

std::vector<std::string> SplitList(const std::string& option,
                                   const std::string& text) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin <= text.size() && !text.empty();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    if (parts.back().empty()) {
      throw Error(ErrorCode::kUsage, option + ": an empty name in the list");
    }
    begin = end + 1;
  }
  return parts;
}

std::string Stem(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  const size_t dot = name.rfind('.');
  return dot == 0 ? name : name.substr(0, dot);
}

}  // namespace graphiqa
