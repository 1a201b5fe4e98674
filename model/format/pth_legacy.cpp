// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "checkpoint.h"
#include "error.h"
#include "json.h"

namespace graphiqa {
namespace {

/// The first pickle: the number 0x1950a86a20f9469cfc6c.
constexpr uint8_t kMagic[] = {0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46,
                              0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, '.'};
constexpr int64_t kProtocol = 1001;

/// Reads pickles and storages one after the other.
class LegacyReader {
 public:
  LegacyReader(const uint8_t* data, size_t bytes, const std::string& what)
      : data_(data), bytes_(bytes), what_(what) {}

  Checkpoint Read();

 private:
  [[noreturn]] void Fail(const std::string& why) const {
    throw Error(ErrorCode::kFormat, what_ + ": " + why);
  }

  Pickle Next() {
    Pickle pickle = ReadPickle(data_ + at_, bytes_ - at_, what_);
    at_ += pickle.bytes;
    return pickle;
  }

  void CheckSystem();
  const uint8_t* NextStorage(const PickleValue& storage);

  const uint8_t* data_;
  size_t bytes_;
  const std::string& what_;
  size_t at_ = 0;
};

void LegacyReader::CheckSystem() {
  at_ = sizeof kMagic;
  const Pickle protocol = Next();
  if (protocol.Root().kind != PickleKind::kInt ||
      protocol.Root().integer != kProtocol) {
    Fail("unknown protocol of a legacy checkpoint");
  }
  const Pickle system = Next();
  const PickleValue* little = system.Root().kind == PickleKind::kDict
                                  ? system.Find(system.Root(), "little_endian")
                                  : nullptr;
  if (little == nullptr || little->kind != PickleKind::kBool ||
      little->integer != 1) {
    Fail("byte order is not little-endian");
  }
}

/// An int64 count of elements, then the elements.
const uint8_t* LegacyReader::NextStorage(const PickleValue& storage) {
  const std::string name = "storage " + JsonQuote(storage.text);
  if (bytes_ - at_ < 8) Fail("truncated before the count of " + name);
  uint64_t count = 0;
  for (size_t i = 8; i-- > 0;) count = (count << 8) | data_[at_ + i];
  at_ += 8;
  if (count != static_cast<uint64_t>(storage.integer)) {
    Fail(name + " says " + std::to_string(static_cast<int64_t>(count)) +
         " elements, the pickle " + std::to_string(storage.integer));
  }
  const size_t wanted = StorageBytes(storage, what_);
  if (wanted > bytes_ - at_) {
    Fail(name + " is truncated: " + std::to_string(bytes_ - at_) + " of " +
         std::to_string(wanted) + " bytes");
  }
  const uint8_t* const begin = data_ + at_;
  at_ += wanted;
  return begin;
}

Checkpoint LegacyReader::Read() {
  CheckSystem();
  Checkpoint checkpoint;
  checkpoint.object = Next();
  const Pickle keys = Next();
  const auto storages = ListStorages(checkpoint.object, what_);
  if (keys.Root().kind != PickleKind::kList) Fail("no list of storages");
  for (const PickleRef ref : keys.Root().items) {
    const auto found = storages.find(keys[ref].text);
    if (keys[ref].kind != PickleKind::kString || found == storages.end()) {
      Fail("a storage that no tensor uses");
    }
    const uint8_t* const begin = NextStorage(*found->second);
    if (!checkpoint.storages.emplace(found->first, begin).second) {
      Fail("storage " + JsonQuote(found->first) + " comes twice");
    }
  }
  if (checkpoint.storages.size() != storages.size()) {
    Fail("a tensor's storage is not in the file");
  }
  if (at_ != bytes_) {
    Fail(std::to_string(bytes_ - at_) + " surplus bytes at the end");
  }
  return checkpoint;
}

}  // namespace

bool IsLegacyCheckpoint(const uint8_t* data, size_t bytes) {
  return bytes >= sizeof kMagic &&
         std::memcmp(data, kMagic, sizeof kMagic) == 0;
}

Checkpoint ReadLegacyCheckpoint(const uint8_t* data, size_t bytes,
                                const std::string& what) {
  return LegacyReader(data, bytes, what).Read();
}

}  // namespace graphiqa
