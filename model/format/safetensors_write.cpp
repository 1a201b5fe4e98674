// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "atomic_file.h"
#include "json.h"
#include "safetensors.h"
#include "sha256.h"

namespace graphiqa {
namespace {

/// The layout order: falling element size, otherwise as given.
std::vector<const TensorView*> LayOut(const std::vector<TensorView>& tensors) {
  std::vector<const TensorView*> order;
  order.reserve(tensors.size());
  for (const TensorView& tensor : tensors) order.push_back(&tensor);
  std::stable_sort(order.begin(), order.end(),
                   [](const TensorView* a, const TensorView* b) {
                     return SizeOf(a->dtype) > SizeOf(b->dtype);
                   });
  return order;
}

void CheckTensors(const std::vector<TensorView>& tensors) {
  std::set<std::string> names;
  for (const TensorView& tensor : tensors) {
    const std::string quoted = "tensor " + JsonQuote(tensor.name);
    if (tensor.name == "__metadata__" || !IsUtf8(tensor.name)) {
      throw Error(ErrorCode::kUsage, quoted + ": not a possible name");
    }
    if (!names.insert(tensor.name).second) {
      throw Error(ErrorCode::kUsage, quoted + " comes twice");
    }
    if (ByteCount(tensor.dtype, tensor.shape) != tensor.bytes) {
      throw Error(ErrorCode::kUsage,
                  quoted + ": " + std::to_string(tensor.bytes) +
                      " bytes do not fit " + NameOf(tensor.dtype) +
                      ShapeText(tensor.shape));
    }
  }
}

Json Entry(const TensorView& tensor, size_t begin) {
  return Json::Object{
      {"dtype", NameOf(tensor.dtype)},
      {"shape", Json::Array(tensor.shape.begin(), tensor.shape.end())},
      {"data_offsets",
       Json::Array{uint64_t{begin}, uint64_t{begin + tensor.bytes}}}};
}

/// The JSON header, padded so that the data starts at a multiple of 8.
std::string Header(const std::map<std::string, std::string>& metadata,
                   const std::vector<const TensorView*>& order) {
  Json::Object header;
  if (!metadata.empty()) {
    Json::Object strings;
    for (const auto& [key, value] : metadata) {
      if (!IsUtf8(key) || !IsUtf8(value)) {
        throw Error(ErrorCode::kUsage,
                    "metadata " + JsonQuote(key) + " is not UTF-8");
      }
      strings.emplace_back(key, value);
    }
    header.emplace_back("__metadata__", std::move(strings));
  }
  size_t offset = 0;
  for (const TensorView* tensor : order) {
    header.emplace_back(tensor->name, Entry(*tensor, offset));
    offset += tensor->bytes;
  }
  std::string text = Json(std::move(header)).Dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  return text;
}

}  // namespace

std::string HashTensors(const std::vector<TensorView>& tensors) {
  Sha256 hash;
  for (const TensorView* tensor : LayOut(tensors)) {
    hash.Update(tensor->data, tensor->bytes);
  }
  return hash.Hex();
}

void WriteSafetensors(const std::string& path,
                      const std::map<std::string, std::string>& metadata,
                      const std::vector<TensorView>& tensors) {
  CheckTensors(tensors);
  const std::vector<const TensorView*> order = LayOut(tensors);
  const std::string header = Header(metadata, order);
  uint8_t length[8];
  for (size_t i = 0; i < 8; ++i) {
    length[i] = static_cast<uint8_t>(uint64_t{header.size()} >> (8 * i));
  }
  AtomicFile file(path);
  file.Write(length, sizeof length);
  file.Write(header.data(), header.size());
  for (const TensorView* tensor : order) {
    file.Write(tensor->data, tensor->bytes);
  }
  file.Commit();
}

}  // namespace graphiqa
