// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "pth.h"

#include <algorithm>
#include <cstring>
#include <set>

#include "checkpoint.h"
#include "error.h"
#include "json.h"
#include "mapped_file.h"

namespace graphiqa {
namespace {

constexpr size_t kMaxRank = 32;

/// Broadcast tensors are written out, so a small file could ask for much
/// memory: all tensors together may have this much more than the file.
constexpr size_t kMaxGrowth = 4;
constexpr size_t kFreeBytes = 1024 * 1024;

/// A tensor's place in its storage, in elements.
struct Strides {
  std::vector<int64_t> sizes;
  std::vector<int64_t> strides;
  int64_t offset = 0;
};

[[noreturn]] void Fail(const std::string& what, const std::string& why) {
  throw Error(ErrorCode::kFormat, what + ": " + why);
}

std::vector<int64_t> Integers(const Pickle& pickle, PickleRef tuple) {
  std::vector<int64_t> values;
  for (const PickleRef ref : pickle[tuple].items) {
    values.push_back(pickle[ref].integer);
  }
  return values;
}

/// Refuses whatever would read outside the storage; all sums and products are
/// checked for overflow.
void CheckBounds(const Strides& place, int64_t elements,
                 const std::string& what) {
  if (place.sizes.size() != place.strides.size() ||
      place.sizes.size() > kMaxRank) {
    Fail(what, "sizes and strides do not fit each other");
  }
  if (place.offset < 0 || place.offset > elements) {
    Fail(what, "offset outside its storage");
  }
  int64_t last = place.offset;
  bool empty = false;
  for (size_t i = 0; i < place.sizes.size(); ++i) {
    if (place.sizes[i] < 0 || place.strides[i] < 0) {
      Fail(what, "negative size or stride");
    }
    if (place.sizes[i] == 0) empty = true;
    int64_t span = 0;
    if (place.sizes[i] > 1 &&
        (__builtin_mul_overflow(place.sizes[i] - 1, place.strides[i], &span) ||
         __builtin_add_overflow(last, span, &last))) {
      Fail(what, "sizes or strides overflow");
    }
  }
  if (!empty && last >= elements) {
    Fail(what, "reaches element " + std::to_string(last) + " of a storage of " +
                   std::to_string(elements));
  }
}

bool IsContiguous(const Strides& place) {
  int64_t expected = 1;
  for (size_t i = place.sizes.size(); i-- > 0;) {
    if (place.sizes[i] != 1 && place.strides[i] != expected) return false;
    expected *= place.sizes[i];
  }
  return true;
}

/// Copies elements in row-major order; bounds have been checked.
void Gather(const Strides& place, const uint8_t* storage, size_t element,
            std::vector<uint8_t>* out) {
  if (out->empty()) return;
  const uint8_t* const base =
      storage + static_cast<size_t>(place.offset) * element;
  if (IsContiguous(place)) {
    std::memcpy(out->data(), base, out->size());
    return;
  }
  std::vector<int64_t> index(place.sizes.size(), 0);
  int64_t from = 0;
  for (size_t to = 0; to < out->size(); to += element) {
    std::memcpy(out->data() + to, base + static_cast<size_t>(from) * element,
                element);
    for (size_t i = index.size(); i-- > 0;) {
      from += place.strides[i];
      if (++index[i] < place.sizes[i]) break;
      from -= place.strides[i] * place.sizes[i];
      index[i] = 0;
    }
  }
}

/// The dictionary that holds the tensors: the object itself or one inside.
const PickleValue& FindStateDict(const Pickle& object,
                                 const std::string& what) {
  const PickleValue& root = object.Root();
  if (root.kind != PickleKind::kDict) Fail(what, "no state dict");
  for (size_t i = 1; i < root.items.size(); i += 2) {
    if (object[root.items[i]].kind == PickleKind::kTensor) return root;
  }
  for (const char* key : {"state_dict", "model", "params"}) {
    const PickleValue* inside = object.Find(root, key);
    if (inside != nullptr && inside->kind == PickleKind::kDict) return *inside;
  }
  Fail(what, "no state dict");
}

/// Makes tensors out of a checkpoint while it keeps count of their memory.
class Loader {
 public:
  Loader(const Checkpoint& checkpoint, size_t file_bytes,
         const std::string& what)
      : checkpoint_(checkpoint),
        object_(checkpoint.object),
        budget_(kFreeBytes + kMaxGrowth * file_bytes),
        what_(what) {}

