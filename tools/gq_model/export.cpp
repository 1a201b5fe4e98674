// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "command.h"
#include "tensor_file.h"
#include "values.h"

namespace graphiqa {
namespace {

ProgramSpec Spec() {
  ProgramSpec spec;
  spec.name = "gq-model export";
  spec.synopsis = "[OPTION]… FILE -o FILE";
  spec.about =
      "Writes the tensors of a model file (or checkpoint) as a plain "
      "safetensors state dict under the reference's names, without graphiqa's "
      "metadata. A model file's hash is checked first.";
  spec.options = {
      {"--output", "FILE", "Where to write it. Required.", "-o"},
      {"--storage", "TYPE",
       "stored: element types as they are; fp32: every float as fp32 (default "
       "stored).",
       ""},
  };
  return spec;
}

void CheckHash(const TensorFile& file) {
  if (!file.info) return;
  const std::string found = HashTensors(file.tensors);
  if (found != file.info->sha256) {
    throw Error(ErrorCode::kFormat, file.path + ": the tensors' SHA-256 is " +
                                        found + ", the metadata says " +
                                        file.info->sha256);
  }
}

/// Floats of any width as 32-bit floats; integers stay as they are.
std::vector<TensorRecord> Widen(const std::vector<TensorView>& tensors) {
  std::vector<TensorRecord> records;
  for (const TensorView& tensor : tensors) {
    records.push_back(IsFloat(tensor.dtype) ? ToFloat32(tensor) : Copy(tensor));
  }
  return records;
}

int Export(const Arguments& arguments) {
  const std::string& path = RequireFiles(arguments, 1)[0];
  const std::string output = RequireOutput(arguments);
  const std::string storage =
      arguments.GetChoice("--storage", "stored", {"stored", "fp32"});
  TensorFile file = OpenTensorFile(path);
  CheckHash(file);
  std::vector<TensorRecord> records;
  if (storage == "fp32") {
    records = Widen(file.tensors);
    file.tensors.clear();
    for (const TensorRecord& record : records) {
      file.tensors.push_back(record.View());
    }
  }
  // The metadata by which other programs know PyTorch's names.
  WriteSafetensors(output, {{"format", "pt"}}, file.tensors);
  std::printf("%s: written, %zu tensors\n", output.c_str(),
              file.tensors.size());
  return kExitOk;
}

}  // namespace

int RunExport(const std::vector<std::string>& arguments) {
  return RunProgram(Spec(), arguments, Export);
}

}  // namespace graphiqa
