// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "pickle.h"

namespace graphiqa {

/// A checkpoint taken apart: the object that was saved, and the raw bytes of
/// every storage that it names, checked to have the right size.
struct Checkpoint {
  Pickle object;
  std::map<std::string_view, const uint8_t*> storages;
};

/// Storages that the object names, by key, each with its type and size.
/// @throws Error(kFormat) when two mentions of a key disagree or a size
///   overflows
std::map<std::string_view, const PickleValue*> ListStorages(
    const Pickle& object, const std::string& what);

/// Bytes of a storage. @throws Error(kFormat) when they overflow
size_t StorageBytes(const PickleValue& storage, const std::string& what);

/// PyTorch before 1.6, or `_use_new_zipfile_serialization=False`.
Checkpoint ReadLegacyCheckpoint(const uint8_t* data, size_t bytes,
                                const std::string& what);

/// PyTorch 1.6 and later: a zip archive.
Checkpoint ReadZipCheckpoint(const uint8_t* data, size_t bytes,
                             const std::string& what);

/// Whether the bytes start as a legacy checkpoint does.
bool IsLegacyCheckpoint(const uint8_t* data, size_t bytes);

}  // namespace graphiqa
