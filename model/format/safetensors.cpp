// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "safetensors.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "json.h"
#include "mapped_file.h"
#include "sha256.h"

namespace graphiqa {
namespace {

constexpr uint64_t kMaxHeaderBytes = 100'000'000;
constexpr size_t kMaxRank = 32;
constexpr char kMetadata[] = "__metadata__";

[[noreturn]] void Fail(const std::string& what, const std::string& why) {
  throw Error(ErrorCode::kFormat, what + ": " + why);
}

uint64_t LittleEndian64(const uint8_t* p) {
  uint64_t value = 0;
  for (size_t i = 8; i-- > 0;) value = (value << 8) | p[i];
  return value;
}

std::vector<int64_t> ReadShape(const Json& entry, const std::string& what) {
  std::vector<int64_t> shape;
  for (const Json& size : entry.GetArray("shape")) {
    shape.push_back(size.AsInt("shape"));
    if (shape.back() < 0) Fail(what, "negative size in the shape");
  }
  if (shape.size() > kMaxRank) {
    Fail(what, "more than " + std::to_string(kMaxRank) + " dimensions");
  }
  return shape;
}

/// One entry of the header; `what` names file and tensor in errors.
TensorView ReadEntry(const std::string& name, const Json& entry,
                     const uint8_t* data, size_t data_bytes,
                     const std::string& what) {
  entry.RequireKeys({"dtype", "shape", "data_offsets"}, "entry");
  const std::string& type = entry.GetString("dtype");
  const std::optional<DType> dtype = FindDType(type);
  if (!dtype) Fail(what, "unknown element type " + JsonQuote(type));
  const std::vector<int64_t> shape = ReadShape(entry, what);
  const std::optional<size_t> bytes = ByteCount(*dtype, shape);
  if (!bytes) Fail(what, "shape " + ShapeText(shape) + " overflows");
  const Json::Array& offsets = entry.GetArray("data_offsets");
  if (offsets.size() != 2) Fail(what, "data_offsets needs two numbers");
  const int64_t begin = offsets[0].AsInt("data_offsets");
  const int64_t end = offsets[1].AsInt("data_offsets");
  if (begin < 0 || end < begin || static_cast<uint64_t>(end) > data_bytes) {
    Fail(what, "data_offsets " + std::to_string(begin) + " to " +
                   std::to_string(end) + " outside the " +
                   std::to_string(data_bytes) + " bytes of data");
  }
  if (static_cast<size_t>(end - begin) != *bytes) {
    Fail(what, "holds " + std::to_string(end - begin) + " bytes, but " + type +
                   ShapeText(shape) + " needs " + std::to_string(*bytes));
  }
  return {name, *dtype, shape, data + begin, *bytes};
}

std::map<std::string, std::string> ReadMetadata(const Json& json) {
  std::map<std::string, std::string> metadata;
  for (const auto& [key, value] : json.AsObject(kMetadata)) {
    metadata[key] = value.AsString(std::string(kMetadata) + "." + key);
  }
  return metadata;
}

/// Refuses gaps, overlaps and bytes that belong to no tensor.
void CheckLayout(const std::vector<TensorView>& tensors, const uint8_t* data,
                 size_t data_bytes, const std::string& what) {
  const uint8_t* expected = data;
  for (const TensorView& tensor : tensors) {
    if (tensor.data != expected) {
      Fail(what, "tensor " + JsonQuote(tensor.name) +
                     (tensor.data < expected ? " overlaps another"
                                             : " leaves a gap before it"));
    }
    expected += tensor.bytes;
  }
  const size_t surplus = data_bytes - static_cast<size_t>(expected - data);
  if (surplus > 0) {
    Fail(what,
         std::to_string(surplus) + " surplus bytes after the last tensor");
  }
}

}  // namespace

struct SafetensorsFile::Impl {
  std::unique_ptr<MappedFile> file;  // null when the bytes are the caller's
  std::map<std::string, std::string> metadata;
  std::vector<TensorView> tensors;
  std::unordered_map<std::string, size_t> index;
  TensorView data;