  std::vector<TensorRecord> Load() {
    const PickleValue& state = FindStateDict(object_, what_);
    std::vector<TensorRecord> tensors;
    std::set<std::string_view> names;
    for (size_t i = 0; i < state.items.size(); i += 2) {
      const PickleValue& name = object_[state.items[i]];
      const PickleValue& tensor = object_[state.items[i + 1]];
      if (name.kind != PickleKind::kString) Fail(what_, "a key is no string");
      const std::string where = what_ + ": " + JsonQuote(name.text);
      if (tensor.kind != PickleKind::kTensor) Fail(where, "is no tensor");
      if (!names.insert(name.text).second) Fail(where, "comes twice");
      tensors.push_back(LoadTensor(tensor, where));
      tensors.back().name = std::string(name.text);
    }
    if (tensors.empty()) Fail(what_, "the state dict is empty");
    return tensors;
  }

 private:
  TensorRecord LoadTensor(const PickleValue& tensor, const std::string& where) {
    const PickleValue& storage = object_[tensor.items[0]];
    Strides place{Integers(object_, tensor.items[1]),
                  Integers(object_, tensor.items[2]), tensor.integer};
    CheckBounds(place, storage.integer, where);
    for (size_t i = 0; i < place.sizes.size(); ++i) {
      // Such a stride is never taken, and may be any number.
      if (place.sizes[i] <= 1) place.strides[i] = 0;
    }
    const std::optional<size_t> bytes = ByteCount(storage.dtype, place.sizes);
    if (!bytes) Fail(where, "shape " + ShapeText(place.sizes) + " overflows");
    if (*bytes > budget_) {
      Fail(where, "broadcast to " + ShapeText(place.sizes) +
                      ", out of proportion to the file");
    }
    budget_ -= *bytes;
    TensorRecord record{{}, storage.dtype, place.sizes, {}};
    record.data.resize(*bytes);
    Gather(place, checkpoint_.storages.at(storage.text), SizeOf(storage.dtype),
           &record.data);
    return record;
  }

  const Checkpoint& checkpoint_;
  const Pickle& object_;
  size_t budget_;
  const std::string& what_;
};

Checkpoint ReadCheckpoint(const uint8_t* data, size_t bytes,
                          const std::string& what) {
  if (bytes == 0) Fail(what, "the file is empty");
  if (bytes >= 4 && std::memcmp(data, "PK\3\4", 4) == 0) {
    return ReadZipCheckpoint(data, bytes, what);
  }
  if (IsLegacyCheckpoint(data, bytes)) {
    return ReadLegacyCheckpoint(data, bytes, what);
  }
  Fail(what, "no PyTorch checkpoint");
}

}  // namespace

std::map<std::string_view, const PickleValue*> ListStorages(
    const Pickle& object, const std::string& what) {
  std::map<std::string_view, const PickleValue*> storages;
  for (const PickleValue& value : object.values) {
    if (value.kind != PickleKind::kStorage) continue;
    const auto [at, added] = storages.emplace(value.text, &value);
    if (!added && (at->second->dtype != value.dtype ||
                   at->second->integer != value.integer)) {
      Fail(what,
           "storage " + JsonQuote(value.text) + " is described in two ways");
    }
  }
  return storages;
}

size_t StorageBytes(const PickleValue& storage, const std::string& what) {
  const std::optional<size_t> bytes =
      ByteCount(storage.dtype, {storage.integer});
  if (!bytes) {
    Fail(what, "storage " + JsonQuote(storage.text) + " is too large");
  }
  return *bytes;
}

std::vector<TensorRecord> ParsePth(const uint8_t* data, size_t bytes,
                                   const std::string& what) {
  const Checkpoint checkpoint = ReadCheckpoint(data, bytes, what);
  return Loader(checkpoint, bytes, what).Load();
}

std::vector<TensorRecord> ReadPth(const std::string& path) {
  const MappedFile file(path);
  return ParsePth(file.data(), file.size(), path);
}

void StripModulePrefix(std::vector<TensorRecord>* tensors) {
  static const std::string prefix = "module.";
  const bool all = std::all_of(
      tensors->begin(), tensors->end(), [](const TensorRecord& tensor) {
        return tensor.name.compare(0, prefix.size(), prefix) == 0;
      });
  if (!all) return;
  for (TensorRecord& tensor : *tensors) tensor.name.erase(0, prefix.size());
}

}  // namespace graphiqa
