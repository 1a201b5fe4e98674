// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0

/// @file
/// Checkpoints byte by byte, so that tests and fuzz seeds can be sound in all
/// but one place.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace graphiqa {

/// Writes the opcodes of a pickle of protocol 2; methods can be chained.
class PickleWriter {
 public:
  PickleWriter() : bytes_("\x80\x02") {}

  PickleWriter& Raw(const std::string& bytes);
  PickleWriter& Mark() { return Raw("("); }
  PickleWriter& Text(const std::string& text);
  PickleWriter& Int(int32_t value);
  PickleWriter& Int64(int64_t value);
  PickleWriter& Global(const std::string& module, const std::string& name);
  /// Of numbers, as sizes and strides are.
  PickleWriter& Tuple(const std::vector<int64_t>& values);
  PickleWriter& OrderedDict();
  /// The persistent id of a storage; legacy files have one more item.
  PickleWriter& Storage(const std::string& type, const std::string& key,
                        int64_t elements, bool legacy);
  /// A call of _rebuild_tensor_v2.
  PickleWriter& Tensor(const std::string& type, const std::string& key,
                       int64_t elements, int64_t offset,
                       const std::vector<int64_t>& sizes,
                       const std::vector<int64_t>& strides, bool legacy);
  /// With STOP at the end.
  std::string Stop() const { return bytes_ + "."; }

 private:
  std::string bytes_;
};

/// The low `size` bytes of a number, little-endian.
std::string LittleEndian(uint64_t value, size_t size);

/// Names and contents of a zip archive's entries.
using ZipEntries = std::vector<std::pair<std::string, std::string>>;

/// A zip archive of stored entries with right checksums.
/// @param zip64  sizes and places in zip64 records
std::string MakeZip(const ZipEntries& entries, bool zip64 = false);

/// A zip checkpoint: `object` and its storages "0", "1", ….
std::string MakeZipCheckpoint(const std::string& object,
                              const std::vector<std::string>& storages);

/// A storage of a legacy checkpoint.
struct LegacyStorage {
  std::string key;
  int64_t count = 0;  ///< as the file says
  std::string data;
};

/// A legacy checkpoint: header pickles, `object`, keys, storages.
std::string MakeLegacyCheckpoint(const std::string& object,
                                 const std::vector<LegacyStorage>& storages);

/// A sound object {"weight": float [2,3], "counter": int64 []} on the storages
/// "0" (24 bytes) and "1" (8 bytes).
std::string SmallStateDict(bool legacy);
std::string SmallCheckpoint(bool legacy);

}  // namespace graphiqa