  void ReadHeader(const uint8_t* bytes, size_t size, const std::string& what);
  void ReadEntries(const Json& header, const std::string& what);
};

void SafetensorsFile::Impl::ReadHeader(const uint8_t* bytes, size_t size,
                                       const std::string& what) {
  if (size < 8) {
    Fail(what, "too short for a safetensors file: " + std::to_string(size) +
                   " bytes");
  }
  const uint64_t length = LittleEndian64(bytes);
  if (length > kMaxHeaderBytes || length > size - 8) {
    Fail(what, "no safetensors file, or truncated: the header's length is " +
                   std::to_string(length) + " and the file's " +
                   std::to_string(size));
  }
  const std::string_view text(reinterpret_cast<const char*>(bytes + 8),
                              static_cast<size_t>(length));
  if (text.empty() || text.front() != '{') {
    Fail(what, "no safetensors file: the header does not start with '{'");
  }
  data.data = bytes + 8 + length;
  data.bytes = size - 8 - static_cast<size_t>(length);
  data.dtype = DType::kU8;
  data.shape = {static_cast<int64_t>(data.bytes)};
  JsonLimits limits;
  limits.depth = 4;
  ReadEntries(Json::Parse(text, what + ": header", limits), what);
  CheckLayout(tensors, data.data, data.bytes, what);
}

void SafetensorsFile::Impl::ReadEntries(const Json& header,
                                        const std::string& what) {
  for (const auto& [name, entry] : header.AsObject("header")) {
    const std::string where = what + ": tensor " + JsonQuote(name);
    try {
      if (name == kMetadata) {
        metadata = ReadMetadata(entry);
      } else {
        tensors.push_back(ReadEntry(name, entry, data.data, data.bytes, where));
      }
    } catch (const Error& error) {
      // Errors of the JSON getters name the key only.
      const std::string text = error.what();
      if (text.compare(0, what.size(), what) == 0) throw;
      Fail(name == kMetadata ? what : where, text);
    }
  }
  std::sort(tensors.begin(), tensors.end(),
            [](const TensorView& a, const TensorView& b) {
              return std::pair(a.data, a.bytes) < std::pair(b.data, b.bytes);
            });
  for (size_t i = 0; i < tensors.size(); ++i) index[tensors[i].name] = i;
}

SafetensorsFile SafetensorsFile::Open(const std::string& path) {
  auto impl = std::make_unique<Impl>();
  impl->file = std::make_unique<MappedFile>(path);
  impl->ReadHeader(impl->file->data(), impl->file->size(), path);
  return SafetensorsFile(std::move(impl));
}

SafetensorsFile SafetensorsFile::Parse(const uint8_t* data, size_t bytes,
                                       const std::string& what) {
  auto impl = std::make_unique<Impl>();
  impl->ReadHeader(data, bytes, what);
  return SafetensorsFile(std::move(impl));
}

SafetensorsFile::SafetensorsFile(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl)) {}
SafetensorsFile::SafetensorsFile(SafetensorsFile&&) noexcept = default;
SafetensorsFile& SafetensorsFile::operator=(SafetensorsFile&&) noexcept =
    default;
SafetensorsFile::~SafetensorsFile() = default;

const std::map<std::string, std::string>& SafetensorsFile::metadata() const {
  return impl_->metadata;
}

const std::vector<TensorView>& SafetensorsFile::tensors() const {
  return impl_->tensors;
}

const TensorView* SafetensorsFile::Find(const std::string& name) const {
  const auto found = impl_->index.find(name);
  return found == impl_->index.end() ? nullptr : &impl_->tensors[found->second];
}

TensorView SafetensorsFile::data() const { return impl_->data; }

}  // namespace graphiqa
