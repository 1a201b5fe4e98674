// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "checkpoint.h"
#include "error.h"
#include "json.h"
#include "zip_reader.h"

namespace graphiqa {
namespace {

/// The folder inside the archive, with its slash: that of the one data.pkl.
std::string FindFolder(const std::map<std::string, ZipEntry>& entries,
                       const std::string& what) {
  static const std::string pickle = "/data.pkl";
  std::string folder;
  for (const auto& [name, entry] : entries) {
    if (name.size() <= pickle.size() ||
        name.compare(name.size() - pickle.size(), pickle.size(), pickle) != 0) {
      continue;
    }
    if (!folder.empty()) {
      throw Error(ErrorCode::kFormat, what + ": two data.pkl in the archive");
    }
    folder = name.substr(0, name.size() - pickle.size() + 1);
  }
  if (folder.empty()) {
    throw Error(ErrorCode::kFormat,
                what + ": no PyTorch checkpoint: no data.pkl in the archive");
  }
  return folder;
}

void RequireLittleEndian(const std::map<std::string, ZipEntry>& entries,
                         const std::string& folder, const std::string& what) {
  const auto order = entries.find(folder + "byteorder");
  if (order == entries.end()) return;  // files before PyTorch 2.1 have none
  const std::string_view text(reinterpret_cast<const char*>(order->second.data),
                              order->second.bytes);
  if (text != "little") {
    throw Error(ErrorCode::kFormat, what + ": byte order is not little-endian");
  }
}

}  // namespace

Checkpoint ReadZipCheckpoint(const uint8_t* data, size_t bytes,
                             const std::string& what) {
  const std::map<std::string, ZipEntry> entries = ReadZip(data, bytes, what);
  const std::string folder = FindFolder(entries, what);
  RequireLittleEndian(entries, folder, what);
  const ZipEntry& pickle = entries.at(folder + "data.pkl");
  Checkpoint checkpoint;
  checkpoint.object = ReadPickle(pickle.data, pickle.bytes, what);
  if (checkpoint.object.bytes != pickle.bytes) {
    throw Error(ErrorCode::kFormat, what + ": surplus bytes after the pickle");
  }
  for (const auto& [key, storage] : ListStorages(checkpoint.object, what)) {
    const std::string name = "data/" + std::string(key);
    const auto entry = entries.find(folder + name);
    if (entry == entries.end()) {
      throw Error(ErrorCode::kFormat, what + ": no storage " + JsonQuote(name));
    }
    const size_t wanted = StorageBytes(*storage, what);
    if (entry->second.bytes != wanted) {
      throw Error(ErrorCode::kFormat,
                  what + ": storage " + JsonQuote(name) + " has " +
                      std::to_string(entry->second.bytes) +
                      " bytes, the pickle says " + std::to_string(wanted));
    }
    checkpoint.storages[key] = entry->second.data;
  }
  return checkpoint;
}

}  // namespace graphiqa
